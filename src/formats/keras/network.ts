import type { Constant, Graph, GraphInput, Parameter, ParameterKind } from "../../network/graph.js";
import type { GraphNode, OpName } from "../../network/ops/index.js";
import { opOf } from "../../network/ops/index.js";
import type { NamedTensor } from "../../network/parameters.js";
import { sizeOf } from "../../network/shape.js";
import { type KerasLayer, parseLayer } from "./topology.js";
import { findWeight } from "./weights.js";

/** More nodes than any network has. */
const MOST_NODES = 2 ** 15;

/** Adds the nodes of one layer and gives the name of its output. */
export type AddLayer = (layer: KerasLayer, inputs: readonly string[], network: KerasGraph) => string;

type AttributesOf<Name extends OpName> = Extract<GraphNode, { op: Name }>["attributes"];

/** What a weight of a layer is for. */
interface WeightRole {
	readonly kind: ParameterKind;
	readonly filterAxes?: readonly number[];
	readonly fanIn: number;
	/** The graph's shape, where it joins or splits axes. */
	readonly shape?: readonly number[];
}

/** What a network is made of. */
export interface KerasMaterial {
	readonly tensors: ReadonlyMap<string, NamedTensor>;
	readonly addLayer: AddLayer;
	/** Whether it is of Keras 3, some of whose layers differ. */
	readonly isThird: boolean;
}

/** Collects nodes and parameters while an importer walks through the layers. */
export class KerasGraph {
	/** Whether the network is of Keras 3. */
	readonly isThird: boolean;
	private readonly material: KerasMaterial;
	private readonly nodes: GraphNode[] = [];
	private readonly inputs: GraphInput[] = [];
	private readonly parameters = new Map<string, Parameter>();
	private readonly constants: Constant[] = [];
	private readonly shapes = new Map<string, readonly number[]>();
	/** How many values are called after each base, so that many of one are not counted through again and again. */
	private readonly counts = new Map<string, number>();
	/** What each layer has asked for, in order. */
	private readonly asked = new Map<string, readonly string[]>();
	/** The layer that is being added, after those that it lies in. */
	private path: readonly string[] = [];

	constructor(material: KerasMaterial) {
		this.material = material;
		this.isThird = material.isThird;
	}

	/**
	 * Adds a layer, within the one that is being added.
	 *
	 * @throws {RangeError} when the layer can't be carried out
	 */
	apply(layer: KerasLayer, inputs: readonly string[]): string {
		return this.within(layer.name, () => this.material.addLayer(layer, inputs, this));
	}

	/** Does something on behalf of a layer, whose weights are then found. */
	within<T>(name: string, work: () => T): T {
		const before = this.path;
		this.path = [...before, name];
		try {
			return work();
		} finally {
			this.path = before;
		}
	}

	/** A layer in the settings of another. */
	layerIn(settings: unknown): KerasLayer {
		return parseLayer(settings, (message) => {
			throw new RangeError(message);
		});
	}

	/** An input of the network, from `batch_input_shape` of an InputLayer or of the first layer of a Sequential. */
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
		return this.material.tensors.get(this.fullName(weight))?.shape;
	}

	/** The values of a weight of the current layer that is no parameter; undefined where it has none of that name. */
	valuesOf(weight: string): Float32Array | undefined {
		return this.material.tensors.get(this.fullName(weight))?.values;
	}

	private fullName(weight: string): string {
		const layer = this.path.join("/");
		const asked = this.asked.get(layer) ?? [];
		const name = findWeight([...this.material.tensors.keys()], this.path, weight, asked);
		if (!asked.includes(weight) && this.material.tensors.has(name)) this.asked.set(layer, [...asked, weight]);
		return name;
	}

	/** A weight of the current layer as a parameter. */
	weight(weight: string, { kind, filterAxes = [], fanIn, shape }: WeightRole): string {
		const name = this.fullName(weight);
		const native = this.material.tensors.get(name)?.shape;
		if (native === undefined) throw new RangeError(`its weight ${weight} is missing`);
		const own = shape ?? native;
		if (sizeOf(own) !== sizeOf(native)) throw new RangeError(`its weight ${weight} has the shape [${native}]`);
		const layout = { shape: native, view: native, permutation: native.map((_, axis) => axis) };
		this.parameters.set(name, { name, shape: own, kind, filterAxes, fanIn, native: layout });
		this.shapes.set(name, own);
		return name;
	}

	/** Numbers of the computation that no sweep moves. */
	constant(shape: readonly number[], values: Float32Array): string {
		const name = this.unused(`${this.path.at(-1) ?? ""}/constant`);
		this.constants.push({ name, shape, type: "float32", values });
		this.shapes.set(name, shape);
		return name;
	}

	/** @throws {RangeError} when there are too many nodes: models in models, each called twice, come to any number in a small file */
	emit<Name extends OpName>(op: Name, inputs: readonly string[], attributes: AttributesOf<Name>): string {
		if (this.nodes.length >= MOST_NODES) throw new RangeError(`its layers come to more than ${MOST_NODES} nodes`);
		const output = this.unused(this.path.at(-1) ?? op);
		const node = { op, inputs, output, attributes } as unknown as GraphNode;
		this.shapes.set(output, opOf(node).shape(inputs.map((input) => this.shapeOf(input))));
		this.nodes.push(node);
		return output;
	}

	private unused(base: string): string {
		let count = this.counts.get(base) ?? 1;
		let name = count === 1 ? base : `${base}#${count}`;
		for (; this.shapes.has(name); name = `${base}#${count}`) count += 1;
		this.counts.set(base, count);
		return name;
	}

	/** The graph up to a value. */
	finish(name: string, output: string): Graph {
		const needed = new Set([output]);
		const nodes = this.nodes
			.toReversed()
			.filter((node) => {
				if (!needed.has(node.output)) return false;
				for (const input of node.inputs) needed.add(input);
				return true;
			})
			.reverse();
		const constants = this.constants.filter((constant) => needed.has(constant.name));
		return {
			name,
			inputs: this.inputs.filter((input) => needed.has(input.name)),
			nodes,
			parameters: [...this.parameters.values()].filter((parameter) => needed.has(parameter.name)),
			...(constants.length > 0 && { constants }),
			output,
		};
	}
}
