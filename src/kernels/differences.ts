import { kernelsAlone, PAGE } from "./alone.js";
import { BLOCK, type Differences, differenceLoops, type Range, type Stretch, type Vector } from "./difference-loops.js";

export type { Differences, Range, Stretch } from "./difference-loops.js";

/**
 * What sums over stretches of so many vectors: kernels, where the engine has what they take.
 *
 * @param most numbers of each vector at a time
 */
export function differencesOf(count: number, most: number): Differences {
	return differenceKernels(count, most) ?? differenceLoops;
}

/** Rows that the kernel for products takes together. */
const TILE = 4;

const upTo = (value: number, multiple: number) => Math.ceil(value / multiple) * multiple;

function differenceKernels(count: number, most: number): Differences | undefined {
	const rows = upTo(count, TILE);
	const widest = upTo(most, BLOCK);
	let end = PAGE;
	const room = (numbers: number, bytes: 4 | 8) => {
		const at = end;
		end += upTo(numbers * bytes, 16);
		return at;
	};
	const [values, origin, pair] = [room(rows * widest, 4), room(widest, 8), room(2 * widest, 8)];
	const [scratch, products] = [room(rows * BLOCK, 8), room(rows * rows, 8)];
	const [weights, sums] = [room(2 * count, 8), room(2 * count, 8)];
	const alone = kernelsAlone(end - PAGE);
	if (alone === null) return undefined;
	const { memory, kernels } = alone;
	const doubles = (at: number, numbers: number) => new Float64Array(memory.buffer, at, numbers);

	/** Puts a stretch where the kernels find it, with zeros up to a whole block; how many numbers that makes of each row. */
	function take({ parts, origin: start, held = [] }: Stretch): number {
		const size = upTo(start.length, BLOCK);
		const floats = new Float32Array(memory.buffer, values, count * size);
		for (const [row, part] of parts.entries()) put(floats.subarray(row * size, (row + 1) * size), part, held);
		put(doubles(origin, size), start, held);
		return size;
	}

	function takePair(directions: readonly Vector[], size: number): void {
		const [x = new Float64Array(), y = new Float64Array()] = directions;
		put(doubles(pair, size), x);
		put(doubles(pair + 8 * size, size), y);
	}

	return {
		gram(stretch) {
			const size = take(stretch);
			const gram = doubles(products, rows * rows).fill(0);
			kernels.addGram(values, origin, rows, size, scratch, products);
			return Float64Array.from(
				{ length: count * count },
				(_, i) => gram[Math.floor(i / count) * rows + (i % count)] ?? 0,
			);
		},
		combine(stretch, given, into) {
			const size = take(stretch);
			doubles(weights, 2 * count).set(given);
			kernels.combineRows(values, origin, count, size, weights, pair);
			for (const [k, out] of into.entries()) out.set(doubles(pair + 8 * k * size, out.length));
		},
		along(stretch, directions) {
			const size = take(stretch);
			takePair(directions, size);
			const out = doubles(sums, 2 * count).fill(0);
			kernels.addAlong(values, origin, count, size, pair, sums);
			return out.slice();
		},
		rest(stretch, directions, places) {
			const size = take(stretch);
			takePair(directions, size);
			doubles(weights, 2 * count).set(places);
			const out = doubles(sums, 2 * count).fill(0);
			kernels.addRest(values, origin, count, size, pair, weights, sums);
			return out.slice();
		},
	};
}

/** Numbers, then zeros, and zeros where they are held. */
function put(to: Vector, from: Vector, held: readonly Range[] = []): void {
	to.set(from);
	to.fill(0, from.length);
	for (const range of held) to.fill(0, ...range);
}
