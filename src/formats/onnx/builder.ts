import type { Constant, Graph, GraphInput, Parameter, ParameterKind } from "../../network/graph.js";
import type { GraphNode, OpName } from "../../network/ops/index.js";
import type { NamedTensor } from "../../network/parameters.js";
import { sizeOf } from "../../network/shape.js";
import { reasonByContents } from "./contents.js";
import {
	type Axis,
	axis,
	batchFactor,
	type Factor,
	factor,
	hasBatch,
	lengthOf,
	refine,
	resolve,
	withoutBatch,
} from "./factors.js";
import { constantOf, nativeLayout, parameterOf, reachable, roleOfTable } from "./finish.js";
import { commonRuns, homogeneous, keyOf, largest, preferredOrder, twinsOf } from "./memory-order.js";
import type { OnnxTensor } from "./model.js";
import { isBatched, isValue, type Operand, problem, type Storage, shapeOf, type Value } from "./value.js";

export type AttributesOf<Name extends OpName> = Extract<GraphNode, { op: Name }>["attributes"];

/** Collects the nodes of a graph while an importer walks through a file. */
export class Builder {
	private readonly nodes: GraphNode[] = [];
	private readonly inputs: Storage[] = [];
	private readonly inputKinds = new Map<string, "float32" | "int32">();
	private readonly sources: Storage[] = [];
	private readonly names = new Set<string>();
	private readonly scaled = new Set<Storage>();
	private readonly known = new Map<OnnxTensor, Value>();
	private readonly still = new Set<OnnxTensor>();
	/** How many samples the file was exported with; 1 where it leaves that open, or it was one. */
	private readonly batch: number;
	/** How new tensors are called: by the output of the node that is being imported. */
	naming = "";

	constructor(batch = 1) {
		this.batch = batch;
	}

	/** Says that a tensor is no weights, whatever layer multiplies with it. */
	keepStill(tensor: OnnxTensor | undefined): void {
		if (tensor !== undefined) this.still.add(tensor);
	}

	input(name: string, shape: readonly number[], kind: OnnxTensor["kind"]): Value {
		const axes = shape.map(axis);
		this.names.add(name);
		const storage = this.source(name, axes, withoutBatch(axes.flat()), shape);
		this.inputs.push(storage);
		this.inputKinds.set(name, kind === "float" ? "float32" : "int32");
		return { storage, axes, kind };
	}

	/** A tensor of the file that a sweep may move; what it is for is decided by its first use. */
	initialiser(name: string, tensor: OnnxTensor, fixed = false): Value {
		const axes = tensor.shape.map(axis);
		const storage = this.source(this.unused(name), axes, axes.flat(), tensor.shape, tensor, fixed);
		this.sources.push(storage);
		const value = { storage, axes, kind: tensor.kind };
		this.known.set(tensor, value);
		return value;
	}

	/**
	 * A tensor that a sweep may move. One that an exporter has worked out for each of a fixed number of samples, and that is the same
	 * for all, is one for any number of them.
	 */
	moving(name: string, tensor: OnnxTensor): Value {
		const { shape, values } = tensor;
		const isPlain = shape.length < 2 || values.every((value) => value === values[0]);
		const at =
			this.batch === 1 || isPlain
				? -1
				: shape.findIndex((length, i) => length === this.batch && firstOf(tensor, i) !== undefined);
		const one = at < 0 ? undefined : firstOf(tensor, at);
		return one === undefined ? this.initialiser(name, tensor) : this.perSample(this.initialiser(name, one), at);
	}

	private source(
		name: string,
		axes: readonly Axis[],
		native: readonly Factor[],
		shape: readonly number[],
		tensor?: OnnxTensor,
		fixed = true,
	): Storage {
		const source = { native, shape, fixed, placed: false, ...(tensor === undefined ? {} : { tensor }) };
		return { tensor: name, groups: axes.map(withoutBatch), source };
	}

	/** A known tensor as a value, for an op that computes with it. */
	value(operand: Operand): Value {
		if (isValue(operand)) return operand;
		return this.known.get(operand) ?? this.initialiser(`${this.naming}:constant`, operand, true);
	}

	/** Whether the value is a tensor of the file whose purpose is still open. */
	isUndecided({ storage: { source } }: Value): boolean {
		return source?.tensor?.kind === "float" && source.role === undefined && !source.fixed;
	}

	/** Says what a tensor of the file is for, unless an earlier use said so; values of any other origin are left alone. */
	decide(value: Value, kind: ParameterKind, filters: readonly Factor[], fanIn: number): void {
		const { source } = value.storage;
		if (source !== undefined && this.isUndecided(value)) source.role = { kind, filters, fanIn };
	}

