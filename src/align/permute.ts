import type { RandomStream } from "../exact/random.js";
import type { Graph } from "../network/graph.js";
import { parameterLayout, type State, slice, statisticsLayout } from "../network/parameters.js";
import { sharedVector } from "../network/shared-memory.js";
import type { Block, Factor, Group, Symmetry } from "./symmetry.js";

/**
 * The orders of all groups, of each the orders one after another: neuron i of the new network is neuron `order[i]` of the old one. Where
 * groups have an order within each neuron of another, it is that of the neuron's new place.
 */
export type Permutations = readonly Uint32Array[];

/** Everything as it is. */
export function identity(groups: readonly Group[]): Uint32Array[] {
	return groups.map(({ size, count }) => Uint32Array.from({ length: size * count }, (_, i) => i % size));
}

/** Every order equally likely. */
export function randomPermutations(groups: readonly Group[], random: RandomStream): Uint32Array[] {
	return groups.map(({ size, count }) => {
		const orders = new Uint32Array(size * count);
		for (let k = 0; k < count; k++) orders.set(random.permutation(size), k * size);
		return orders;
	});
}

/**
 * Goes through a block in rows of some order of its axes, and says where each element comes from.
 *
 * @param order the factors by number, the slowest first; each after those that its group's orders depend on
 * @param raw   factors that stay as they are, whatever their group's order
 * @param visit told where an element goes in the flat tensor, and where it is now
 */
export function visitBlock(
	{ offset, factors }: Block,
	permutations: Permutations,
	visit: (to: number, from: number) => void,
	order: readonly number[] = inOrder(factors),
	raw: ReadonlySet<number> = new Set(),
): void {
	const index = new Uint32Array(factors.length);
	const walk = (depth: number, to: number, from: number): void => {
		const number = order[depth];
		const factor = factors[number ?? -1];
		if (number === undefined || factor === undefined) {
			visit(to, from);
			return;
		}
		const { length, stride, group, over } = factor;
		const orders = raw.has(number) ? undefined : permutations[group ?? -1];
		const which = over.reduce((sum, { factor: other, step }) => sum + step * (index[other] ?? 0), 0);
		const start = which * length;
		const last = depth === order.length - 1;
		for (let i = 0; i < length; i++) {
			const source = orders === undefined ? i : (orders[start + i] ?? 0);
			if (last) visit(to + i * stride, from + source * stride);
			else {
				index[number] = i;
				walk(depth + 1, to + i * stride, from + source * stride);
			}
		}
	};
	walk(0, offset, offset);
}

/** All factors by number, each after those that it depends on; some first. */
export function inOrder(factors: readonly Factor[], first: readonly number[] = []): number[] {
	const rest = [...factors.keys()].filter((number) => !first.includes(number));
	const independent = rest.filter((number) => factors[number]?.over.length === 0);
	return [...first, ...independent, ...rest.filter((number) => !independent.includes(number))];
}

/** A tensor with its neurons in another order, into `out`; those of samples one after another each like this. */
export function permuteTensor(
	values: ArrayLike<number>,
	blocks: readonly Block[],
	permutations: Permutations,
	out: Float32Array,
	start = 0,
): void {
	for (const block of blocks)
		visitBlock(block, permutations, (to, from) => {
			out[start + to] = values[start + from] ?? 0;
		});
}

/** A network with its neurons in another order, running statistics too: it computes the same. */
export function permuted(graph: Graph, { tensors }: Symmetry, state: State, permutations: Permutations): State {
	const moved = (layout: ReturnType<typeof parameterLayout>, vector: Float32Array) => {
		const out = sharedVector(layout.length);
		for (const slot of layout.slots)
			permuteTensor(slice(vector, slot), tensors.get(slot.name) ?? [], permutations, slice(out, slot));
		return out;
	};
	return {
		parameters: moved(parameterLayout(graph), state.parameters),
		statistics: moved(statisticsLayout(graph), state.statistics),
	};
}
