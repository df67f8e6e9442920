import { parse } from "node:path";
import { FileFormatError, GraphError, OptionError } from "../../errors.js";
import type { Graph } from "../../network/graph.js";
import { inferShapes } from "../../network/infer-shapes.js";
import type { Network, Still } from "../../network/network.js";
import { fromNamedTensors, type NamedTensor } from "../../network/parameters.js";
import { patternOf } from "../../network/patterns.js";
import type { NetworkOptions } from "../format.js";
import { attributeProblem } from "./attributes.js";
import { Builder } from "./builder.js";
import { withDequantised } from "./dequantise.js";
import { BATCH } from "./factors.js";
import { withConstantsOf } from "./fold.js";
import { mergedVectors } from "./merged.js";
import { isGraph, type OnnxGraph, type OnnxInput, type OnnxModel, type OnnxNode, type OnnxTensor } from "./model.js";
import { importers } from "./ops/index.js";
import { parseOnnx } from "./proto.js";
import { withoutSequences } from "./sequences.js";
import type { ReadExternal } from "./tensor.js";
import { isCopyOfItsOwn, type Sharing, sharedTensors, tiedMatrices } from "./tied.js";
import { isCopy, movementOf, readWithin } from "./trainable.js";
import { ImportProblem, isEmpty, isValue, type Operand, problem, type Value } from "./value.js";

/** How many outputs are tried where none is asked for. */
const MOST_OUTPUTS = 32;

/** Before it, operators were broadcast by attributes of their own. */
const FIRST_OPSET = 7;

/**
 * Reads an ONNX file: the graph, with values laid out as the ops want them (images channels last), and its parameters.
 * Parameters are called as the file's initialisers, so a PyTorch state_dict of the same network fits. The first axis of
 * the input is the batch, whatever length the file gives it.
 *
 * @param path         how errors call the file; the graph is named after it, as exporters call every graph the same
 * @param readExternal reads a file beside the model that holds weights
 * @param options      which of several outputs; the first where nothing is said
 * @throws {FileFormatError} when the bytes are not a whole ONNX model
 * @throws {GraphError} listing all nodes that can't be carried out
 */
export function importOnnx(
	bytes: Uint8Array,
	path: string,
	readExternal?: ReadExternal,
	options: NetworkOptions = {},
): Network {
	const parsed = parseOnnx(bytes, path, readExternal);
	if (parsed.opset < FIRST_OPSET)
		throw new GraphError([
			`it is written for opset ${parsed.opset}, of which operators differ; from opset ${FIRST_OPSET} on they are read: convert it with onnx.version_converter`,
		]);
	const whole = withoutSequences(withDequantised(parsed));
	const { outputs } = whole;
	const { output } = options;
	if (output !== undefined && !outputs.includes(output))
		throw new OptionError("output", `expected one of ${outputs.join(", ")}, the outputs of ${path}, got "${output}"`);
	const fed = { ...whole, inputs: inputsRead(whole) };
	const network = firstOf(output === undefined ? outputs.slice(0, MOST_OUTPUTS) : [output], (name) =>
		networkOf(upTo(fed, name), path, bytes.length, options),
	);
	return outputs.length > 1 ? { ...network, outputs } : network;
}

/** Inputs that some output depends on; whichever output is judged, data are fed to all of them. */
function inputsRead({ inputs, nodes, outputs }: OnnxModel): readonly OnnxInput[] {
	const read = new Set([...allNodes(nodes).flatMap((node) => node.inputs), ...outputs]);
	return inputs.filter(({ name }) => read.has(name));
}

/** What can be made of the first of some outputs of which something can; the problems are those of the very first. */
function firstOf(outputs: readonly string[], make: (output: string) => Network): Network {
	let first: GraphError | undefined;
	for (const output of outputs)
		try {
			return { ...make(output), output };
		} catch (error) {
			if (!(error instanceof GraphError)) throw error;
			first ??= error;
		}
	throw first ?? new GraphError(["it has no outputs"]);
}