	/** Says the same of a tensor that no layer multiplies with: a table, or a vector, which is added somewhere. */
	decideTable(value: Value): void {
		const { source } = value.storage;
		if (source !== undefined && this.isUndecided(value)) source.role = roleOfTable(source);
	}

	/** What a tensor of the file holds that no layer has claimed yet. */
	contentsOf(value: Value): OnnxTensor | undefined {
		return this.isUndecided(value) ? value.storage.source?.tensor : undefined;
	}

	/**
	 * A tensor of the file with one row in place of one for each sample, where it is the same for all of the samples that the file
	 * was exported with; else as it is.
	 */
	forOneSample(value: Value, index: number): Value {
		const { source, tensor: name } = value.storage;
		const tensor = source?.tensor;
		if (tensor === undefined || this.batch === 1 || shapeOf(value)[index] !== this.batch) return value;
		const place = index - value.axes.length + tensor.shape.length;
		if (String(shapeOf(value).slice(index)) !== String(tensor.shape.slice(place))) return value;
		const one = firstOf(tensor, place);
		return one === undefined ? value : this.initialiser(name, one, source?.fixed ?? true);
	}

	isScale({ storage: { source } }: Value): boolean {
		return source?.role?.kind === "scale";
	}

	/** Remembers that a value was multiplied by a scale: what is added to it next is the shift. */
	markScaled({ storage }: Value): void {
		this.scaled.add(storage);
	}

	isScaled({ storage }: Value): boolean {
		return this.scaled.has(storage);
	}

	/** A layer's weights, which some exporters keep as a constant, not as a tensor of the model. */
	layerWeights(operand: Operand, name: string): Value {
		if (isValue(operand)) return operand;
		const fixed = this.still.has(operand) || reasonByContents(name, operand) !== undefined;
		return this.known.get(operand) ?? this.initialiser(name, operand, fixed);
	}

	/** The tensor of a layer's weights with the given axes in memory, some of which count the filters. */
	weights(
		value: Value,
		kind: ParameterKind,
		groups: readonly (readonly Factor[])[],
		filterAxes: readonly number[],
		fanIn: number,
	): string {
		const { source } = value.storage;
		if (source !== undefined && !source.placed && this.isUndecided(value))
			source.role = { kind, filters: { axes: filterAxes }, fanIn };
		return this.arrange(value, groups);
	}

	/** The name of a tensor that holds a value with the given axes in memory; adds nodes where none does yet. */
	arrange({ storage }: Value, groups: readonly (readonly Factor[])[]): string {
		const wanted = groups.map(withoutBatch);
		const { source } = storage;
		if (source !== undefined && !source.placed) {
			storage.groups = wanted;
			source.placed = true;
			return storage.tensor;
		}
		const present = storage.groups.map(withoutBatch);
		if (keyOf(present) === keyOf(wanted)) return storage.tensor;
		const cached = storage.arranged?.get(keyOf(wanted));
		if (cached !== undefined) return cached;
		const tensor = this.rearrange(storage.tensor, present, wanted);
		storage.arranged ??= new Map();
		storage.arranged.set(keyOf(wanted), tensor);
		return tensor;
	}

	private rearrange(tensor: string, present: readonly Factor[][], wanted: readonly Factor[][]): string {
		const from = present.flat();
		const to = wanted.flat();
		const runs = commonRuns(from, to);
		const order = to.filter((item) => runs.some(([first]) => first === item));
		const permutation = order.map((item) => runs.findIndex(([first]) => first === item));
		const moved = permutation.some((run, place) => run !== place);
		const lengths = runs.map(lengthOf);
		let name = tensor;
		let shape = present.map(lengthOf);
		if (moved) {
			name = this.reshape(name, shape, lengths);
			name = this.add("transpose", [name], { permutation });
			shape = permutation.map((run) => lengths[run] ?? 1);
		}
		return this.reshape(name, shape, wanted.map(lengthOf));
	}

	private reshape(tensor: string, from: readonly number[], to: readonly number[]): string {
		return String(from) === String(to) ? tensor : this.add("reshape", [tensor], { rank: from.length, shape: to });
	}

	/** Adds a node and gives the name of its output. */
	private add<Name extends OpName>(op: Name, inputs: readonly string[], attributes: AttributesOf<Name>): string {
		const output = this.unused(this.naming);
		this.nodes.push({ op, inputs, output, attributes } as unknown as GraphNode);
		return output;
	}

	private unused(base: string): string {
		let name = base;
		for (let count = 2; this.names.has(name); count++) name = `${base}#${count}`;
		this.names.add(name);
		return name;
	}

