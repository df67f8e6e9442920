/**
 * Whole sweeps beside what a user would pick instead: isoloss, a plain loop over onnxruntime-node, and what the reference code
 * of Li et al. 2018 does in PyTorch (bench/peers/reference.py). All have the same network, parameters, directions, samples and
 * grid, and as many threads; every one is a process of its own, they take turns, and every loss of every run must agree with
 * ours before a time is printed.
 *
 * usage: node bench/sweep.js [--networks mnist-cnn,mlp,resnet-20] [--grid 25] [--samples 256] [--threads 2] [--rounds 3]
 *                            [--python python3]
 *
 * Only mnist-cnn is trained; the others have fresh parameters. PyTorch is left out where the Python has no torch.
 *
 * "Whole command" is from the start of the process to its end, in which isoloss alone draws pictures too; "to the surface" until
 * the file of the losses (surface.csv of ours) is written. The rate leaves start-up out: of the peers it is that of their loop,
 * ours that of a sweep on workers that have made another one before. Of `isoloss --adaptive` it counts the points of the whole
 * surface, of which it computes a part.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { formatSafetensors } from "../dist/src/formats/safetensors.js";
import { fieldNamed, gridPoints, initialize, modelByName, readRun } from "../dist/src/index.js";
import { toNamedTensors } from "../dist/src/network/parameters.js";
import { resolve } from "../dist/src/resolve/index.js";
import { machine, median, report } from "./measure.js";
import { readLosses, writeHandover } from "./peers/handover.js";

const { values: options } = parseArgs({
	options: {
		networks: { type: "string", default: "mnist-cnn,mlp,resnet-20" },
		grid: { type: "string", default: "25" },
		samples: { type: "string", default: "256" },
		threads: { type: "string", default: "2" },
		rounds: { type: "string", default: "3" },
		python: { type: "string", default: "python3" },
	},
});
const { threads, python } = options;
const rounds = Number(options.rounds);

/**
 * How far a loss may lie from ours, relative to the larger of it and 1: each engine rounds sums of thousands of products its
 * own way, and PyTorch forms θ in float32. A wrong layer or sample is off by far more.
 */
const BOUND = 2e-5;

