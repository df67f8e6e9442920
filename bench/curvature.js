/**
 * Gradients and Hessian-vector products: how long they take in units of a forward pass, beside the stock kernels of TensorFlow.js, and,
 * where python3 has torch, beside double backward in PyTorch on the same network, samples and threads; the values first. Then the five
 * largest eigenvalues, end to end.
 *
 * usage: node bench/curvature.js [--networks mnist-cnn,resnet-8] [--samples 1000] [--threads 2] [--rounds 5] [--python python3]
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Derivatives } from "../dist/src/curvature/derivatives.js";
import { formatSafetensors } from "../dist/src/formats/safetensors.js";
import { curvature, initialize, modelByName } from "../dist/src/index.js";
import { toNamedTensors } from "../dist/src/network/parameters.js";
import { resolve } from "../dist/src/resolve/index.js";
import { dot, norm } from "../dist/src/section/products.js";
import { machine, median, report } from "./measure.js";
import { writeHandover } from "./peers/handover.js";

const { values: options } = parseArgs({
	options: {
		networks: { type: "string", default: "mnist-cnn,resnet-8" },
		samples: { type: "string", default: "1000" },
		threads: { type: "string", default: "2" },
		rounds: { type: "string", default: "5" },
		python: { type: "string", default: "python3" },
	},
});
const [samples, threads, rounds] = [options.samples, options.threads, options.rounds].map(Number);

/** How far a value may lie from PyTorch's, relative to it: relu networks of float32 have kinks within rounding. */
const BOUND = 1e-3;

const folder = mkdtempSync(join(tmpdir(), "isoloss-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const { cpu, cores, node } = machine();
const hasTorch = spawnSync(options.python, ["-c", "import torch"]).status === 0;
console.log(`${cpu}, ${cores} cores, Node ${node}; ${samples} samples, ${threads} threads, median of ${rounds}`);
if (!hasTorch) console.log("PyTorch is left out: python3 has no torch");

const rows = [];
for (const network of options.networks.split(",")) rows.push(...(await rowsOf(network)));
report("curvature", rows);

async function rowsOf(network) {
	const request = requestOf(network);
	const found = [await ours(request, "fast"), await ours(request, "exact")];
	const place = join(folder, network);
	writeHandover(place, await resolve(request));
	const peer = hasTorch ? [pytorch(place)] : [];
	for (const { engine, gradientNorm, vHv, productNorm } of [...found, ...peer]) {
		const [first] = found;
		const off = Math.max(
			...[
				[gradientNorm, first.gradientNorm],
				[vHv, first.vHv],
				[productNorm, first.productNorm],
			].map(([a, b]) => Math.abs(a - b) / Math.abs(b)),
		);
		if (!(off <= BOUND)) throw new Error(`${network}, ${engine}: a value is off by ${off}`);
	}
	const start = performance.now();
	const { top, products } = await curvature({ ...commonOf(network), top: 5, bottom: 0, threads });
	const seconds = (performance.now() - start) / 1000;
	console.log(
		`${network}: ${top.map(({ value }) => value.toPrecision(6)).join(", ")} by ${products} products in ${seconds.toFixed(1)} s, start-up included`,
	);
	const [fast] = found;
	return [...found, ...peer].map(({ engine, forward, gradient, product, vHv }) => ({
		network,
		engine,
		"forward, ms": forward,
		"gradient, ms": gradient,
		"Hv, ms": product,
		"Hv in gradients": product / gradient,
		"Hv in forwards": product / forward,
		"ours faster, gradient": gradient / fast.gradient,
		"ours faster, Hv": product / fast.product,
		v·Hv: vHv.toPrecision(7),
	}));
}

/** A network with the parameters that come with it, or fresh ones in a file. */
function commonOf(network) {
	const common = { model: network, data: "mnist", samples };
	if (network === "mnist-cnn") return common;
	const graph = modelByName(network);
	const path = join(folder, `${network}.safetensors`);
	writeFileSync(
		path,
		formatSafetensors({ tensors: toNamedTensors(graph, initialize(graph, 0)), metadata: { format: "pt" } }),
	);
	return { ...common, weights: path };
}

function requestOf(network) {
	const axis = { min: -1, max: 1, steps: 2 };
	return { ...commonOf(network), x: axis, y: axis };
}

async function ours(request, precision) {
	const { problem } = await resolve({ ...request, precision });
	const { graph, data, loss, lossSettings, section } = problem;
	const [parameters, direction] = section.vectors;
	const state = { parameters, statistics: section.statistics[0] ?? new Float32Array() };
	const derivatives = await Derivatives.start(
		{ graph, state, data, loss, lossSettings, still: [], precision },
		threads,
	);
	const length = norm(direction);
	const vector = Float32Array.from(direction, (part) => part / length);
	const gradient = await derivatives.gradient();
	const product = await derivatives.product(vector);
	const time = async (work) => {
		const times = [];
		for (let round = 0; round < rounds; round++) {
			const start = performance.now();
			await work();
			times.push(performance.now() - start);
		}
		return median(times);
	};
	const result = {
		engine: precision === "fast" ? "isoloss" : "TensorFlow.js wasm, stock",
		gradientNorm: norm(gradient),
		vHv: dot(vector, product),
		productNorm: norm(product),
		forward: await time(() => derivatives.value()),
		gradient: await time(() => derivatives.gradient()),
		product: await time(() => derivatives.product(vector)),
	};
	await derivatives.close();
	return result;
}

function pytorch(place) {
	const out = `${place}.json`;
	const script = fileURLToPath(new URL("peers/curvature.py", import.meta.url));
	const { status, stderr } = spawnSync(
		options.python,
		[script, place, out, "--threads", String(threads), "--rounds", String(rounds)],
		{ encoding: "utf8" },
	);
	if (status !== 0) throw new Error(stderr);
	return { engine: "PyTorch, double backward", ...JSON.parse(readFileSync(out, "utf8")) };
}
