/**
 * The memory that a large network takes: dense layers of 60 million parameters in an ONNX file, of which nine points are swept
 * by the command on 1, 2 and 4 threads; and what each MB is for, by the same sweep carried out step by step in one thread.
 *
 * usage: node bench/memory.js [million parameters, default 60]
 *
 * MB are 2²⁰ bytes. RSS is what the operating system counts. In the steps, garbage is collected before each is looked at, so
 * that "held" is what somebody still refers to, and "peak" less than it, what there was at most in between.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SAMPLES, samplesAsCsv, writeNetwork } from "./large.js";
import { machine, report, runCommand, settle } from "./measure.js";

const AXIS = "-1:1:3";
const THREADS = [1, 2, 4];

const [argument = "60", file] = process.argv.slice(2);
const megabytes = (bytes) => bytes / 2 ** 20;

if (argument === "write") await writeNetwork(file, Number(process.argv[4]));
else if (argument === "steps") console.log(JSON.stringify(await steps(file, process.argv[4], process.argv[5])));
else {
	const folder = mkdtempSync(join(tmpdir(), "isoloss-bench-"));
	process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
	compare(folder, Number(argument));
}

/** What a process holds at most counts what its parent held as it was started: all that is large is done by children. */
function compare(folder, millions) {
	const model = join(folder, "large.onnx");
	child("write", model, String(millions));
	const data = join(folder, "samples.csv");
	writeFileSync(data, samplesAsCsv());
	const size = megabytes(statSync(model).size);
	const { cpu, cores, node } = machine();
	console.log(
		`${cpu}, ${cores} cores, Node ${node}; a file of ${size.toFixed(0)} MB, ${SAMPLES} samples, 3×3 points\n`,
	);
	const runs = THREADS.map((threads) => {
		const flags = { model, data, threads, x: AXIS, y: AXIS, out: join(folder, `run-${threads}`) };
		const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
		return { threads, ...runCommand("sweep", [...args, "--quiet"], folder) };
	});
	const [alone] = runs;
	report(
		"memory",
		runs.map(({ threads, peak, seconds }) => {
			const further = threads === 1 ? null : (peak - alone.peak) / (threads - 1);
			return {
				threads,
				"peak RSS, MB": peak,
				"× the file": peak / size,
				"MB a further worker": further,
				"× the file, a further worker": further === null ? null : further / size,
				"whole command, s": seconds,
			};
		}),
	);
	console.log("\nStep by step, one thread:\n");
	const account = JSON.parse(child("steps", model, data, folder));
	report("memory-steps", account.steps);
	console.log("\nWhat is held at the end:\n");
	report("memory-parts", account.parts);
}

function child(...args) {
	const self = fileURLToPath(import.meta.url);
	return execFileSync(process.execPath, ["--expose-gc", self, ...args], { maxBuffer: 2 ** 24 }).toString();
}

/** What is held after each step of a sweep on one thread, and what for. */
async function steps(model, data, folder) {
	const rows = [];
	let peakBefore = 0;
	/** The memory of TensorFlow.js, of which our kernels have no other. */
	let webAssembly = () => 0;
	const look = async (step) => {
		globalThis.gc();
		// Another thread gives the buffers back.
		await settle();
		globalThis.gc();
		const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
		const peak = process.resourceUsage().maxRSS * 1024;
		rows.push({
			step,
			"held, MB": megabytes(rss),
			"of it heap": megabytes(heapUsed),
			"array buffers": megabytes(arrayBuffers),
			WebAssembly: megabytes(webAssembly()),
			"peak so far, MB": peak > peakBefore ? megabytes(peak) : null,
		});
		peakBefore = peak;
		return rss;
	};
	const bare = await look("Node");
	const { resolve } = await import("../dist/src/resolve/index.js");
	const { shareProblem } = await import("../dist/src/sweep/problem.js");
	const { VectorStore } = await import("../dist/src/section/vector-store.js");
	const { PointEvaluator } = await import("../dist/src/sweep/point.js");
	const { Backend } = await import("../dist/src/compute/backend.js");
	const { backend } = await import("@tensorflow/tfjs-core");
	await Backend.start();
	webAssembly = () => backend().wasm.asm.memory.buffer.byteLength;
	const loaded = await look("isoloss loaded, TensorFlow.js started");
	const [min, max, count] = AXIS.split(":").map(Number);
	const axis = { min, max, steps: count };
	const { problem } = await resolve({ model, data, x: axis, y: axis }, { store: new VectorStore(folder) });
	await look("file read, directions drawn, digests taken");
	const shared = await shareProblem(problem);
	await look("vectors put into shared memory");
	const evaluator = await PointEvaluator.create(shared, shared.kernels);
	await look("a worker's evaluator made");
	await evaluator.evaluate([0.5, 0.5]);
	await look("a point evaluated");
	await evaluator.evaluate([-0.5, 0.5]);
	const end = await look("another one");
	const bytes = (vectors) => vectors.reduce((sum, { byteLength = 0 }) => sum + byteLength, 0);
	const known = [
		["Node itself", bare, "RSS of a process that has done nothing"],
		["code of isoloss and TensorFlow.js", loaded - bare, "what loading added to that"],
		["θ0, shared by all workers", bytes(shared.section.vectors), "4 bytes a parameter; δ and η lie in files"],
		["θ, packed, values and scratch, a worker", webAssembly(), "the length of WebAssembly's memory"],
	];
	const sum = known.reduce((total, [, size]) => total + size, 0);
	return {
		steps: rows,
		parts: [
			...known.map(([part, size, how]) => ({ part, MB: megabytes(size), "known by": how })),
			{
				part: "the rest",
				MB: megabytes(end - sum),
				"known by": `RSS at the end, ${megabytes(end).toFixed(0)} MB, less all above; below 0 where pages are reserved and not used`,
			},
		],
	};
}