/** A model up to one of its outputs: the nodes that it needs. */
function upTo(model: OnnxModel, output: string): OnnxModel {
	const needed = new Set([output]);
	const nodes = model.nodes
		.toReversed()
		.filter((node) => {
			if (!node.outputs.some((name) => needed.has(name))) return false;
			for (const name of [...node.inputs, ...readWithin(node)]) needed.add(name);
			return true;
		})
		.reverse();
	return { ...model, nodes, outputs: [output] };
}

function networkOf(model: OnnxModel, path: string, fileBytes: number, options: NetworkOptions): Network {
	const { graph, tensors, still, shared } = withConstantsOf(Math.max(fileBytes, bytesOf(model)), () =>
		convert(model, path, options),
	);
	inferShapes(graph);
	const ignored = [...model.initialisers.keys()].filter((name) => !tensors.has(name));
	const lines = shared.map(({ line }) => line);
	return { graph, state: fromNamedTensors(graph, tensors, path), ignored, still, shared: lines };
}

/**
 * The float tensors of an ONNX file by name, as weights for a graph that is known. A tensor that the exporter found twice
 * comes under both names.
 *
 * @throws {FileFormatError} when the bytes are not a whole ONNX model
 */
export function onnxTensors(bytes: Uint8Array, path: string, readExternal?: ReadExternal): Map<string, NamedTensor> {
	const { initialisers, nodes } = withDequantised(parseOnnx(bytes, path, readExternal));
	const tensors = new Map<string, NamedTensor>();
	const add = (name: string, tensor: OnnxTensor | undefined) => {
		if (tensor?.kind === "float" && tensor.shape.length > 0)
			tensors.set(name, { shape: tensor.shape, values: Float32Array.from(tensor.values) });
	};
	for (const [name, tensor] of initialisers) add(name, tensor);
	for (const node of nodes) {
		if (isCopy(node, initialisers)) add(node.outputs[0] ?? "", initialisers.get(node.inputs[0] ?? ""));
	}
	return tensors;
}

/** Of its tensors, which may lie outside of the file. */
function bytesOf({ initialisers }: OnnxModel): number {
	return [...initialisers.values()].reduce((sum, { values }) => sum + values.byteLength, 0);
}

function convert(
	model: OnnxModel,
	path: string,
	options: NetworkOptions,
): { graph: Graph; tensors: Map<string, NamedTensor>; still: Still[]; shared: Sharing[] } {
	const unsupported = allNodes(model.nodes).filter(({ op, domain }) => !isStandard(domain) || !importers.has(op));
	if (unsupported.length > 0)
		throw new GraphError(unsupported.map((node) => `${named(node)}: this operator is not supported`));
	const inputs = inputsOf(model, path, options);
	const batch = inputs[0]?.shape[0];
	const builder = new Builder(batch);
	const operands = new Map<string, Operand>();
	for (const { name, shape, kind } of inputs)
		operands.set(name, builder.input(name, [BATCH, ...shape.slice(1).map(Number)], kind));
	const { moves, still } = movementOf(model, askedToMove(options));
	for (const name of still.keys()) builder.keepStill(model.initialisers.get(name));
	const tied = tiedMatrices(model, moves);
	for (const [name, tensor] of model.initialisers)
		if (!tied.has(name)) operands.set(name, moves.has(name) ? builder.moving(name, tensor) : tensor);
	for (const [name, { name: other, isTransposed }] of tied) {
		const value = builder.value(operands.get(other) ?? problem(`no tensor ${other}`));
		operands.set(name, isTransposed ? swapped(value) : value);
	}
	const problems = importNodes(model, moves, builder, operands, batch);
	if (problems.length > 0) throw new GraphError(explained(problems, inputs));
	const output = operands.get(model.outputs[0] ?? "");
	if (output === undefined || !isValue(output)) throw new GraphError(["the output does not depend on the input"]);
	const finished = asGraphError(() => builder.finish(parse(path).name, output));
	const stay = [...still].map(([name, reason]) => ({ name, shape: model.initialisers.get(name)?.shape ?? [], reason }));
	const used = new Set(finished.graph.parameters.map(({ name }) => name));
	return { ...finished, still: stay, shared: sharedTensors(model, tied).filter(({ name }) => used.has(name)) };
}

