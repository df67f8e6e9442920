import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ExecutionContext } from "ava";
import type { Evaluator } from "../src/compute/evaluator.js";
import type { Dataset } from "../src/data/dataset.js";
import { RandomStream } from "../src/exact/random.js";
import type { Graph, Parameter } from "../src/network/graph.js";
import type { State } from "../src/network/parameters.js";
import { losses } from "../src/objective/losses/index.js";
import { probeNamed } from "../src/probe/index.js";
import { measure } from "../src/probe/measure.js";
import { type Axis, regularGrid } from "../src/surface/grid.js";
import type { PlanRecord, Provenance } from "../src/surface/provenance.js";
import { emptySurface, type Surface } from "../src/surface/surface.js";

/** The project's root, two levels above dist/test. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** An empty directory that goes when the test ends. */
export async function temporaryDirectory(t: ExecutionContext): Promise<string> {
	const directory = await mkdtemp(join(tmpdir(), "isoloss-"));
	t.teardown(() => rm(directory, { recursive: true, force: true }));
	return directory;
}

/** A small network of the same kinds of layers as the default one, for images [6, 6, 1] of 7 classes. */
export function tinyCnn(): Graph {
	const parameter = (name: string, shape: number[], kind: "kernel" | "bias", fanIn: number): Parameter => {
		const permutation = shape.map((_, axis) => axis);
		const filterAxes = kind === "kernel" ? [shape.length - 1] : [];
		return { name, shape, kind, filterAxes, fanIn, native: { shape, view: shape, permutation } };
	};
	return {
		name: "tiny-cnn",
		inputs: [{ name: "x", shape: [6, 6, 1] }],
		nodes: [
			{ op: "conv2d", inputs: ["x", "k", "b"], output: "c", attributes: { strides: [1, 1], padding: "valid" } },
			{ op: "relu", inputs: ["c"], output: "r", attributes: {} },
			{ op: "maxPool", inputs: ["r"], output: "p", attributes: { window: [2, 2], strides: [2, 2], padding: "valid" } },
			{ op: "flatten", inputs: ["p"], output: "f", attributes: {} },
			{ op: "dense", inputs: ["f", "w1", "b1"], output: "h", attributes: {} },
			{ op: "relu", inputs: ["h"], output: "s", attributes: {} },
			{ op: "dense", inputs: ["s", "w2", "b2"], output: "logits", attributes: {} },
		],
		parameters: [
			parameter("k", [3, 3, 1, 24], "kernel", 9),
			parameter("b", [24], "bias", 9),
			parameter("w1", [96, 36], "kernel", 96),
			parameter("b1", [36], "bias", 96),
			parameter("w2", [36, 7], "kernel", 36),
			parameter("b2", [7], "bias", 36),
		],
		output: "logits",
	};
}

/** A network that is one product with a matrix w. */
export function product(name: string, inputs: number, outputs: number): Graph {
	const shape = [inputs, outputs];
	return {
		name,
		inputs: [{ name: "x", shape: [inputs] }],
		nodes: [{ op: "dense", inputs: ["x", "w"], output: "y", attributes: {} }],
		parameters: [
			{
				...{ name: "w", shape, kind: "kernel", filterAxes: [1], fanIn: inputs },
				native: { shape, view: shape, permutation: [0, 1] },
			},
		],
		output: "y",
	};
}

/**
 * A network of so many weights w and no bias, and data on which its loss mse is |w|²: inputs are the unit vectors times the root of how
 * many there are, targets 0.
 */
export function bowl(weights: number): { readonly graph: Graph; readonly data: Dataset<Float32Array> } {
	const inputs = new Float32Array(weights * weights);
	for (let i = 0; i < weights; i++) inputs[i * (weights + 1)] = Math.sqrt(weights);
	return {
		graph: product("bowl", weights, 1),
		data: { name: "axes", samples: weights, sampleShape: [weights], inputs, targets: new Float32Array(weights) },
	};
}

/** Parameters of a network without running statistics. */
export function stateOf(...parameters: number[]): State {
	return { parameters: Float32Array.from(parameters), statistics: new Float32Array() };
}

/** Random images and labels for the small network. */
export function tinyData(samples: number, seed = 11): Dataset<Float32Array> {
	const random = new RandomStream(seed, "sampleOrder");
	return {
		name: "tiny",
		samples,
		sampleShape: [6, 6, 1],
		inputs: gaussians(samples * 36, seed),
		targets: Int32Array.from({ length: samples }, () => random.below(7)),
	};
}

