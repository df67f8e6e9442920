import { add, dispose, div, keep, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Graph } from "../network/graph.js";
import { execute } from "./execute.js";

/**
 * The running statistics that batch normalisation would have at given parameters: mean and variance of every channel over
 * calibration batches, each layer seeing values normalised by their own batch; averaged over the batches, the variance
 * over n - 1, as PyTorch estimates them.
 *
 * @param graph   as it is evaluated
 * @param values  parameters and running statistics by name
 * @param batches calibration samples, [batch, ...shape] for each input by name; they are disposed here
 * @returns tensors to bind in place of the running statistics; the caller disposes them
 * @see Izmailov et al. 2018, section 3 (batch normalisation after averaging weights)
 */
export function reestimate(
	graph: Graph,
	values: ReadonlyMap<string, Tensor>,
	batches: Iterable<ReadonlyMap<string, Tensor>>,
): Map<string, Tensor> {
	const names = new Map([...values].map(([name, tensor]) => [tensor, name]));
	const sums = new Map<string, Tensor>();
	const collect = (running: Tensor, measured: Tensor) => {
		const name = names.get(running);
		if (name === undefined) return;
		const before = sums.get(name);
		sums.set(name, keep(before === undefined ? measured.clone() : add(before, measured)));
		before?.dispose();
	};
	let count = 0;
	for (const batch of batches) {
		count += 1;
		const bound = new Map([...values, ...batch]);
		const output = execute(graph, bound, {
			training: false,
			batchNorm: "batch",
			observe: ([runningMean, runningVariance], [mean, variance]) => {
				collect(runningMean, mean);
				collect(runningVariance, variance);
			},
		});
		dispose([...batch.values(), output]);
	}
	const means = new Map([...sums].map(([name, sum]) => [name, tidy(() => div(sum, count) as Tensor)]));
	dispose([...sums.values()]);
	return means;
}
