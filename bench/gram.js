/**
 * The products of many networks with each other that their principal components take, beside NumPy's in float64 on the same numbers in
 * the same rounds; the values first.
 *
 * usage: node bench/gram.js [--networks 200] [--parameters 600000] [--threads 2] [--rounds 5] [--python python3]
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { rowsOf, stretchOf } from "../dist/src/section/rows.js";
import { DifferencePasses } from "../dist/src/section/sums.js";
import { machine, median, report } from "./measure.js";
import { uniform } from "./network.js";

const { values: options } = parseArgs({
	options: {
		networks: { type: "string", default: "200" },
		parameters: { type: "string", default: "600000" },
		threads: { type: "string", default: "2" },
		rounds: { type: "string", default: "5" },
		python: { type: "string", default: "python3" },
	},
});
const [count, length, threads, rounds] = [options.networks, options.parameters, options.threads, options.rounds].map(
	Number,
);

/** How far a product may lie from NumPy's, relative to the largest: sums of other orders. */
const BOUND = 1e-12;

const folder = mkdtempSync(join(tmpdir(), "isoloss-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const vectors = Array.from({ length: count }, (_, row) => {
	const next = uniform(row);
	const vector = new Float32Array(new SharedArrayBuffer(4 * length));
	for (let i = 0; i < length; i++) vector[i] = next();
	return vector;
});
const rows = rowsOf(vectors);
const file = join(folder, "rows.f32");
for (const vector of vectors) writeFileSync(file, Buffer.from(vector.buffer), { flag: "a" });

const hasNumpy = spawnSync(options.python, ["-c", "import numpy"]).status === 0;
const { cpu, cores, node } = machine();
console.log(`${cpu}, ${cores} cores, Node ${node}; ${count} networks of ${length} parameters, median of ${rounds}`);
if (!hasNumpy) console.log("NumPy is left out: python3 has none");

const engines = [1, threads].flatMap((working) => [
	{ engine: `isoloss, ${working} threads`, run: () => ours(working), times: [] },
	...(hasNumpy ? [{ engine: `NumPy, ${working} threads`, run: () => numpy(working), times: [] }] : []),
]);
let first;
for (let round = 0; round < rounds; round++)
	for (const { engine, run, times } of engines) {
		const { ms, gram } = await run();
		first ??= gram;
		check(engine, gram);
		times.push(ms);
	}
const products = (count * (count + 1) * length) / 2;
report(
	"gram",
	engines.map(({ engine, times }) => {
		const ms = median(times);
		return {
			engine,
			ms,
			"10⁹ products/s, of one half": products / ms / 1e6,
			"200 networks of 60 M, s": (((ms / products) * 200 * 201 * 60e6) / 2) * 1e-3,
		};
	}),
);

async function ours(working) {
	const passes = new DifferencePasses(rows, vectors.at(-1), { threads: working });
	// Workers are there before the clock starts, as NumPy is.
	await passes.total(() => ({ kind: "gram" }));
	const start = performance.now();
	const gram = await passes.total(() => ({ kind: "gram" }));
	const ms = performance.now() - start;
	await passes.close();
	return { ms, gram };
}

function numpy(working) {
	const peer = fileURLToPath(new URL("./peers/gram.py", import.meta.url));
	const { stdout, status, stderr } = spawnSync(options.python, [peer, file, String(count), String(stretchOf(rows))], {
		env: { ...process.env, OPENBLAS_NUM_THREADS: String(working) },
		maxBuffer: 2 ** 28,
		encoding: "utf8",
	});
	if (status !== 0) throw new Error(stderr);
	return JSON.parse(stdout);
}

function check(engine, gram) {
	const largest = Math.max(...Array.from({ length: count }, (_, i) => first[i * count + i]));
	for (let i = 0; i < count; i++)
		for (let j = 0; j <= i; j++) {
			const off = Math.abs(gram[i * count + j] - first[i * count + j]) / largest;
			if (!(off <= BOUND)) throw new Error(`${engine}: product ${i}, ${j} is off by ${off}`);
		}
}