const folder = mkdtempSync(join(tmpdir(), "isoloss-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const torch = spawnSync(python, ["-c", "import torch; print(torch.__version__)"], { encoding: "utf8" });
if (torch.status !== 0) console.log(`${python} has no torch: PyTorch is left out (--python names another)\n`);

const rows = [];
for (const network of options.networks.split(",")) rows.push(...(await timesOf(network)));
const { cpu, cores, node } = machine();
console.log(
	`${cpu}, ${cores} cores, Node ${node}${torch.status === 0 ? `, PyTorch ${torch.stdout.trim()}` : ""}; ${options.grid}×${options.grid} ` +
		`points of ${options.samples} images, ${threads} threads, median of ${rounds}; all losses within ${BOUND} of ours\n`,
);
report("sweep", rows);

/** Whether `--adaptive` takes so many steps an axis. */
function isAdaptable(steps) {
	return steps >= 17 && steps % 4 === 1;
}

async function timesOf(network) {
	const place = join(folder, network);
	const request = requestOf(network, Number(options.grid));
	writeHandover(place, await resolve(request));
	writeHandover(`${place}-trial`, await resolve({ ...request, x: axis(3), y: axis(3) }));
	const competitors = [
		ours(request, place),
		...(isAdaptable(Number(options.grid)) ? [ours({ ...request, adaptive: true }, place, "isoloss --adaptive")] : []),
		onnxruntime(network, place),
		...(torch.status === 0 ? pytorch(place) : []),
	];
	const results = new Map(competitors.map(({ engine }) => [engine, []]));
	let expected;
	for (let round = 0; round < rounds; round++)
		for (const { engine, run } of competitors) {
			const { losses, interpolated, ...times } = await run();
			expected ??= losses;
			const off = farthest(losses, expected, interpolated);
			if (!(off <= BOUND)) throw new Error(`${network}, ${engine}: a loss is off by ${off}`);
			results.get(engine).push({ ...times, off });
		}
	const middle = (engine, key) => median(results.get(engine).map((times) => times[key]));
	const points = expected.length;
	return competitors.map(({ engine }) => ({
		network,
		engine,
		"whole command, s": middle(engine, "whole"),
		"to the surface, s": middle(engine, "surface"),
		"points/s without start-up": points / middle(engine, "loop"),
		"isoloss is faster, to the surface": middle(engine, "surface") / middle("isoloss", "surface"),
		"by points/s": middle(engine, "loop") / middle("isoloss", "loop"),
		"losses off by": Math.max(...results.get(engine).map(({ off }) => off)).toExponential(1),
	}));
}

/** The command as a user types it; and its rate by the library, whose workers have started before. */
function ours(request, place, engine = "isoloss") {
	const { model, weights, samples, x, y, adaptive } = request;
	const out = `${place}-run`;
	const known = { model, ...(weights && { weights }), samples, threads, x: text(x), y: text(y), out };
	const flags = { ...known, ...(adaptive && { adaptive }) };
	const argv = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
	const command = [script("../scripts/sweep.js"), ...argv, "--fresh", "--quiet"];
	const library = [script("peers/isoloss.js"), `${place}.ours`, threads, JSON.stringify(request)];
	return {
		engine,
		async run() {
			const times = timed(process.execPath, command, join(out, "surface.csv"));
			const { surface } = await readRun(join(out, "run.msgpack"));
			const losses = fieldNamed(surface, "loss").values.slice(0, gridPoints(surface.grid));
			const { loop } = timed(process.execPath, library, `${place}.ours`);
			const again = readLosses(`${place}.ours`);
			if (farthest(again, losses) !== 0) throw new Error("the command and the library disagree");
			return { ...times, loop, losses, interpolated: surface.interpolated };
		},
	};
}

/** By the faster of the two ways to give it weights, as a trial of nine points finds it. */
function onnxruntime(network, place) {
	const out = `${place}.onnxruntime`;
	const loop = (from, way) => timed(process.execPath, [script("peers/onnxruntime.js"), from, out, threads, way], out);
	const [inputs, session] = ["inputs", "session"].map((way) => loop(`${place}-trial`, way).loop / 9);
	console.log(
		`${network}, onnxruntime-node: ${(1000 * inputs).toFixed(1)} ms a point with weights as inputs, ` +
			`${(1000 * session).toFixed(1)} with a session a point`,
	);
	return peer("onnxruntime-node, a loop", out, () => loop(place, inputs < session ? "inputs" : "session"));
}

function pytorch(place) {
	const out = `${place}.pytorch`;
	const ways = {
		"PyTorch, the reference's way": ["--workers", "2"],
		"PyTorch, its loader in one process": ["--workers", "0"],
		"PyTorch, batches cut beforehand": ["--tensor-batches"],
	};
	return Object.entries(ways).map(([engine, flags]) =>
		peer(engine, out, () =>
			timed(python, [script("peers/reference.py"), place, out, "--threads", threads, ...flags], out),
		),
	);
}

function peer(engine, out, run) {
	return { engine, run: async () => ({ ...run(), losses: readLosses(out) }) };
}

/** Runs a process: the seconds until it ended, until its surface was written, and those that it says its loop took. */
function timed(command, args, surface) {
	const start = Date.now();
	const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
	const whole = (Date.now() - start) / 1000;
	if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? stderr}`);
	const loop = stdout.startsWith("{") ? JSON.parse(stdout).seconds : undefined;
	return { whole, surface: (statSync(surface).mtimeMs - start) / 1000, loop };
}

function requestOf(model, steps) {
	const request = { model, samples: Number(options.samples), x: axis(steps), y: axis(steps) };
	if (model === "mnist-cnn") return request;
	const graph = modelByName(model);
	const weights = join(folder, `${model}.safetensors`);
	const tensors = toNamedTensors(graph, initialize(graph, 0));
	writeFileSync(weights, formatSafetensors({ tensors, metadata: { format: "pt" } }));
	return { ...request, weights };
}

function axis(steps) {
	return { min: -1, max: 1, steps };
}

function text({ min, max, steps }) {
	return `${min}:${max}:${steps}`;
}

function script(name) {
	return fileURLToPath(new URL(name, import.meta.url));
}

/** The largest difference of any loss; of an adaptive sweep, of those that are computed. */
function farthest(losses, expected, interpolated) {
	if (losses.length !== expected.length) throw new Error(`${losses.length} losses, expected ${expected.length}`);
	return losses.reduce(
		(most, loss, i) =>
			interpolated?.[i] === 1
				? most
				: Math.max(most, Math.abs(loss - expected[i]) / Math.max(1, Math.abs(expected[i]))),
		0,
	);
}
