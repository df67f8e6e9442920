/**
 * Where the time of a sweep goes: the share of a point's time that is spent inside kernels, and inside each of them.
 *
 * usage: node bench/share.js [points, default 40]
 */
import { getKernelsForBackend, registerKernel, unregisterKernel } from "@tensorflow/tfjs-core";
import { resolve } from "../dist/src/resolve/index.js";
import { PointEvaluator } from "../dist/src/sweep/point.js";
import { machine, report, settle } from "./measure.js";

const POINTS = Number(process.argv[2] ?? 40);

const { problem } = await resolve({ samples: 256 });
const evaluator = await PointEvaluator.create(problem);
const spent = timeKernels();
for (let i = 0; i < 3; i++) evaluator.evaluate([i / 3, 0.5]);
await settle();
spent.clear();
const start = performance.now();
for (let i = 0; i < POINTS; i++) evaluator.evaluate([i / POINTS, -0.5]);
const total = performance.now() - start;

const { cpu, cores, node } = machine();
console.log(`${cpu}, ${cores} cores, Node ${node}; ${POINTS} points of 256 images, one thread\n`);
const kernels = [...spent].sort(([, a], [, b]) => b - a);
const inside = kernels.reduce((sum, [, milliseconds]) => sum + milliseconds, 0);
const row = (part, milliseconds) => ({
	part,
	"ms a point": milliseconds / POINTS,
	"share, %": (100 * milliseconds) / total,
});
report("share", [
	...kernels.map(([name, milliseconds]) => row(name, milliseconds)),
	row("all kernels", inside),
	row("the rest: forming θ, upload, loss", total - inside),
	row("a point", total),
]);

/** Puts a clock around every kernel of the backend. */
function timeKernels() {
	const milliseconds = new Map();
	for (const config of getKernelsForBackend("wasm")) {
		unregisterKernel(config.kernelName, "wasm");
		registerKernel({
			...config,
			kernelFunc: (params) => {
				const begin = performance.now();
				const result = config.kernelFunc(params);
				const name = config.kernelName;
				milliseconds.set(name, (milliseconds.get(name) ?? 0) + performance.now() - begin);
				return result;
			},
		});
	}
	return milliseconds;
}
