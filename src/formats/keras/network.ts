import type { Graph, GraphInput, Parameter, ParameterKind } from "../../network/graph.js";
import type { GraphNode, OpName } from "../../network/ops/index.js";
import { opOf } from "../../network/ops/index.js";
import { sizeOf } from "../../network/shape.js";

/** A layer as the file describes it. */
export interface KerasLayer {
	readonly kind: string;
	readonly name: string;
	readonly config: Readonly<Record<string, unknown>>;
	/** Names of the layers it reads; undefined where the file does not say. */
	readonly sources: readonly string[] | undefined;
}

/** Adds the nodes of one layer and gives the name of its output. */
export type AddLayer = (layer: KerasLayer, inputs: readonly string[], network: KerasGraph) => string;

type AttributesOf<Name extends OpName> = Extract<GraphNode, { op: Name }>["attributes"];

/** What a weight of a layer is for. */
interface WeightRole {
	readonly kind: ParameterKind;
	readonly filterAxes?: readonly number[];
	readonly fanIn: number;
	/** How the graph wants the axes, where Keras has them in another order. */
	readonly permutation?: readonly number[];
	/** The graph's shape, where it joins or splits axes. */
	readonly shape?: readonly number[];
}

/** Collects nodes and parameters while an importer walks through the layers. */
export class KerasGraph {
	private readonly tensors: ReadonlyMap<string, { shape: readonly number[] }>;
	private readonly nodes: GraphNode[] = [];
	private readonly inputs: GraphInput[] = [];
	private readonly parameters = new Map<string, Parameter>();
	private readonly shapes = new Map<string, readonly number[]>();
	private readonly outputs = new Map<string, string>();
	private owner = "";
	private first: KerasLayer | undefined;

	constructor(tensors: ReadonlyMap<string, { shape: readonly number[] }>) {
		this.tensors = tensors;
	}

	/** @throws {RangeError} when the layer can't be carried out */
	add(layer: KerasLayer, sources: readonly string[], addLayer: AddLayer): void {
		this.owner = layer.name;
		this.first ??= layer;
		const inputs = sources.map((source) => {
			const output = this.outputs.get(source);
			if (output === undefined) throw new RangeError(`no layer ${source} comes before it`);
			return output;
		});
		if (inputs.length === 0 && layer.kind !== "InputLayer") inputs.push(this.input(layer));
		this.outputs.set(layer.name, addLayer(layer, inputs, this));
	}

	/** The network's input, from `batch_input_shape` of an InputLayer or of the first layer of a Sequential. */
	input({ name, config, kind }: KerasLayer): string {
		const shape = config.batch_input_shape ?? config.batch_shape ?? config.batchInputShape;
		if (!Array.isArray(shape) || shape.length < 2) throw new RangeError("the shape of the input is missing");
		const lengths = shape.slice(1);
		if (!lengths.every((length) => Number.isSafeInteger(length) && length >= 1))
			throw new RangeError(`the shape of the input, [${shape.map((l) => l ?? "?")}], leaves lengths open`);
		const isTokens = kind === "Embedding" || String(config.dtype).startsWith("int");
		const tensor = kind === "InputLayer" ? name : `${name}_input`;
		this.inputs.push({ name: tensor, shape: lengths, type: isTokens ? "int32" : "float32" });
		this.shapes.set(tensor, lengths);
		return tensor;
	}

	/** Tokens come as whole numbers, whatever the file calls the type of its input. */
	readAsTokens(tensor: string): void {
		const index = this.inputs.findIndex(({ name }) => name === tensor);
		const input = this.inputs[index];
		if (input === undefined) throw new RangeError("an embedding of computed values is not supported");
		this.inputs[index] = { ...input, type: "int32" };
	}

	shapeOf(tensor: string): readonly number[] {
		return this.shapes.get(tensor) ?? [];
	}

	/** The shape of a weight of the current layer; undefined where it has none of that name. */
	weightShape(weight: string): readonly number[] | undefined {
		return this.tensors.get(this.fullName(weight))?.shape;
	}

	/** Keras puts the layer's name before the weight's, and sometimes the model's before both. */
	private fullName(weight: string): string {
		const ending = `${this.owner}/${weight}`;
		if (this.tensors.has(ending)) return ending;
		return [...this.tensors.keys()].find((name) => name.endsWith(`/${ending}`)) ?? ending;
	}

	/** A weight of the current layer as a parameter. */
	weight(weight: string, { kind, filterAxes = [], fanIn, permutation, shape }: WeightRole): string {
		const name = this.fullName(weight);
		const native = this.tensors.get(name)?.shape;
		if (native === undefined) throw new RangeError(`its weight ${weight} is missing`);
		const order = permutation ?? native.map((_, axis) => axis);
		const own = shape ?? order.map((axis) => native[axis] ?? 1);
		if (sizeOf(own) !== sizeOf(native)) throw new RangeError(`its weight ${weight} has the shape [${native}]`);
		const layout = { shape: native, view: native, permutation: order };
		this.parameters.set(name, { name, shape: own, kind, filterAxes, fanIn, native: layout });
		this.shapes.set(name, own);
		return name;
	}

	emit<Name extends OpName>(op: Name, inputs: readonly string[], attributes: AttributesOf<Name>): string {
		const taken = (name: string) => this.shapes.has(name);
		let output = this.owner;
		for (let count = 2; taken(output); count++) output = `${this.owner}#${count}`;
		const node = { op, inputs, output, attributes } as unknown as GraphNode;
		this.shapes.set(output, opOf(node).shape(inputs.map((input) => this.shapeOf(input))));
		this.nodes.push(node);
		return output;
	}

	/** The graph; undefined where no layer is called so. */
	finish(name: string, last: string): Graph | undefined {
		const output = this.outputs.get(last);
		if (output === undefined) return undefined;
		return { name, inputs: this.inputs, nodes: this.nodes, parameters: [...this.parameters.values()], output };
	}
}
