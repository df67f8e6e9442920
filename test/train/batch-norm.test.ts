import { mul, sum, type Tensor, tensor, valueAndGrads } from "@tensorflow/tfjs-core";
import test from "ava";
import { Backend } from "../../src/compute/backend.js";
import { batchNorm } from "../../src/network/ops/batch-norm.js";
import { gaussians } from "../fixtures.js";
import "../../src/compute/gradients/tfjs-gradients.js";

const [rows, channels, epsilon] = [2 * 3 * 3, 4, 1e-5];
const x = gaussians(rows * channels, 1).map((value, i) => 2 * value + (i % channels));
const scale = Float32Array.of(0.5, 1, 2, -1);
const shift = Float32Array.of(0, 1, -1, 0.5);
/** The loss is the sum of the outputs times these. */
const factors = gaussians(rows * channels, 2);

/** Mean and variance over n of a channel, in float64. */
function moments(values: ArrayLike<number>, channel: number): [number, number] {
	const own = Array.from({ length: rows }, (_, row) => values[row * channels + channel] ?? 0);
	const mean = own.reduce((a, b) => a + b, 0) / rows;
	return [mean, own.reduce((a, b) => a + (b - mean) ** 2, 0) / rows];
}

/** The same loss by loops over float64. */
function lossOf(values: ArrayLike<number>, scales: ArrayLike<number>, shifts: ArrayLike<number>): number {
	let total = 0;
	for (let channel = 0; channel < channels; channel++) {
		const [mean, variance] = moments(values, channel);
		for (let i = channel; i < rows * channels; i += channels) {
			const normalised = ((values[i] ?? 0) - mean) / Math.sqrt(variance + epsilon);
			total += (factors[i] ?? 0) * (normalised * (scales[channel] ?? 0) + (shifts[channel] ?? 0));
		}
	}
	return total;
}

test("in training the gradient passes through the statistics of the batch, as central differences do", async (t) => {
	(await Backend.start()).use({ precision: "exact", gradients: true });
	const running = [tensor(new Float32Array(channels)), tensor(new Float32Array(channels).fill(1))] as Tensor[];
	const weights: Tensor = tensor(factors, [2, 3, 3, channels]);
	const loss = (...inputs: Tensor[]): Tensor =>
		sum(mul(batchNorm.run([...inputs, ...running], { epsilon }, { training: true }), weights));
	const given: Tensor[] = [tensor(x, [2, 3, 3, channels]), tensor(scale), tensor(shift)];
	const { value, grads } = valueAndGrads(loss)(given);
	t.true(Math.abs((value.dataSync()[0] ?? 0) - lossOf(x, scale, shift)) < 1e-4);
	const vectors = [x, scale, shift].map((vector) => Float64Array.from(vector)) as [
		Float64Array,
		Float64Array,
		Float64Array,
	];
	const step = 1e-5;
	for (const [which, vector] of vectors.entries()) {
		const gradient = grads[which]?.dataSync() ?? [];
		for (const [i, original] of vector.entries()) {
			vector[i] = original + step;
			const above = lossOf(...vectors);
			vector[i] = original - step;
			const difference = (above - lossOf(...vectors)) / (2 * step);
			vector[i] = original;
			t.true(
				Math.abs((gradient[i] ?? 0) - difference) < 1e-4,
				`input ${which}, ${i}: ${gradient[i]}, not ${difference}`,
			);
		}
	}
});

test("training tells the statistics of the batch, the variance over n - 1", async (t) => {
	(await Backend.start()).use({ precision: "exact", gradients: true });
	const running = [tensor(new Float32Array(channels)), tensor(new Float32Array(channels).fill(1))] as Tensor[];
	const told: number[][] = [];
	batchNorm.run(
		[tensor(x, [2, 3, 3, channels]), tensor(scale), tensor(shift), ...running],
		{ epsilon },
		{
			training: true,
			observe: (of, measured) => {
				t.deepEqual([...of], running);
				told.push(...measured.map((tensor) => [...tensor.dataSync()]));
			},
		},
	);
	for (let channel = 0; channel < channels; channel++) {
		const [mean, variance] = moments(x, channel);
		t.true(Math.abs((told[0]?.[channel] ?? Number.NaN) - mean) < 1e-5);
		t.true(Math.abs((told[1]?.[channel] ?? Number.NaN) - (variance * rows) / (rows - 1)) < 1e-4);
	}
});
