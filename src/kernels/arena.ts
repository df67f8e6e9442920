/**
 * A value of a program: bytes that are in use from the first step that names them to the last. Where it lies is worked out once
 * all steps are known.
 */
export class Value {
	readonly bytes: number;
	/** Scratch of one step, whose size no batch changes. */
	readonly scratch: boolean;
	/** Of the steps that name it. */
	first = Number.POSITIVE_INFINITY;
	last = -1;
	/** A value whose place it may take over, where that one's last step is this one's first. */
	replaces: Value | undefined;

	constructor(bytes: number, scratch = false) {
		this.bytes = bytes;
		this.scratch = scratch;
	}

	/** A step names it. */
	use(step: number): void {
		this.first = Math.min(this.first, step);
		this.last = Math.max(this.last, step);
	}
}

/** Where values lie in an arena, bytes from its start, and how large that is. */
export interface Places {
	readonly offsets: ReadonlyMap<Value, number>;
	readonly bytes: number;
}

const LINE = 64;

/**
 * Lays values out so that no two that are in use at the same step overlap: each, in the order in which they come up, at the
 * lowest place that is free for its time.
 */
export function layOut(values: readonly Value[]): Places {
	const offsets = new Map<Value, number>();
	let live: { readonly value: Value; readonly from: number; readonly to: number }[] = [];
	/** Those whose place another has taken over: they stay live to their last step, for all others. */
	const takenOver = new Set<Value>();
	let bytes = 0;
	const inOrder = values.filter(({ last }) => last >= 0).sort((a, b) => a.first - b.first);
	for (const value of inOrder) {
		const size = (value.bytes + LINE - 1) & -LINE;
		live = live.filter((other) => other.value.last >= value.first);
		const given = live.find((other) => other.value === value.replaces && !takenOver.has(other.value));
		const takesOver = given && given.value.last === value.first && given.to - given.from >= size;
		const from = takesOver ? given.from : lowestFree(live, size);
		if (takesOver) takenOver.add(given.value);
		offsets.set(value, from);
		live.push({ value, from, to: from + size });
		live.sort((a, b) => a.from - b.from);
		bytes = Math.max(bytes, from + size);
	}
	return { offsets, bytes };
}

function lowestFree(live: readonly { readonly from: number; readonly to: number }[], size: number): number {
	let from = 0;
	for (const other of live) {
		if (other.from - from >= size) break;
		from = Math.max(from, other.to);
	}
	return from;
}
