/**
 * Planes on as many samples as their lines need: what they take beside a whole sweep, how far their lines lie from the whole sweep's, what
 * share of the variance a point's neighbours leave, and how often all intervals hold, of all points and looks, over shuffles of the
 * samples.
 *
 * usage: node bench/confidence.js [--samples 2000] [--steps 13] [--shuffles 100] [--threads 2] [--first 1024]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { anchorsAround, anchorsOf } from "../dist/src/confidence/anchors.js";
import { distancesToLine } from "../dist/src/confidence/distances.js";
import { estimateOf, noMoments, varianceLeft, withSamples } from "../dist/src/confidence/estimate.js";
import { FIRST_SAMPLES, halfWidthAt } from "../dist/src/confidence/looks.js";
import { RandomStream } from "../dist/src/exact/random.js";
import { fieldNamed, PoolExecutor, sweep } from "../dist/src/index.js";
import { heightsOf, refinedHeights } from "../dist/src/render/parts/interpolation.js";
import { planeLevels } from "../dist/src/render/parts/levels.js";
import { planeScale } from "../dist/src/render/parts/scale.js";
import { drawnField, finiteValues } from "../dist/src/render/parts/values.js";
import { resolve } from "../dist/src/resolve/index.js";
import { coordinatesOf } from "../dist/src/surface/grid.js";
import { partsOfSamples } from "../dist/src/sweep/of-samples.js";
import { machine, report, runCommand } from "./measure.js";

const { values: options } = parseArgs({
	options: {
		samples: { type: "string", default: "2000" },
		steps: { type: "string", default: "13" },
		shuffles: { type: "string", default: "100" },
		threads: { type: "string", default: "2" },
		first: { type: "string", default: String(FIRST_SAMPLES) },
	},
});
const [samples, steps, shuffles, threads, first] = [
	...[options.samples, options.steps, options.shuffles],
	...[options.threads, options.first],
].map(Number);
/** Heights are compared so many times between two points. */
const FINE = 8;

const { cpu, cores, node } = machine();
console.log(`${cpu}, ${cores} cores, Node ${node}; MNIST's test data, ${steps} × ${steps} points, ${threads} threads`);