/** Whether a tensor is to move, by the patterns that name some. */
function askedToMove({ move = [] }: NetworkOptions): (name: string) => boolean {
	const patterns = move.map(patternOf);
	return (name) => patterns.some((pattern) => pattern.test(name));
}

/** Nodes with those in their branches. */
function allNodes(nodes: readonly OnnxNode[]): OnnxNode[] {
	return nodes.flatMap((node) => [
		node,
		...[...node.attributes.values()].flatMap((value) => (isGraph(value) ? allNodes(value.nodes) : [])),
	]);
}

/** Problems without the number that stands for the samples, and what often causes them. */
function explained(problems: readonly string[], inputs: readonly OnnxInput[]): string[] {
	const plain = problems.map((line) => line.replaceAll(String(BATCH), "samples"));
	const suspect = inputs.find(({ shape }) => shape.length < 2 || shape[0] !== undefined);
	if (!plain.some((line) => line.includes("samples")) || suspect === undefined) return plain;
	const { name, shape } = suspect;
	return [
		`input ${name} [${shape.map((length) => length ?? "?")}]: its first axis is taken for the samples; if it is none, export the network with a batch of them`,
		...plain,
	];
}

/** Walks through the nodes and names the problems of all that have some; what follows from them is left out. */
function importNodes(
	model: OnnxModel,
	moves: ReadonlySet<string>,
	builder: Builder,
	operands: Map<string, Operand>,
	batch: number | undefined,
): string[] {
	const problems: string[] = [];
	const failed = new Set<string>();
	const merged = mergedVectors(model, moves);
	const copied = new Set<string>();
	const read = new Set([...allNodes(model.nodes).flatMap(({ inputs }) => inputs), ...model.outputs]);
	const importBranch = (branch: OnnxGraph) => importedBranch(model, moves, branch, builder, operands, batch);
	for (const node of model.nodes) {
		const given = node.inputs.filter((name) => name !== "");
		if (given.some((name) => failed.has(name))) {
			for (const name of node.outputs) failed.add(name);
			continue;
		}
		const missing = given.filter((name) => !operands.has(name));
		builder.naming = node.outputs[0] ?? node.name;
		const results = attempt(() => {
			const refused = attributeProblem(node);
			if (refused !== undefined) throw new ImportProblem(refused);
			if (missing.length > 0) throw new ImportProblem(`no value named ${missing.join(", ")}`);
			const source = model.initialisers.get(node.inputs[0] ?? "");
			if (isCopyOfItsOwn(node, model.initialisers) && source !== undefined && moves.has(node.inputs[0] ?? ""))
				return [builder.initialiser(node.outputs[0] ?? "", { ...source })];
			const inputs = node.inputs.map((name) => {
				const tensor = model.initialisers.get(name);
				if (tensor === undefined || !merged.has(name)) return name === "" ? undefined : operands.get(name);
				// The first layer has the tensor itself, each other a copy.
				const isFirst = !copied.has(name);
				copied.add(name);
				return isFirst ? operands.get(name) : builder.initialiser(name, { ...tensor });
			});
			const isRead = (output: number) => Boolean(node.outputs[output]) && read.has(node.outputs[output] ?? "");
			const import_ = importers.get(node.op);
			return import_ === undefined
				? []
				: import_({ builder, node, opset: node.opset ?? model.opset, inputs, batch, isRead, importBranch });
		});
		if (typeof results === "string") {
			problems.push(`${named(node)}: ${results}`);
			for (const name of node.outputs) failed.add(name);
			continue;
		}
		for (const [index, name] of node.outputs.entries()) {
			const result = results[index];
			if (name !== "" && result !== undefined) operands.set(name, result);
		}
	}
	return problems;
}