/** `count` Gaussians as float32, always the same for a seed. */
export function gaussians(count: number, seed = 0): Float32Array {
	const random = new RandomStream(seed, "directionX");
	return Float32Array.from({ length: count }, () => random.normal());
}

/** The bytes of an IDX file of unsigned bytes. */
export function idxBytes(shape: readonly number[], values: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(4 + 4 * shape.length + values.length);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, 0x0800 | shape.length);
	for (const [axis, length] of shape.entries()) view.setUint32(4 + 4 * axis, length);
	bytes.set(values, 4 + 4 * shape.length);
	return bytes;
}

/** Writes a directory of IDX files, both splits alike, with random images of 28×28 and labels 0 to 9. */
export async function writeIdxDirectory(directory: string, samples: number): Promise<void> {
	const random = new RandomStream(7, "sampleOrder");
	const images = idxBytes(
		[samples, 28, 28],
		Uint8Array.from({ length: samples * 784 }, () => random.below(256)),
	);
	const labels = idxBytes(
		[samples],
		Uint8Array.from({ length: samples }, (_, i) => i % 10),
	);
	await mkdir(directory, { recursive: true });
	for (const prefix of ["train", "t10k"]) {
		await writeFile(join(directory, `${prefix}-images-idx3-ubyte`), images);
		await writeFile(join(directory, `${prefix}-labels-idx1-ubyte`), labels);
	}
}

/** Provenance for surfaces that come from no network. */
export function provenance(plan: Partial<PlanRecord> = {}): Provenance {
	return {
		plan: { model: "test", samples: 1, precision: "exact", x: "0:1:2", y: "0:1:2", ...plan } as PlanRecord,
		version: "0.0.0",
		caption: ["test"],
		assumptions: [],
		notes: {},
	};
}

/** A surface of loss and accuracy with nothing done. */
export function newSurface(
	x: Axis,
	y: Axis | null,
	given: Provenance = provenance(),
	extras: number[][] = [],
): Surface {
	const fields = [
		{ name: "loss", label: "loss", unit: "loss" },
		{ name: "accuracy", label: "accuracy", unit: "fraction" },
	] as const;
	return emptySurface({ grid: regularGrid(x, y), extras, fields, anchors: [], provenance: given });
}

/** Mean softmax cross-entropy and accuracy of a network at some parameters. */
export async function measured(evaluator: Evaluator, parameters: Float32Array, { samples, targets }: Dataset) {
	const subject = { loss: losses["softmax-cross-entropy"], samples, classes: 0, targets, dimensions: 2 };
	const probes = [probeNamed("loss"), probeNamed("accuracy")];
	const [loss = Number.NaN, accuracy = Number.NaN] = await measure(probes, subject, evaluator.outputs(parameters));
	return { loss, accuracy };
}

/** The values of a surface's first two fields, to be set. */
export function valuesOf({ fields }: Surface): { readonly loss: Float64Array; readonly accuracy: Float64Array } {
	const [loss, accuracy] = fields.map(({ values }) => values);
	if (loss === undefined || accuracy === undefined) throw new RangeError("expected two fields");
	return { loss, accuracy };
}

export interface Finished {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** A command of isoloss as a process of its own, in a directory of the test. */
export function start(script: string, args: readonly string[], cwd: string) {
	return collect(spawn(process.execPath, [join(root, "scripts", script), ...args], { cwd }));
}

/** Kills a process of `start` as soon as a file is there that it writes on its way. */
export async function killOnceThere({ child, finished }: ReturnType<typeof start>, path: string): Promise<Finished> {
	while ((await stat(path).catch(() => undefined)) === undefined && child.exitCode === null)
		await new Promise((resolve) => setTimeout(resolve, 5));
	child.kill("SIGKILL");
	return finished;
}

/** What a process prints, and how it ends. */
export function collect(child: ChildProcessWithoutNullStreams) {
	let stdout = "";
	let stderr = "";
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		stdout += text;
	});
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		stderr += text;
	});
	const finished = new Promise<Finished>((resolve, reject) => {
		child.on("error", reject);
		child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
	});
	return { child, finished };
}

export function run(script: string, args: readonly string[], cwd: string): Promise<Finished> {
	return start(script, args, cwd).finished;
}

/** The same by the command's own name, as it is called where isoloss is installed. */
export function runIsoloss(args: readonly string[], cwd: string): Promise<Finished> {
	return collect(spawn(process.execPath, [join(root, "dist", "bundle", "main.js"), ...args], { cwd })).finished;
}