const folder = mkdtempSync(join(tmpdir(), "isoloss-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const executor = new PoolExecutor({ threads });
try {
	const trained = ["--model", "mlp-64", "--epochs", "1", "--out", "mlp.safetensors", "--quiet"];
	runCommand("train", trained, folder);
	const mlp = { model: "mlp-64", weights: join(folder, "mlp.safetensors"), samples: 5 * samples };
	const rows = [];
	for (const [network, asked] of [
		["mlp-64", mlp],
		["mnist-cnn", { samples }],
	]) {
		rows.push(await measured(network, asked));
		console.log(rows.at(-1));
	}
	report("confidence", rows);
} finally {
	await executor.close();
}

async function measured(network, asked) {
	const axis = { min: -1, max: 1, steps };
	const request = { ...asked, split: "test", x: axis, y: axis };
	const staged = await sweep({ ...request, executor, confidence: true });
	const { looks, share, usesAnchors, largestShift } = staged.confidence;
	const { grid } = staged.surface;
	const started = performance.now();
	const losses = await lossesOf(request, grid);
	const seconds = (performance.now() - started) / 1000;
	const whole = {
		...staged.surface,
		fields: [{ ...fieldNamed(staged.surface, "loss"), values: Float64Array.from(losses, (values) => meanOf(values)) }],
	};
	return {
		network,
		samples: asked.samples,
		looks,
		anchors: usesAnchors ? "yes" : "no",
		evaluated: percent(share),
		seconds: `${staged.elapsedSeconds.toFixed(1)} of ${seconds.toFixed(1)}`,
		"told shift": largestShift.toFixed(2),
		"true shift": trueShift(staged.surface, whole).toFixed(2),
		...variances(losses, grid),
		...coverage(losses, grid),
	};
}

/** Of each point the losses of all samples. */
async function lossesOf(request, grid) {
	const { problem } = await resolve(request);
	const places = Array.from({ length: steps * steps }, (_, point) => coordinatesOf(grid, point));
	const parts = await partsOfSamples(executor, problem, { digest: JSON.stringify(request), fields: ["loss"], places });
	return parts.map(([{ sums }]) => Float64Array.from(sums));
}

/** How far the lines of two surfaces lie apart at most, in cells, to about a tenth: levels and scale are the first one's. */
function trueShift(surface, other) {
	const of = drawnField(surface, "loss");
	const scale = planeScale(of.spec, finiteValues(of));
	const fine = (field) => refinedHeights(heightsOf(field, scale.position), FINE, FINE);
	const [here, there] = [fine(of), fine(drawnField(other, "loss"))];
	let worst = 0;
	for (const { position } of planeLevels(of, scale)) {
		const [own, others] = [distancesToLine(here, position), distancesToLine(there, position)];
		for (const [place, distance] of own.entries()) {
			if (distance < 0.75) worst = Math.max(worst, others[place] / FINE);
			if (others[place] < 0.75) worst = Math.max(worst, distance / FINE);
		}
	}
	return worst;
}

/** What a control leaves of the variance at points that are no anchors: in the middle of all, and at the worst. */
function variances(losses, grid) {
	const anchors = anchorsOf(grid);
	const others = [...losses.keys()].filter((point) => !anchors.includes(point));
	const left = (controlOf) => {
		const found = others
			.map((point) => varianceLeft(withSamples(noMoments, losses[point], controlOf(point))))
			.sort((a, b) => a - b);
		return `${percent(found[found.length >> 1])}, ${percent(found.at(-1))}`;
	};
	const distance = (a, b) => {
		const [[ax, ay], [bx, by]] = [coordinatesOf(grid, a), coordinatesOf(grid, b)];
		return Math.hypot(ax - bx, ay - by);
	};
	const nearest = (point) => anchors.reduce((a, b) => (distance(point, b) < distance(point, a) ? b : a));
	return {
		"left by origin": left(() => losses[(steps * steps) >> 1]),
		"by nearest anchor": left((point) => losses[nearest(point)]),
		"by anchors around": left((point) => mixed(losses, grid, point)),
	};
}

function mixed(losses, grid, point) {
	const controls = new Float64Array(losses[0].length);
	for (const { anchor, weight } of anchorsAround(grid, point))
		for (let i = 0; i < controls.length; i++) controls[i] += weight * losses[anchor][i];
	return controls;
}

/** In how many shuffles of the samples the intervals of all points and looks hold, without and with anchors. */
function coverage(losses, grid) {
	const population = losses[0].length;
	const anchors = new Set(anchorsOf(grid));
	const truths = losses.map((values) => meanOf(values));
	const controls = losses.map((_, point) => mixed(losses, grid, point));
	const holds = (seed, isControlled) => {
		const order = new RandomStream(seed, "dropout").permutation(population);
		const moments = losses.map(() => noMoments);
		for (let look = 0, from = 0; first * 2 ** look < population; look++) {
			const to = first * 2 ** look;
			const places = order.subarray(from, to);
			from = to;
			for (const [point, values] of losses.entries()) {
				if (isControlled && anchors.has(point)) continue;
				const pick = (all) => Float64Array.from(places, (place) => all[place]);
				moments[point] = withSamples(moments[point], pick(values), isControlled ? pick(controls[point]) : undefined);
				const known = isControlled ? meanOf(controls[point]) : null;
				const { mean, standardError } = estimateOf(moments[point], known, population);
				if (Math.abs(mean - truths[point]) > halfWidthAt(standardError, to, look, losses.length)) return false;
			}
		}
		return true;
	};
	const held = (isControlled) => {
		let count = 0;
		for (let seed = 0; seed < shuffles; seed++) if (holds(seed, isControlled)) count++;
		return percent(count / shuffles);
	};
	return { "all hold": held(false), "with anchors": held(true) };
}

function meanOf(values) {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share) {
	return `${Number((100 * share).toPrecision(2))} %`;
}
