/**
 * What a trajectory of many large networks takes: dense layers of 60 million parameters in an ONNX file, checkpoints of a path around
 * them in safetensors files, and the plane of their principal components swept by the command on two threads.
 *
 * usage: node bench/trajectory.js [million parameters, default 60] [numbers of checkpoints, default 8,32]
 *
 * The files and the temporary one of the command lie in the system's directory for such: two times 240 MB a checkpoint.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { samplesAsCsv, writeNetwork } from "./large.js";
import { machine, report, runCommand } from "./measure.js";
import { uniform } from "./network.js";

const THREADS = 2;
const STEPS = 3;

const [argument = "60", counts = "8,32", ...rest] = process.argv.slice(2);

if (argument === "network") await writeNetwork(counts, Number(rest[0]));
else if (argument === "checkpoints") await writeCheckpoints(counts, rest[0], Number(rest[1]), Number(rest[2]));
else {
	const folder = mkdtempSync(join(tmpdir(), "isoloss-bench-"));
	process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
	compare(folder, Number(argument), counts.split(",").map(Number));
}

function compare(folder, millions, numbers) {
	const model = join(folder, "large.onnx");
	child("network", model, String(millions));
	const data = join(folder, "samples.csv");
	writeFileSync(data, samplesAsCsv());
	const size = statSync(model).size / 2 ** 20;
	const { cpu, cores, node } = machine();
	console.log(`${cpu}, ${cores} cores, Node ${node}; files of ${size.toFixed(0)} MB, ${STEPS}×${STEPS} points\n`);
	let written = 0;
	const rows = numbers.map((count) => {
		child("checkpoints", model, folder, String(written), String(count));
		written = count;
		const flags = {
			...{ model, data, threads: THREADS, directions: "pca", trajectory: join(folder, "step-*.safetensors") },
			...{ steps: STEPS, out: join(folder, `run-${count}`) },
		};
		const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
		const { peak, seconds } = runCommand("sweep", [...args, "--quiet"], folder);
		return {
			checkpoints: count,
			"in all, GB": (count * size) / 2 ** 10,
			"peak RSS, MB": peak,
			"whole command, s": seconds,
		};
	});
	report("trajectory", rows);
}

function child(...args) {
	execFileSync(process.execPath, [fileURLToPath(import.meta.url), ...args], { stdio: "inherit" });
}

/** Networks of an arc around that of a file, each with noise of its own: more of them stretch the path. */
async function writeCheckpoints(model, folder, first, end) {
	const { readNetwork, writeWeights } = await import("../dist/src/formats/index.js");
	const path = (step) => join(folder, `step-${step}.safetensors`);
	const before = join(folder, "before");
	await writeWeights(before, await readNetwork(model));
	const bytes = readFileSync(before);
	rmSync(before);
	// The numbers follow the header, whose length is a multiple of 8 and stands before it.
	const start = 8 + Number(bytes.readBigUInt64LE(0));
	const origin = new Float32Array(bytes.buffer.slice(bytes.byteOffset + start));
	const [x, y] = [9, 10].map((seed) => randomFloats(origin.length, seed));
	for (let step = first; step < end; step++) {
		const [a, b] = [0.01 * Math.cos(step / 9), 0.01 * Math.sin(step / 9)];
		const noise = uniform(100 + step);
		const values = new Float32Array(origin.length);
		for (let i = 0; i < values.length; i++) values[i] = origin[i] + a * x[i] + b * y[i] + 1e-4 * noise();
		bytes.set(new Uint8Array(values.buffer), start);
		writeFileSync(path(step), bytes);
	}
}

function randomFloats(length, seed) {
	const next = uniform(seed);
	const values = new Float32Array(length);
	for (let i = 0; i < length; i++) values[i] = next();
	return values;
}
