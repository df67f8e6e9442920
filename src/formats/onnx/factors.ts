/**
 * ONNX says in which order a value's axes come; where they lie in memory is ours to choose, and moving them costs time.
 * So an importer keeps the two apart. A factor is a piece of an axis that never comes apart from here on; an axis of ONNX
 * is a list of factors, the major first; memory holds the factors in an order of its own, the batch always first.
 * Transposing, splitting and joining axes then only rewrites lists, until an op needs a certain order in memory.
 */
export interface Factor {
	readonly id: number;
	readonly length: number;
	/** What it was split into, major first; every list that holds the factor holds these from then on. */
	parts?: readonly [Factor, Factor];
}

/**
 * The length that stands for the unknown number of samples in shape arithmetic: a prime larger than any real axis, so
 * that a product holds it exactly where it is divisible by it, and no reshape can split it.
 */
export const BATCH = 1_000_003;

/**
 * Stands for the number of the sample itself in arithmetic of indices: a power of two that no index reaches, so that k · OWN + r, the
 * place of element r of a sample of k elements, is taken apart again.
 */
export const OWN = 2 ** 40;

let lastId = 0;

export function factor(length: number): Factor {
	lastId += 1;
	return { id: lastId, length };
}

/** The factor of the batch axis, the same for every value. */
export const batchFactor: Factor = factor(BATCH);

export type Axis = readonly Factor[];

/** An axis of a new value: no factor for length 1, the batch's for the batch length. */
export function axis(length: number): Axis {
	if (length === 1) return [];
	return [length === BATCH ? batchFactor : factor(length)];
}

/** The same factors with split ones replaced by their parts. */
export function resolve(factors: readonly Factor[]): Factor[] {
	// Hardly any factor is split; the copy alone makes a good deal less garbage.
	if (factors.every(({ parts }) => parts === undefined)) return [...factors];
	return factors.flatMap((item) => (item.parts === undefined ? [item] : resolve(item.parts)));
}

export function lengthOf(factors: readonly Factor[]): number {
	return factors.reduce((product, { length }) => product * length, 1);
}

/** Splits a factor in two, the major of the given length, which must divide it. */
export function split(item: Factor, major: number): readonly [Factor, Factor] {
	item.parts ??= [factor(major), factor(item.length / major)];
	return item.parts;
}

export function hasBatch(factors: readonly Factor[]): boolean {
	return factors.includes(batchFactor);
}

export function withoutBatch(factors: readonly Factor[]): Factor[] {
	const all = resolve(factors);
	return hasBatch(all) ? all.filter((item) => item !== batchFactor) : all;
}

/**
 * Splits factors on either side until both lists have the same lengths in the same order.
 *
 * @returns whether that is possible; lengths 6, 2 and 4, 3 have no common splitting
 */
export function refine(a: readonly Factor[], b: readonly Factor[]): boolean {
	const left = resolve(a);
	const right = resolve(b);
	while (left.length > 0 && right.length > 0) {
		const [x, y] = [left[0] as Factor, right[0] as Factor];
		left.shift();
		right.shift();
		if (x.length === y.length) continue;
		const [long, short] = x.length > y.length ? [x, y] : [y, x];
		if (long.length % short.length !== 0 || long === batchFactor) return false;
		(long === x ? left : right).unshift(split(long, short.length)[1]);
	}
	return left.length === 0 && right.length === 0;
}

/**
 * Deals factors out to axes of the given lengths, splitting them where an axis ends inside one.
 *
 * @returns the axes, or nothing where an axis ends at no divisor
 */
export function deal(factors: readonly Factor[], lengths: readonly number[]): Axis[] | undefined {
	const left = resolve(factors);
	const axes: Axis[] = [];
	for (const length of lengths) {
		const taken: Factor[] = [];
		let rest = length;
		while (rest > 1) {
			const next = left.shift();
			if (next === undefined) return undefined;
			if (rest % next.length === 0) {
				taken.push(next);
				rest /= next.length;
			} else if (next.length % rest === 0 && next !== batchFactor) {
				const [major, minor] = split(next, rest);
				taken.push(major);
				left.unshift(minor);
				rest = 1;
			} else return undefined;
		}
		axes.push(taken);
	}
	return left.length === 0 ? axes : undefined;
}

/** Lengths for a person: n stands for the number of samples. */
export function describeShape(shape: readonly number[]): string {
	return shape
		.map((length) => (length > 0 && length % BATCH === 0 ? `${length === BATCH ? "" : length / BATCH}n` : length))
		.join();
}
