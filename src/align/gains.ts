import { bestAssignment } from "../exact/assignment.js";
import { inOrder, type Permutations, visitBlock } from "./permute.js";
import type { Block, Group } from "./symmetry.js";

/** A block of a parameter in two networks, whose products are summed. */
export interface Piece {
	readonly block: Block;
	/** The parameter in the network that stays, and in the one that is permuted. */
	readonly a: Float32Array;
	readonly b: Float32Array;
}

/** Σ A ∘ B over a block, B permuted. */
export function productOf({ block, a, b }: Piece, permutations: Permutations): number {
	let sum = 0;
	visitBlock(block, permutations, (to, from) => {
		sum += (a[to] ?? 0) * (b[from] ?? 0);
	});
	return sum;
}

/** A piece as matrices: of both networks [matrices, rows of them, what is summed], B permuted but for rows. */
interface Rows {
	readonly a: Float32Array;
	readonly b: Float32Array;
}

/** @param first the factors by number that stand first, of which those in `raw` are not permuted */
function rowsOf(
	{ block, a, b }: Piece,
	permutations: Permutations,
	first: readonly number[],
	raw: ReadonlySet<number>,
): Rows {
	const size = block.factors.reduce((product, { length }) => product * length, 1);
	const rows = { a: new Float32Array(size), b: new Float32Array(size) };
	let next = 0;
	const visit = (to: number, from: number) => {
		rows.a[next] = a[to] ?? 0;
		rows.b[next++] = b[from] ?? 0;
	};
	visitBlock(block, permutations, visit, inOrder(block.factors, first), raw);
	return rows;
}

/** Adds A Bᵀ of two matrices [size, width] that start somewhere in arrays, each sum in float64 from the first product to the last. */
function addProducts(
	out: Float64Array,
	{ a, b }: Rows,
	[startA, startB]: readonly [number, number],
	size: number,
	width: number,
): void {
	for (let i = 0; i < size; i++) {
		const row = startA + i * width;
		let j = 0;
		// Four sums at once: one alone waits for each of its additions.
		for (; j + 3 < size; j += 4) {
			const first = startB + j * width;
			const [second, third, fourth] = [first + width, first + 2 * width, first + 3 * width];
			let [s0, s1, s2, s3] = [0, 0, 0, 0];
			for (let k = 0; k < width; k++) {
				const value = a[row + k] ?? 0;
				s0 += value * (b[first + k] ?? 0);
				s1 += value * (b[second + k] ?? 0);
				s2 += value * (b[third + k] ?? 0);
				s3 += value * (b[fourth + k] ?? 0);
			}
			const at = i * size + j;
			out[at] = (out[at] ?? 0) + s0;
			out[at + 1] = (out[at + 1] ?? 0) + s1;
			out[at + 2] = (out[at + 2] ?? 0) + s2;
			out[at + 3] = (out[at + 3] ?? 0) + s3;
		}
		for (; j < size; j++) {
			let sum = 0;
			for (let k = 0; k < width; k++) sum += (a[row + k] ?? 0) * (b[startB + j * width + k] ?? 0);
			out[i * size + j] = (out[i * size + j] ?? 0) + sum;
		}
	}
}

/** What each neuron of A with each of B would bring, all other groups as they are: for each order of a group a matrix. */
export class Gains {
	readonly #number: number;
	readonly #group: Group;
	readonly #pieces: readonly Piece[];
	/** Of the pieces that no other group has a part in: it is always the same. */
	readonly #constant: readonly Float64Array[];

	constructor(number: number, group: Group, pieces: readonly Piece[]) {
		this.#number = number;
		this.#group = group;
		const isConstant = ({ block: { factors } }: Piece) =>
			factors.filter((each) => each.group !== undefined).length === 1;
		this.#pieces = pieces.filter((piece) => !isConstant(piece));
		this.#constant = Array.from({ length: group.count }, () => new Float64Array(group.size * group.size));
		this.#add(this.#constant, pieces.filter(isConstant), []);
	}

	given(permutations: Permutations): Float64Array[] {
		const gains = this.#constant.map((gain) => gain.slice());
		this.#add(gains, this.#pieces, permutations);
		return gains;
	}

	#add(gains: readonly Float64Array[], pieces: readonly Piece[], permutations: Permutations): void {
		const { size, count } = this.#group;
		for (const piece of pieces)
			for (const [place, { group, over }] of piece.block.factors.entries()) {
				if (group !== this.#number) continue;
				const rows = rowsOf(piece, permutations, [...over.map(({ factor }) => factor), place], new Set([place]));
				const matrix = rows.a.length / count;
				for (const [k, gain] of gains.entries()) addProducts(gain, rows, [k * matrix, k * matrix], size, matrix / size);
			}
	}
}

/** A group whose neurons have an order of another within: the best of these for any two neurons. */
export class Within {
	/** Of the group within. */
	readonly number: number;
	readonly #group: Group;
	readonly #rows: Rows[];
	/** How many neurons the outer group has. */
	readonly #outer: number;

	constructor(
		[outer, { size }]: readonly [number, Group],
		[inner, group]: readonly [number, Group],
		pieces: readonly Piece[],
		permutations: Permutations,
	) {
		this.number = inner;
		this.#group = group;
		this.#outer = size;
		this.#rows = pieces.flatMap((piece) => {
			const { factors } = piece.block;
			const place = factors.findIndex(({ group }) => group === inner);
			const host = factors.findIndex(({ group }) => group === outer);
			if (place < 0 || host < 0) return [];
			const others = (factors[place]?.over ?? []).map(({ factor }) => factor);
			return [rowsOf(piece, permutations, [...others, place], new Set([place, host]))];
		});
	}

	/** The best orders within neuron i of A and j of B, one after another, and what they bring. */
	best(i: number, j: number): { readonly orders: Uint32Array; readonly gain: number } {
		const { size, count } = this.#group;
		const each = count / this.#outer;
		const orders = new Uint32Array(each * size);
		let gain = 0;
		for (let k = 0; k < each; k++) {
			const gains = new Float64Array(size * size);
			for (const rows of this.#rows) {
				const matrix = rows.a.length / count;
				addProducts(gains, rows, [(i * each + k) * matrix, (j * each + k) * matrix], size, matrix / size);
			}
			const order = bestAssignment(gains, size);
			orders.set(order, k * size);
			for (const [row, column] of order.entries()) gain += gains[row * size + column] ?? 0;
		}
		return { orders, gain };
	}

	/** The best orders within, once neurons have found each other. */
	ordersFor(order: Uint32Array): Uint32Array {
		const { size, count } = this.#group;
		const orders = new Uint32Array(count * size);
		for (const [i, j] of order.entries()) orders.set(this.best(i, j).orders, (i * orders.length) / this.#outer);
		return orders;
	}
}
