/**
 * Milliseconds a training step of the default network (batch 64: forward, backward, Adam) with our kernels, with the
 * backward kernels composed of stock ones (`--precision exact`), and with the stock backward kernels. The stock backend has
 * no gradient of a convolution's filter; nine slices and matrix products stand in for it. Every batch is cut into four shards.
 *
 * usage: node bench/train.js [steps, default 10]
 */
import {
	getKernel,
	matMul,
	registerKernel,
	reshape,
	slice,
	stack,
	tidy,
	unregisterKernel,
} from "@tensorflow/tfjs-core";
import { Backend } from "../dist/src/compute/backend.js";
import { mnistCnn } from "../dist/src/network/zoo/index.js";
import { loadData } from "../dist/src/resolve/data.js";
import { train } from "../dist/src/train/train.js";
import { machine, median, report } from "./measure.js";

const STEPS = Number(process.argv[2] ?? 10);
/** Steps before the clock starts: the engine compiles, memory grows. */
const WARM_UP = 2;
const STEPS_AN_EPOCH = Math.ceil(60_000 / 64);

const data = await loadData("mnist", "train", 64 * (STEPS + WARM_UP));

const backend = await Backend.start();
const stockKernels = ["BatchMatMul", "Conv2DBackpropInput", "MaxPoolGrad"].map((name) => getKernel(name, "wasm"));
const composed = await timeSteps("exact");
const fast = await timeSteps("fast");
const fastOnTwo = await timeSteps("fast", 2);
// In the mode of the training to come, which therefore leaves the kernels that are put in their place here.
backend.use({ precision: "exact", gradients: true });
for (const kernel of [
	...stockKernels,
	{ ...stockKernels[0], kernelName: "Conv2DBackpropFilter", kernelFunc: nineProducts },
]) {
	unregisterKernel(kernel.kernelName, "wasm");
	registerKernel(kernel);
}
const stock = await timeSteps("exact");

for (const { losses } of [composed, fast, fastOnTwo])
	for (const [i, loss] of losses.entries())
		if (Math.abs(loss - stock.losses[i]) > 0.02 * stock.losses[i]) throw new Error(`step ${i}: the losses disagree`);

const { cpu, cores, node } = machine();
console.log(`${cpu}, ${cores} cores, Node ${node}; batch 64, Adam, one thread unless said, median of ${STEPS} steps\n`);
report(
	"train",
	[
		["isoloss fast", fast],
		["isoloss fast, 2 threads", fastOnTwo],
		["composed of stock kernels (exact)", composed],
		["stock kernels", stock],
	].map(([kernels, { milliseconds }]) => ({
		kernels,
		"ms a step": milliseconds,
		"× stock": stock.milliseconds / milliseconds,
		"min an epoch of 60,000": (milliseconds * STEPS_AN_EPOCH) / 60_000,
	})),
);

async function timeSteps(precision, threads = 1) {
	const options = {
		graph: mnistCnn(),
		data,
		loss: "softmax-cross-entropy",
		optimizer: "adam",
		learningRate: 0.001,
		batchSize: 64,
		epochs: 1,
		seed: 0,
		precision,
		threads,
	};
	const times = [];
	const losses = [];
	let begin = performance.now();
	for await (const { step, loss } of train(options)) {
		losses.push(loss);
		if (step > WARM_UP) times.push(performance.now() - begin);
		begin = performance.now();
	}
	return { milliseconds: median(times), losses };
}

/** The gradient of a 3×3 filter [3, 3, in, out] of stride 1 without padding: a product for each of its nine places. */
function nineProducts({ inputs: { x, dy }, attrs: { filterShape } }) {
	const [kh, kw, channels, out] = filterShape;
	return tidy(() => {
		const [batch, height, width] = dy.shape;
		const pixels = batch * height * width;
		const places = [];
		for (let i = 0; i < kh; i++)
			for (let j = 0; j < kw; j++) {
				const shifted = reshape(slice(x, [0, i, j, 0], [batch, height, width, channels]), [pixels, channels]);
				places.push(matMul(shifted, reshape(dy, [pixels, out]), true, false));
			}
		return reshape(stack(places), [kh, kw, channels, out]);
	});
}
