import { layOut, Value } from "../../kernels/arena.js";
import type { Allocation, KernelContext } from "../../kernels/backend.js";
import type { Lowered, Part } from "./lower.js";
import { type Place, Program } from "./program.js";
import type { Plan, Segment } from "./segments.js";

export interface SegmentedOptions {
	readonly context: KernelContext;
	readonly plan: Plan;
	/** The whole graph for one sample. */
	readonly one: Lowered;
	/** Of all samples: the last batch may have fewer than the others. */
	readonly samples: number;
	readonly lower: (part: Part, samples: number) => Lowered;
	/** Where the graph's inputs lie, by name. */
	readonly inputs: ReadonlyMap<string, Place>;
}

/** The programs of a graph's segments, on one arena. */
export class SegmentedProgram {
	readonly #segments: readonly Segment[];
	/** For each segment, by how many samples they are for. */
	readonly #programs: readonly ReadonlyMap<number, Program>[];
	/** Of the graph's inputs and of all that segments make for others. */
	readonly #places: ReadonlyMap<string, Place>;
	readonly #memory: readonly Allocation[];

	constructor({ context, plan, one, samples, lower, inputs }: SegmentedOptions) {
		this.#segments = plan.segments;
		const { made, bytes } = layOutBetween(plan, one);
		const between = context.allocate(bytes);
		this.#places = new Map([...inputs, ...placesOf(one, inputs, made, between.address)]);
		const batches = [plan.batch, samples % plan.batch];
		this.#programs = plan.segments.map((segment) => {
			const counts = new Set(batches.flatMap((batch) => [Math.min(batch, segment.samples), batch % segment.samples]));
			counts.delete(0);
			const places = new Map([...this.#places].filter(([name]) => isOutside(segment, name)));
			return new Map([...counts].map((count) => [count, new Program(context, lower(segment, count), places)]));
		});
		const all = this.#programs.flatMap((programs) => [...programs.values()]);
		const arena = context.allocate(Math.max(0, ...all.map((program) => program.bytes)));
		for (const program of all) program.link(arena.address);
		this.#memory = [between, arena];
	}

	/** Carries out all segments for the samples that are under way. */
	run(samples: number): void {
		for (const [index, segment] of this.#segments.entries())
			for (let first = 0; first < samples; first += segment.samples)
				this.#programs[index]?.get(Math.min(segment.samples, samples - first))?.run(first);
	}

	/** Where an input of the graph or its output lies; undefined where that is neither made of samples nor one of the inputs. */
	placeOf(name: string): Place | undefined {
		return this.#places.get(name);
	}

	release(): void {
		for (const programs of this.#programs) for (const program of programs.values()) program.release();
		for (const allocation of this.#memory) allocation.free();
	}
}

function isOutside({ inputs, outputs }: Part, name: string): boolean {
	return outputs.includes(name) || inputs.some((input) => input.name === name);
}

/** Room for what segments make for others, for a batch, where it lies in one allocation while it is read. */
function layOutBetween({ segments, batch }: Plan, one: Lowered) {
	const room = new Map<Value, Value>();
	for (const [index, { outputs }] of segments.entries()) {
		for (const name of outputs) {
			const value = one.named.get(name)?.at;
			if (typeof value !== "object") continue;
			const kept = room.get(value) ?? new Value(value.bytes * batch);
			room.set(value, kept);
			const readers = segments.flatMap(({ inputs }, at) => (inputs.some((input) => input.name === name) ? [at] : []));
			// Nobody inside reads what the graph is for: it stays to the end.
			for (const at of [index, ...(readers.length > 0 ? readers : [segments.length])]) kept.use(at);
		}
	}
	const { offsets, bytes } = layOut([...room.values()]);
	return { bytes, made: new Map([...room].map(([value, kept]) => [value, offsets.get(kept) ?? 0])) };
}

/** By name: where values that segments make for others lie. One value may have several names, of other shapes. */
function placesOf(
	one: Lowered,
	inputs: ReadonlyMap<string, Place>,
	made: ReadonlyMap<Value, number>,
	address: number,
): Map<string, Place> {
	const byValue = new Map([...inputs].map(([name, place]) => [one.named.get(name)?.at, place]));
	const places = new Map<string, Place>();
	for (const [name, { at }] of one.named) {
		const offset = typeof at === "object" ? made.get(at) : undefined;
		const place = byValue.get(at);
		if (place !== undefined) places.set(name, place);
		else if (typeof at === "object" && offset !== undefined)
			places.set(name, { address: address + offset, stride: at.bytes });
	}
	return places;
}