	/**
	 * Adds a node whose output lies in memory as `groups` say and which ONNX sees with `axes`.
	 *
	 * @param inputs names of tensors, from `arrange` or `weights`
	 */
	emit<Name extends OpName>(
		op: Name,
		inputs: readonly string[],
		attributes: AttributesOf<Name>,
		groups: readonly (readonly Factor[])[],
		axes: readonly Axis[],
		kind: Value["kind"] = "float",
	): Value {
		const tensor = this.add(op, inputs, attributes);
		return { storage: { tensor, groups: groups.map(withoutBatch) }, axes, kind };
	}

	/** A value that is the same for all samples, once for each of them, along an axis of length 1. */
	perSample(value: Value, index: number): Value {
		const [input] = this.inputs;
		if (input === undefined) return problem("there are no samples");
		const groups = this.groupsOf(value);
		const axes = value.axes.map((item, i) => (i === index ? [batchFactor] : item));
		return this.emit("perSample", [this.arrange(value, groups), input.tensor], {}, groups, axes, value.kind);
	}

	/** The axes in memory as they are, or one a factor for a value that has no order yet. */
	groupsOf({ storage, axes }: Value): readonly (readonly Factor[])[] {
		if (storage.source?.placed === false) return preferredOrder(storage, axes).map((item) => [item]);
		return storage.groups.map(withoutBatch);
	}

	/** The same value with the factors of some axes joined into one each, in memory in the order of the axes. */
	joined(value: Value): Value {
		const all = value.axes.flatMap((item) => withoutBatch(item));
		const batchFirst = !isBatched(value) || hasBatch(value.axes.find((item) => resolve(item).length > 0) ?? []);
		if (!batchFirst) problem("a reshape mixes the samples with each other");
		const whole = axis(lengthOf(all));
		const tensor = this.arrange(value, [all]);
		const batch = value.axes.flat().filter((item) => hasBatch([item]));
		return {
			storage: { tensor, groups: [whole] },
			axes: [[...batch, ...whole]],
			kind: value.kind,
		};
	}

	/**
	 * The same value under factors of its own, for a result in which an axis of it meets another with the same factor: as
	 * when the rows of a matrix and its columns come from one axis.
	 */
	renamed(value: Value): Value {
		const tensor = this.arrange(value, this.groupsOf(value));
		const fresh = new Map<Factor, Factor>();
		const rename = (items: readonly Factor[]) =>
			resolve(items).map((item) => {
				if (hasBatch([item])) return item;
				const name = fresh.get(item) ?? factor(item.length);
				fresh.set(item, name);
				return name;
			});
		const groups = value.storage.groups.map(rename);
		return { ...value, storage: { tensor, groups }, axes: value.axes.map(rename) };
	}

	/**
	 * Brings values into one order in memory, so that an op can take them element by element, broadcast.
	 *
	 * @returns their tensors, and axes of the result in memory and for ONNX
	 */
	align(given: readonly Value[]): { tensors: string[]; groups: readonly (readonly Factor[])[]; axes: Axis[] } {
		const rank = Math.max(...given.map(({ axes }) => axes.length));
		const values = this.withoutSamples(given, rank);
		const axesOf = values.map(({ axes }) => [...Array<Axis>(rank - axes.length).fill([]), ...axes]);
		for (let index = 0; index < rank; index++) this.refineAll(axesOf.map((axes) => axes[index] ?? []));
		const primary = largest(values);
		const axes = Array.from({ length: rank }, (_, index) => {
			const own = resolve(axesOf[primary]?.[index] ?? []);
			return own.length > 0
				? own
				: resolve(axesOf.map((all) => all[index] ?? []).find((item) => item.length > 0) ?? []);
		});
		if (new Set(axes.flat()).size < axes.flat().length)
			return this.align(values.map((value, index) => (index === primary ? value : this.renamed(value))));
		const own = (axesOf[primary] ?? []).flatMap((item) => resolve(item));
		const covers = axes.flat().every((item) => own.includes(item));
		const twins = values.map((_, index) => twinsOf(axes, axesOf[index] ?? []));
		const first = values[primary];
		const coarse =
			covers && first !== undefined
				? this.groupsOf(first)
				: axes.flatMap((item) => withoutBatch(item)).map((item) => [item]);
		const groups = coarse.flatMap((group) => homogeneous(resolve(group), twins));
		const tensors = values.map((value, index) => {
			const all = groups.map((group) => group.flatMap((item) => twins[index]?.get(item) ?? []));
			const used = isBatched(value) ? 0 : all.findIndex((group) => group.length > 0);
			return this.arrange(value, used < 0 ? [] : all.slice(used));
		});
		return { tensors, groups, axes };
	}

