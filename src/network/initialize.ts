import { RandomStream } from "../exact/random.js";
import type { Graph, ParameterKind } from "./graph.js";
import { type Layout, parameterLayout, type Slot, type State, statisticsLayout } from "./parameters.js";
import { sharedVector } from "./shared-memory.js";

/**
 * Fresh parameters as PyTorch's layers start: kernels and biases uniform in ±1/√fanIn (its Kaiming-uniform default with
 * a = √5), normalisation as the identity. Numbers are drawn tensor by tensor, a stream each, in the graph's element order.
 *
 * @param seed whole number from 0 to 2^53 - 1
 */
export function initialize(graph: Graph, seed: number): State {
	return { parameters: fill(parameterLayout(graph), seed), statistics: fill(statisticsLayout(graph), seed) };
}

const constants: Partial<Record<ParameterKind, number>> = {
	scale: 1,
	shift: 0,
	"running-mean": 0,
	"running-variance": 1,
};

function fill(layout: Layout, seed: number): Float32Array {
	const vector = sharedVector(layout.length);
	for (const [index, slot] of layout.slots.entries()) {
		const value = constants[slot.kind];
		if (value === undefined) fillUniform(vector, slot, new RandomStream(seed, "initialisation", index));
		else vector.fill(value, slot.offset, slot.offset + slot.size);
	}
	return vector;
}

function fillUniform(vector: Float32Array, { offset, size, fanIn }: Slot, random: RandomStream): void {
	const bound = 1 / Math.sqrt(fanIn);
	for (let i = 0; i < size; i++) vector[offset + i] = (2 * random.uniform() - 1) * bound;
}
