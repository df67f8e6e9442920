/**
 * The same sweep by the GPU backends of a browser and by what computes on the processor: networks, parameters, directions, data
 * and grid of run files, on TensorFlow.js (WebGL, WebGPU), onnxruntime-web (WebGPU), stock TensorFlow.js on WebAssembly,
 * onnxruntime-node and isoloss. All must agree on the losses before a time is printed. Writes results/gpu-VERSION.json and .html.
 *
 * usage: node bench/gpu.js [options]
 *
 *   --networks LIST   of mlp, resnet-8, mnist-cnn, resnet-20 and resnet-18, each with its samples where given: mlp,resnet-18:16
 *   --run FILE        a run file of `isoloss sweep`; may be given several times
 *   --grid N          points along each axis of the networks' planes
 *   --samples N       samples a point
 *   --image N         the side of ResNet-18's images
 *   --threads N       the most threads; the machine's parallelism by default
 *   --rounds N        2 by default
 *   --limit SECONDS   after which an engine begins no further point of a network
 *   --browser PATH    of Chromium or Chrome; one of a usual name on the PATH by default
 *   --adapter KIND    hardware, software, or any (the default): software only where there is no hardware
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { multiplyAdds } from "../dist/src/network/infer-shapes.js";
import { Browser, findBrowser } from "./gpu/browser.js";
import { allEngines } from "./gpu/engines.js";
import { judge } from "./gpu/judge.js";
import { publish } from "./gpu/publish.js";
import { makeRun, networks, openRun } from "./gpu/runs.js";
import { writeTasks } from "./gpu/write-tasks.js";

/** What is measured where nothing is said. Software takes seconds for what GPUs do in milliseconds. */
const defaults = {
	hardware: { grid: "5", samples: "64", image: "224", limit: "60" },
	software: { grid: "3", samples: "2", image: "64", limit: "2" },
};

const text = { type: "string" };
const { values: given } = parseArgs({
	options: {
		networks: text,
		run: { ...text, multiple: true, default: [] },
		grid: text,
		samples: text,
		image: text,
		threads: { ...text, default: String(availableParallelism()) },
		rounds: { ...text, default: "2" },
		limit: text,
		browser: text,
		adapter: { ...text, default: "any" },
	},
});
const [threads, rounds] = [Number(given.threads), Number(given.rounds)];

const { browser, reason } = await openBrowser();
const adapters = browser?.adapters ?? { webgl: null, webgpu: null };
const isHardware = Object.values(adapters).some((adapter) => adapter?.isSoftware === false);
const { grid, samples, image, limit } = { ...defaults[isHardware ? "hardware" : "software"], ...given };
const engines = allEngines({ browser, reason, threads, limit: Number(limit) });

const folder = mkdtempSync(join(tmpdir(), "isoloss-gpu-"));
const rows = [];
try {
	for (const [number, file] of (await runFiles()).entries()) rows.push(...(await compareOn(file, `run-${number}`)));
} finally {
	browser?.close();
	rmSync(folder, { recursive: true });
}
const version = browser === undefined ? reason : `Chromium ${browser.version}`;
if (!publish(rows, { engines, browser: version, adapters, rounds })) process.exitCode = 1;

/** Without a browser the rest is measured all the same. */
async function openBrowser() {
	const allow = { hardware: given.adapter !== "software", software: given.adapter !== "hardware" };
	try {
		return { browser: await Browser.open(given.browser ?? findBrowser(), allow) };
	} catch (error) {
		return { reason: `no browser: ${error.message.split("\n")[0]}` };
	}
}

/** Those of the networks, made where there are none, and those that were given. */
async function runFiles() {
	const names = given.networks?.split(",") ?? (given.run.length > 0 ? [] : Object.keys(networks));
	const made = [];
	for (const [name, count = samples] of names.map((each) => each.split(":"))) {
		if (!Object.hasOwn(networks, name))
			throw new Error(`--networks: expected some of ${Object.keys(networks).join(", ")}, got ${name}`);
		made.push(await makeRun(name, { grid: Number(grid), samples: Number(count), image: Number(image), threads }));
	}
	return [...made, ...given.run.map((path) => ({ path, name: basename(dirname(resolve(path))) }))];
}

/** A row for each engine on one run file. */
async function compareOn({ path, name }, task) {
	const run = await openRun(path, threads);
	const { data, graph, section } = run.problem;
	const tasks = writeTasks(run, folder, task);
	const network = `${name}, ${data.samples} ${data.samples === 1 ? "sample" : "samples"}`;
	const answers = new Map(engines.map((engine) => [engine, []]));
	for (let round = 1; round <= rounds; round++)
		for (const engine of engines) {
			const before = answers.get(engine);
			// What has failed once fails again.
			if (before.some(({ failure }) => failure !== undefined)) continue;
			console.error(`${network}: ${engine.name}, round ${round} of ${rounds}`);
			before.push(await engine.run(tasks));
		}
	return engines.map((engine) => ({
		network,
		parameters: section.vectors[0].length,
		"multiply-adds a point": multiplyAdds(graph) * data.samples,
		engine: engine.name,
		adapter: engine.adapter,
		...judge(answers.get(engine), run.exact),
		of: engine,
	}));
}
