/** The run files that the backends are compared on: made for networks of five sizes, or anybody's, and opened again. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";
import { formatSafetensors } from "../../dist/src/formats/safetensors.js";
import { modelByName, readRun, sweep, withoutShortcuts } from "../../dist/src/index.js";
import { initialize } from "../../dist/src/network/initialize.js";
import { toNamedTensors } from "../../dist/src/network/parameters.js";
import { planeOptions } from "../../dist/src/options/plane/index.js";
import { sweepOptions } from "../../dist/src/options/sweep.js";
import { flagOf } from "../../dist/src/options/table.js";
import { resolve } from "../../dist/src/resolve/index.js";
import { coordinatesOf, gridPoints } from "../../dist/src/surface/grid.js";
import { planDifferences } from "../../dist/src/surface/provenance.js";
import { fieldNamed } from "../../dist/src/surface/surface.js";
import { Draft, resnet18 } from "../draft.js";
import { uniform } from "../network.js";

/** Where networks, data and runs lie: beside the results. */
const directory = fileURLToPath(new URL("../results/gpu/", import.meta.url));

/** By name: what stands on the command line of their sweep. */
export const networks = {
	mlp: () => ["--model", "mlp", "--weights", freshWeights("mlp")],
	"resnet-8": () => ["--model", "resnet-8", "--weights", freshWeights("resnet-8")],
	"mnist-cnn": () => ["--model", "mnist-cnn"],
	"resnet-20": () => ["--model", "resnet-20", "--weights", freshWeights("resnet-20")],
	"resnet-18": ({ samples, image }) => ["--model", resnet18File(image), "--data", randomImages(samples, image)],
};

/**
 * Sweeps a network by the stock kernels, and keeps the run; one that is there already is taken as it is.
 *
 * @returns the path of the run file, and what to call the network
 */
export async function makeRun(name, settings) {
	const { grid, samples, threads } = settings;
	mkdirSync(directory, { recursive: true });
	const axis = `-1:1:${grid}`;
	const words = [...networks[name](settings), "--samples", String(samples), "--x", axis, "--y", axis];
	const command = ["isoloss", "sweep", ...words, "--fields", "loss", "--precision", "exact"].join(" ");
	const { files } = await sweep({
		...requestOf(command),
		threads,
		out: (_, digest) => join(directory, `${name}-${digest.slice(0, 8)}`),
		notes: { command },
	});
	return { path: files[0], name: name === "resnet-18" ? `${name} at ${settings.image}²` : name };
}

/**
 * All that the values of a run file depend on, read anew from the files that its command names and compared with the digests
 * in it; and the loss at each point by the stock kernels, from the file where it has them.
 *
 * @throws {Error} when what is there now is not what the run was made from
 */
export async function openRun(path, threads) {
	const { surface } = await readRun(path);
	const { plan, notes } = surface.provenance;
	if (typeof notes.command !== "string")
		throw new Error(`${path}: expected the file of a sweep on the command line, which says how it was made`);
	const request = requestOf(notes.command);
	const { problem, grid, plan: planNow } = await resolve(request);
	const differences = planDifferences(plan, planNow);
	if (differences.length > 0) throw new Error(`${path}: ${differences.join("; ")}`);
	if (!["running", "fixed"].includes(problem.batchNorm))
		throw new Error(`${path}: batch norm ${problem.batchNorm} is not compared`);
	if (problem.loss.startsWith("file:")) throw new Error(`${path}: a loss of one's own is not compared`);
	const points = gridPoints(grid);
	const isReference = plan.precision === "exact" && surface.done.every((mark) => mark === 1);
	const reference = isReference ? surface : (await sweep({ ...request, precision: "exact", threads })).surface;
	return {
		problem: { ...problem, probes: ["loss"] },
		grid,
		places: Array.from({ length: points }, (_, point) => coordinatesOf(grid, point)),
		exact: fieldNamed(reference, "loss").values.slice(0, points),
	};
}

/**
 * What a command line of `sweep` asks for, but for what is kept and told. Its words are joined by spaces, which paths may have
 * too: what follows a flag goes on to the next.
 */
function requestOf(command) {
	const given = {};
	for (const part of command.split(" --").slice(1)) {
		const [, flag, text] = part.match(/^([\w-]+)[ =]?(.*)$/s) ?? [];
		const property = Object.keys(sweepOptions).find((name) => flagOf(name) === `--${flag}`);
		if (property === undefined) throw new Error(`--${flag}: no flag of sweep, in "${command}"`);
		const { placeholder, repeats, parse } = sweepOptions[property];
		const value = placeholder === null ? true : parse(property, text);
		given[property] = repeats ? [...(given[property] ?? []), value] : value;
	}
	if (given.noSkip) given.model = withoutShortcuts(given.model);
	return Object.fromEntries(Object.entries(given).filter(([property]) => property in planeOptions));
}

/** Parameters as they are before training: what an engine takes for a point does not depend on them. */
function freshWeights(model) {
	const graph = modelByName(model);
	const tensors = toNamedTensors(graph, initialize(graph, 0));
	return written(`${model}.safetensors`, formatSafetensors({ tensors, metadata: { format: "pt" } }));
}

/** With random weights. @param side of its images */
function resnet18File(side) {
	const draft = new Draft(7);
	const output = resnet18(draft);
	return written(`resnet-18-${side}.onnx`, draft.finish({ shape: [3, side, side] }, output));
}

function randomImages(samples, side) {
	const next = uniform(5);
	const x = Float32Array.from({ length: samples * 3 * side * side }, () => next());
	const y = Int32Array.from({ length: samples }, () => Math.floor((next() + 1) * 500));
	const arrays = { "x.npy": npy(x, "<f4", [samples, 3, side, side]), "y.npy": npy(y, "<i4", [samples]) };
	return written(`images-${side}-${samples}.npz`, zipSync(arrays, { level: 0 }));
}

/** An array as NumPy writes it, version 1.0: magic bytes, the length of the header, the header, the values. */
function npy(values, type, shape) {
	const head = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(", ")},), }`;
	const padded = `${head.padEnd(Math.ceil((head.length + 11) / 64) * 64 - 11)}\n`;
	const length = Buffer.alloc(2);
	length.writeUInt16LE(padded.length);
	const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
	return new Uint8Array(
		Buffer.concat([Buffer.from("\x93NUMPY\x01\x00", "latin1"), length, Buffer.from(padded), bytes]),
	);
}

function written(name, bytes) {
	const path = join(directory, name);
	writeFileSync(path, bytes);
	return path;
}
