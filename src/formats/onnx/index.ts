import { parse } from "node:path";
import { patternOf } from "../../check/pattern.js";
import { GraphError, OptionError } from "../../errors.js";
import type { Graph } from "../../network/graph.js";
import { inferShapes } from "../../network/infer-shapes.js";
import type { Network, Still } from "../../network/network.js";
import { fromNamedTensors, type NamedTensor } from "../../network/parameters.js";
import type { NetworkOptions, ReadBeside } from "../format.js";
import { Builder } from "./builder.js";
import { withDequantised } from "./dequantise.js";
import { BATCH } from "./factors.js";
import { withConstantsOf } from "./fold.js";
import { attempt, importNodes, isStandard, named } from "./import-nodes.js";
import { inputsOf } from "./inputs.js";
import { allNodes, type OnnxInput, type OnnxModel, type OnnxTensor } from "./model.js";
import { importers } from "./ops/index.js";
import { firstOf, inputsRead, upTo } from "./outputs.js";
import { parseOnnx } from "./proto.js";
import { withoutSequences } from "./sequences.js";
import { type Sharing, sharedTensors, tiedMatrices } from "./tied.js";
import { isCopy, movementOf } from "./trainable.js";
import { isValue, type Operand, problem, type Value } from "./value.js";

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
	readExternal?: ReadBeside,
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
export function onnxTensors(bytes: Uint8Array, path: string, readExternal?: ReadBeside): Map<string, NamedTensor> {
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
	const problems = importNodes({ model, moves, builder, operands, batch });
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

function asGraphError<T>(work: () => T): T {
	const result = attempt(work);
	if (typeof result === "string") throw new GraphError([result]);
	return result;
}

/** A matrix with its axes the other way round. */
function swapped(value: Value): Value {
	return { ...value, axes: value.axes.toReversed() };
}
