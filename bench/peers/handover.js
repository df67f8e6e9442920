import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parameterLayout, slice, statisticsLayout, toNative } from "../../dist/src/network/parameters.js";
import { axesOf, axisValues } from "../../dist/src/surface/grid.js";

/**
 * What a peer needs to sweep the surface that isoloss sweeps, as files of plain numbers: manifest.json says what they are.
 * Tensors and samples lie channels first, as PyTorch and ONNX have them, little-endian:
 *
 * - origin.f32, x.f32, y.f32: θ0, δ and η, tensor after tensor; statistics.f32: running means and variances
 * - samples.f32: normalised; targets.i32: the class of each
 *
 * @param resolved what `resolve` makes of a request: a classifier on images, and a plane
 */
export function writeHandover(folder, { problem, grid }) {
	const { graph, section, data } = problem;
	const [height, width, channels] = data.sampleShape;
	const image = {
		shape: [channels, height, width],
		view: [data.samples, channels, height, width],
		permutation: [0, 2, 3, 1],
	};
	const layout = parameterLayout(graph);
	const statistics = statisticsLayout(graph);
	const [origin, x, y] = section.vectors.map((vector) => channelsFirst(layout, vector));
	const axes = axesOf(grid);
	mkdirSync(folder, { recursive: true });
	const files = {
		"origin.f32": origin,
		"x.f32": x,
		"y.f32": y,
		"statistics.f32": channelsFirst(statistics, section.statistics[0]),
		"samples.f32": toNative(data.inputs, image),
		"targets.i32": data.targets,
	};
	for (const [name, values] of Object.entries(files))
		writeFileSync(join(folder, name), new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
	const manifest = {
		samples: data.samples,
		sampleShape: image.shape,
		alpha: [...axisValues(axes.x)],
		beta: [...axisValues(axes.y)],
		tensors: described(layout),
		statistics: described(statistics),
		...channelsFirstNodes(graph),
	};
	writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
}

/** What `writeHandover` has written. */
export function readHandover(folder) {
	const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
	const floats = (name) => new Float32Array(bytesOf(folder, `${name}.f32`));
	return {
		manifest,
		vectors: ["origin", "x", "y"].map(floats),
		statistics: floats("statistics"),
		samples: floats("samples"),
		targets: new Int32Array(bytesOf(folder, "targets.i32")),
	};
}

/** The losses that a peer has written, float64, row after row from the lowest β. */
export function readLosses(file) {
	return new Float64Array(new Uint8Array(readFileSync(file)).buffer);
}

function bytesOf(folder, name) {
	return new Uint8Array(readFileSync(join(folder, name))).buffer;
}

const described = ({ slots }) =>
	slots.map(({ name, native, offset, size }) => ({ name, shape: native.shape, offset, size }));

function channelsFirst({ slots, length }, vector) {
	const moved = new Float32Array(length);
	for (const slot of slots) moved.set(toNative(slice(vector, slot), slot.native), slot.offset);
	return moved;
}

/** The nodes with their attributes as a channels-first framework has them; dropout, which evaluation leaves out, is gone. */
function channelsFirstNodes(graph) {
	const renamed = new Map();
	const called = (name) => renamed.get(name) ?? name;
	const nodes = [];
	const shapes = new Map(graph.parameters.map(({ name, shape }) => [name, shape]));
	for (const { op, inputs, output, attributes } of graph.nodes) {
		if (op === "dropout") renamed.set(output, called(inputs[0]));
		else nodes.push({ inputs: inputs.map(called), output, ...translated(op, attributes, shapes.get(inputs[1])) });
	}
	return { nodes, input: graph.inputs[0].name, output: called(graph.output) };
}

/** The few ops that the networks of the zoo are made of. */
function translated(op, attributes, kernel) {
	const { strides, window } = attributes;
	if (op === "conv2d") return { op, strides, pads: padsOf(attributes.padding, kernel) };
	if ((op === "maxPool" || op === "averagePool") && attributes.padding === "valid") return { op, strides, window };
	if (op === "batchNorm") return { op, epsilon: attributes.epsilon };
	if (op === "binary" && attributes.function === "add") return { op: "add" };
	if (op === "pad" && attributes.mode === "constant" && attributes.value === 0)
		return { op: "padChannels", channels: attributes.padding[2] };
	if (op === "reduce" && attributes.function === "mean" && String(attributes.axes) === "-3,-2") return { op: "mean" };
	if (op === "relu" || op === "flatten" || op === "dense") return { op };
	throw new Error(`${op} ${JSON.stringify(attributes)}: no peer is told how to compute it`);
}

/** [top, left, bottom, right]. */
function padsOf(padding, [height, width]) {
	if (padding === "valid") return [0, 0, 0, 0];
	if (padding === "same") {
		const [down, right] = [(height - 1) / 2, (width - 1) / 2];
		return [down, right, down, right];
	}
	const [[top, bottom], [left, right]] = padding;
	return [top, left, bottom, right];
}