	/** Two values of which one may be a constant with a row for each sample that the file was exported with. */
	forOneSampleBeside(a: Value, b: Value): readonly [Value, Value] {
		const [first = a, second = b] = this.withoutSamples([a, b], Math.max(a.axes.length, b.axes.length));
		return [first, second];
	}

	/** Constants that hold the same for each sample, where others are taken for any number of samples. */
	private withoutSamples(values: readonly Value[], rank: number): readonly Value[] {
		const places = values.map(({ axes }) => axes.findIndex(hasBatch) + rank - axes.length);
		const at = places.find((_, i) => isBatched(values[i] as Value));
		if (at === undefined) return values;
		return values.map((value) => (isBatched(value) ? value : this.forOneSample(value, at - rank + value.axes.length)));
	}

	private refineAll(all: readonly Axis[]): void {
		const present = all.filter((item) => resolve(item).length > 0);
		const [first = [], ...others] = present;
		// A later pair may split what an earlier pair shares, so everything is compared twice.
		for (const other of [...others, ...others]) {
			const [a, b] = alike(first, other);
			if (lengthOf(a) !== lengthOf(b)) problem(`axes of lengths ${lengthOf(a)} and ${lengthOf(b)} don't fit together`);
			if (!refine(a, b)) problem("axes that were joined in different ways meet");
		}
	}

	/** The finished graph and the tensors of its parameters in native layout. */
	finish(name: string, output: Value): { graph: Graph; tensors: Map<string, NamedTensor> } {
		if (!isBatched(output)) problem(`the output does not depend on the input`);
		const groups = output.axes.map(withoutBatch).filter((group, index) => !isBatchAlone(output.axes[index], group));
		const outputName = this.arrange(output, groups);
		const nodes = reachable(this.nodes, outputName);
		const used = new Set([outputName, ...nodes.flatMap(({ inputs }) => inputs)]);
		const sources = this.sources.filter(({ tensor }) => used.has(tensor));
		const tensors = new Map<string, NamedTensor>();
		const parameters: Parameter[] = [];
		const constants: Constant[] = [];
		for (const storage of sources) {
			const { tensor: name, source } = storage;
			if (source?.tensor === undefined) continue;
			const { values, shape } = source.tensor;
			const native = nativeLayout(storage, source);
			if (!source.fixed && source.role === undefined) source.role = roleOfTable(source);
			if (source.role === undefined) constants.push(constantOf(name, storage, native, source.tensor));
			else {
				parameters.push(parameterOf(name, storage, native, source.role));
				tensors.set(name, { shape, values: values instanceof Float32Array ? values : Float32Array.from(values) });
			}
		}
		const graph: Graph = {
			name,
			inputs: this.inputs.map((storage) => this.inputOf(storage)),
			nodes,
			parameters,
			...(constants.length === 0 ? {} : { constants }),
			output: outputName,
		};
		return { graph, tensors };
	}

	private inputOf(storage: Storage): GraphInput {
		const { source, tensor } = storage;
		if (source === undefined) return problem("an input is no input");
		// An input whose axes were never arranged is read as the file has it.
		const native = nativeLayout(storage, source, source.shape.slice(1));
		return {
			name: tensor,
			shape: storage.groups.map((group) => lengthOf(withoutBatch(group))),
			type: this.inputKinds.get(tensor) ?? "float32",
			native,
		};
	}
}

function isBatchAlone(axes: Axis | undefined, group: readonly Factor[]): boolean {
	return axes !== undefined && hasBatch(axes) && group.length === 0;
}

/** What a tensor holds at the first place along an axis, where it holds the same at all; else nothing. */
function firstOf(tensor: OnnxTensor, index: number): OnnxTensor | undefined {
	const { shape, values } = tensor;
	const length = shape[index] ?? 1;
	const inner = sizeOf(shape.slice(index + 1));
	const place = (i: number) => Math.floor(i / (inner * length)) * inner * length + (i % inner);
	if (!values.every((value, i) => Object.is(value, values[place(i)]))) return undefined;
	const kept = values.filter((_, i) => Math.floor(i / inner) % length === 0);
	return { ...tensor, shape: shape.map((own, i) => (i === index ? 1 : own)), values: kept };
}

/**
 * Two axes that meet, without the samples where only one has them before others: a constant that was repeated for each sample stays one
 * for all, [n · windows] and [windows].
 */
function alike(first: Axis, other: Axis): readonly [Factor[], Factor[]] {
	const [a, b] = [resolve(first), resolve(other)];
	const [withA, withB] = [hasBatch(a), hasBatch(b)];
	if (withA === withB || a.length === 1 || b.length === 0) return [a, b];
	return [withoutBatch(a), withoutBatch(b)];
}