/** What a branch that is known to be taken gives. */
function importedBranch(
	model: OnnxModel,
	moving: ReadonlySet<string>,
	{ nodes, outputs, initialisers }: OnnxGraph,
	builder: Builder,
	around: ReadonlyMap<string, Operand>,
	batch: number | undefined,
): Operand[] {
	const branch = { ...model, nodes, outputs, initialisers: new Map([...model.initialisers, ...initialisers]) };
	const { moves } = movementOf(branch, (name) => moving.has(name));
	const operands = new Map(around);
	for (const [name, tensor] of initialisers)
		operands.set(name, moves.has(name) ? builder.initialiser(name, tensor) : tensor);
	const [first] = importNodes(branch, moves, builder, operands, batch);
	if (first !== undefined) throw new ImportProblem(first);
	return outputs.map((name) => operands.get(name) ?? problem(`its branch has no value ${name}`));
}

/** The message of a problem in place of a result. Ranges come from shapes that don't fit, which a file may well hold. */
function attempt<T>(work: () => T): T | string {
	try {
		return work();
	} catch (error) {
		if (error instanceof ImportProblem || error instanceof RangeError) return error.message;
		throw error;
	}
}

function asGraphError<T>(work: () => T): T {
	const result = attempt(work);
	if (typeof result === "string") throw new GraphError([result]);
	return result;
}

/** A matrix with its axes the other way round. */
function swapped(value: Value): Value {
	return { ...value, axes: value.axes.toReversed() };
}

function isStandard(domain: string): boolean {
	return domain === "" || domain === "ai.onnx";
}

function named({ name, op, domain }: OnnxNode): string {
	return `node ${name} (${isStandard(domain) ? op : `${domain}.${op}`})`;
}

/** The inputs with all lengths known. */
function inputsOf({ inputs }: OnnxModel, path: string, options: NetworkOptions): OnnxInput[] {
	if (inputs.length === 0) throw new FileFormatError(path, "the network has no input");
	return inputs.map((input) => {
		const { name, shape } = input;
		if (shape.length === 0 || isEmpty(shape.map((length) => length ?? 1)))
			throw new GraphError([`input ${name} has no axis for the samples`]);
		const sampleShape = options.sampleShapes?.[name] ?? (inputs.length === 1 ? options.sampleShape : undefined);
		return closed(input, options.dims ?? {}, sampleShape);
	});
}

/** An input whose open lengths are those asked for, or those of the data. */
function closed(
	input: OnnxInput,
	dims: Readonly<Record<string, number>>,
	sampleShape: readonly number[] | undefined,
): OnnxInput {
	const { name, shape, names } = input;
	const own = shape.slice(1);
	const data = sampleShape && fitting(own, sampleShape);
	const lengths = own.map(
		(length, i) => length ?? dims[names[i + 1] || `axis${i + 1}`] ?? dims[`axis${i + 1}`] ?? data?.[i],
	);
	const open = lengths.indexOf(undefined);
	if (open < 0) return { ...input, shape: [shape[0], ...lengths] };
	const called = names[open + 1] || `axis${open + 1}`;
	const given = sampleShape === undefined ? "" : `, and samples of [${sampleShape}] don't say it`;
	throw new GraphError([
		`input ${name} [${shape.map((length, i) => length ?? (names[i] || "?"))}] leaves the length of axis ${open + 1} open${given}: give --dim ${called}=N`,
	]);
}

/** The lengths of a sample in the order of the input's axes, channels first or last; undefined where it has others. */
function fitting(own: readonly (number | undefined)[], sample: readonly number[]): readonly number[] | undefined {
	const fits = (shape: readonly number[]) =>
		shape.length === own.length && shape.every((length, i) => own[i] === undefined || own[i] === length);
	const first = [...sample.slice(-1), ...sample.slice(0, -1)];
	return [sample, first].find(fits);
}
