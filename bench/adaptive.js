/**
 * Adaptive sweeps beside the whole grid and beside the plain coarse one of the same cost: how many points each computes, and how far
 * its isolines are from those of the whole grid, in cells of that. The levels are those of the contour plot.
 *
 * usage: node bench/adaptive.js [--quick] [--steps 65] [--seed 0] [--cells 0.5] [--threads 2] [--only name,name]
 *
 * Networks: five of test/corpus/pytorch on all their data, the shipped mnist-cnn, and three of the quick article, which are trained
 * once as it trains them and kept under bench/results; these on 64 samples. The coarse grid has as many points along each axis as can be
 * had for no more points than the adaptive sweep computed, with a cubic through four points along each axis between them. --quick: 33
 * steps, and no network that is trained first.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { fieldNamed, gridPoints, PoolExecutor, sweep } from "../dist/src/index.js";
import { lineShift } from "../dist/src/render/line-shift.js";
import { planeLevels } from "../dist/src/render/parts/levels.js";
import { planeScale } from "../dist/src/render/parts/scale.js";
import { drawnField, finiteValues } from "../dist/src/render/parts/values.js";
import { heightScale } from "../dist/src/sweep/adaptive/height.js";
import { machine, report, runCommand } from "./measure.js";

const { values: options } = parseArgs({
	options: {
		quick: { type: "boolean", default: false },
		steps: { type: "string" },
		seed: { type: "string", default: "0" },
		cells: { type: "string", default: "0.5" },
		threads: { type: "string", default: "2" },
		only: { type: "string" },
	},
});
const { quick, only } = options;
const steps = Number(options.steps ?? (quick ? 33 : 65));
const [seed, cells] = [Number(options.seed), Number(options.cells)];

const corpus = fileURLToPath(new URL("../test/corpus/pytorch", import.meta.url));
const kept = fileURLToPath(new URL("results", import.meta.url));

/** As `src/article/setting.ts` has them. */
const training = { samples: 4000, "batch-size": 64, epochs: 3 };
const residual = { ...training, "batch-size": 32, epochs: 2 };

const networks = {
	...Object.fromEntries(["mlp", "regression", "transformer", "vgg", "resnet8"].map((name) => [name, exported(name)])),
	"mnist-cnn": { samples: 64 },
	...(!quick && {
		"mnist-cnn-w0.25": trained("mnist-cnn-w0.25", training),
		"resnet-8": trained("resnet-8", residual),
		"resnet-8-noskip": trained("resnet-8-noskip", residual),
	}),
};

const executor = new PoolExecutor({ threads: Number(options.threads) });
const rows = [];
for (const [name, request] of Object.entries(networks))
	if (only === undefined || only.split(",").includes(name)) rows.push(await compared(name, request));
await executor.close();
const { cpu, cores, node } = machine();
console.log(
	`${cpu}, ${cores} cores, Node ${node}; ${steps} × ${steps} points, directions of seed ${seed}, to ${cells} cells; ` +
		"distances in cells: the worst, and what 99.9 % of the lines' length keep\n",
);
report("adaptive", rows, { steps, seed, cells });

async function compared(name, request) {
	const [whole, adaptive] = [await surfaceOf(request, steps), await surfaceOf(request, steps, cells)];
	const off = adaptive.surface.interpolated.findIndex(
		(mark, point) => mark === 0 && !Object.is(lossesOf(adaptive)[point], lossesOf(whole)[point]),
	);
	if (off >= 0) throw new Error(`${name}: point ${off} is computed, and is not that of the whole grid`);
	const { evaluated, points, audits } = adaptive.adaptive;
	const side = Math.floor(Math.sqrt(evaluated));
	const coarse = await surfaceOf(request, side);
	const of = drawnField(whole.surface, "loss");
	const levels = planeLevels(of, planeScale(of.spec, finiteValues(of))).map(({ value }) => value);
	const heights = (values) => ({ columns: steps, rows: steps, values });
	const shiftOf = (values) => lineShift(heights(lossesOf(whole)), heights(values), levels);
	const [ours, plain] = [shiftOf(lossesOf(adaptive)), shiftOf(resampled(lossesOf(coarse), side))];
	return {
		network: name,
		levels: levels.length,
		computed: evaluated,
		"of all, %": (100 * evaluated) / points,
		"adaptive: worst": ours.worst,
		"99.9 %": ours.nearlyAll,
		audits: audits.length,
		"largest at audit": audits.at(-1)?.worst,
		"coarse grid": `${side} × ${side}`,
		"coarse: worst": plain.worst,
		"99.9 % of it": plain.nearlyAll,
		"loops left out": ours.leftOut + plain.leftOut,
	};
}

function surfaceOf(request, count, adaptive = false) {
	const axis = { min: -1, max: 1, steps: count };
	return sweep({ ...request, seed, x: axis, y: axis, adaptive, executor });
}

function lossesOf({ surface }) {
	return fieldNamed(surface, "loss").values.subarray(0, gridPoints(surface.grid));
}

/** Values over a square of so many points, by cubics on the scale on which an adaptive sweep has them, at the points of the whole grid. */
function resampled(values, side) {
	const scale = heightScale({ unit: "loss" }, values);
	const heights = values.map(scale.heightOf);
	const found = new Float64Array(steps * steps);
	const weights = Array.from({ length: steps }, (_, i) => cubic((i * (side - 1)) / (steps - 1), side));
	for (const [row, [below, up]] of weights.entries())
		for (const [column, [left, along]] of weights.entries()) {
			let sum = 0;
			for (let y = 0; y < 4; y++)
				for (let x = 0; x < 4; x++) sum += up[y] * along[x] * heights[(below + y) * side + left + x];
			found[row * steps + column] = scale.valueOf(sum);
		}
	return found;
}

/** The first of the four places nearest to one, and the weights of the cubic through them there. */
function cubic(place, side) {
	const first = Math.max(0, Math.min(side - 4, Math.floor(place) - 1));
	const others = [0, 1, 2, 3];
	const weights = others.map((i) =>
		others.reduce((product, j) => (j === i ? product : (product * (place - first - j)) / (i - j)), 1),
	);
	return [first, weights];
}

function exported(name) {
	return { model: join(corpus, name, "a.onnx"), data: join(corpus, name, "data.npz"), samples: "all" };
}

function trained(model, recipe) {
	const weights = join(kept, `${model}.safetensors`);
	const flags = Object.entries({ model, ...recipe, out: weights }).map(([flag, value]) => `--${flag}=${value}`);
	if (!existsSync(weights)) runCommand("train", [...flags, "--quiet"], kept);
	return { model, weights, samples: 64 };
}
