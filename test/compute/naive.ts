import type { Graph } from "../../src/network/graph.js";
import { type Layout, parameterLayout, slice } from "../../src/network/parameters.js";
import { sizeOf } from "../../src/network/shape.js";

/**
 * A second implementation of a network's forward pass and loss: plain loops over float64, for one sample, for the ops of
 * the default network. No line of it is shared with what it checks.
 */
export function naiveLogits(graph: Graph, parameters: Float32Array | Float64Array, sample: Float32Array): Float64Array {
	const layout: Layout = parameterLayout(graph);
	const shapes = new Map<string, readonly number[]>([["x", graph.inputs[0]?.shape ?? []]]);
	const values = new Map<string, Float64Array>([["x", Float64Array.from(sample)]]);
	const parameter = (name: string | undefined) => {
		// A layer without bias adds nothing.
		if (name === undefined) return { values: new Float64Array(), shape: [] };
		const slot = layout.slots.find((candidate) => candidate.name === name);
		if (slot === undefined) throw new Error(`no parameter ${name}`);
		return { values: slice(parameters as Float32Array, slot), shape: slot.shape };
	};
	for (const node of graph.nodes) {
		const [source = "", kernelName, biasName] = node.inputs;
		const x = values.get(source) ?? new Float64Array();
		const shape = shapes.get(source) ?? [];
		const [height = 0, width = 0, channels = 0] = shape;
		let out: Float64Array;
		let outShape: readonly number[] = shape;
		if (node.op === "conv2d") {
			const kernel = parameter(kernelName);
			const bias = parameter(biasName);
			const [kh = 0, kw = 0, , filters = 0] = kernel.shape;
			outShape = [height - kh + 1, width - kw + 1, filters];
			out = new Float64Array(sizeOf(outShape));
			for (let i = 0; i < height - kh + 1; i++)
				for (let j = 0; j < width - kw + 1; j++)
					for (let f = 0; f < filters; f++) {
						let sum = bias.values[f] ?? 0;
						for (let a = 0; a < kh; a++)
							for (let b = 0; b < kw; b++)
								for (let c = 0; c < channels; c++)
									sum +=
										(x[((i + a) * width + j + b) * channels + c] ?? 0) *
										(kernel.values[((a * kw + b) * channels + c) * filters + f] ?? 0);
						out[(i * (width - kw + 1) + j) * filters + f] = sum;
					}
		} else if (node.op === "maxPool") {
			outShape = [Math.floor(height / 2), Math.floor(width / 2), channels];
			out = new Float64Array(sizeOf(outShape));
			const [rows = 0, columns = 0] = outShape;
			for (let i = 0; i < rows; i++)
				for (let j = 0; j < columns; j++)
					for (let c = 0; c < channels; c++) {
						const at = (di: number, dj: number) => x[((2 * i + di) * width + 2 * j + dj) * channels + c] ?? 0;
						out[(i * columns + j) * channels + c] = Math.max(at(0, 0), at(0, 1), at(1, 0), at(1, 1));
					}
		} else if (node.op === "dense") {
			const kernel = parameter(kernelName);
			const bias = parameter(biasName);
			const width = kernel.shape[1] ?? 0;
			outShape = [width];
			out = Float64Array.from({ length: width }, (_, o) =>
				x.reduce((sum, value, i) => sum + value * (kernel.values[i * width + o] ?? 0), bias.values[o] ?? 0),
			);
		} else if (node.op === "relu") out = x.map((value) => Math.max(value, 0));
		else {
			// Flatten, and dropout, which evaluation leaves out.
			out = x;
			if (node.op === "flatten") outShape = [x.length];
		}
		values.set(node.output, out);
		shapes.set(node.output, outShape);
	}
	return values.get(graph.output) ?? new Float64Array();
}

/** ln Σ exp(z) − z[target], straight from the definition with the largest logit taken out. */
export function naiveCrossEntropy(logits: Float64Array, target: number): number {
	const largest = Math.max(...logits);
	return Math.log(logits.reduce((sum, z) => sum + Math.exp(z - largest), 0)) + largest - (logits[target] ?? Number.NaN);
}
