import { LayoutMismatchError } from "../errors.js";
import { type Graph, isStatistic, type NativeLayout, type Parameter } from "./graph.js";
import { sizeOf, visitStrided } from "./shape.js";
import { sharedVector } from "./shared-memory.js";

/** Where one tensor lies in a flat vector. */
export interface Slot extends Parameter {
	readonly offset: number;
	readonly size: number;
}

/** Where the tensors of a network lie in a flat vector, in graph order without gaps. */
export interface Layout {
	readonly slots: readonly Slot[];
	readonly length: number;
}

/** A network's values: the parameters a sweep moves, and the running statistics it leaves alone, each flat. */
export interface State {
	readonly parameters: Float32Array;
	readonly statistics: Float32Array;
}

/**
 * Where the parameters proper lie.
 *
 * @param without names of tensors that are left out, so that the others lie closer together
 */
export function parameterLayout(graph: Graph, without: ReadonlySet<string> = new Set()): Layout {
	return layOut(graph.parameters.filter((parameter) => !isStatistic(parameter) && !without.has(parameter.name)));
}

/** Where the running statistics lie, in a vector of their own. */
export function statisticsLayout(graph: Graph, without: ReadonlySet<string> = new Set()): Layout {
	return layOut(graph.parameters.filter((parameter) => isStatistic(parameter) && !without.has(parameter.name)));
}

function layOut(parameters: readonly Parameter[]): Layout {
	let offset = 0;
	const slots = parameters.map((parameter) => {
		const slot = { ...parameter, offset, size: sizeOf(parameter.shape) };
		offset += slot.size;
		return slot;
	});
	return { slots, length: offset };
}

/** The part of a flat vector that holds one tensor, as a view. */
export function slice<V extends Float32Array | Float64Array>(vector: V, slot: Slot): V {
	return vector.subarray(slot.offset, slot.offset + slot.size) as V;
}

/** The tensors of a part of a layout, from a vector of the whole. */
export function takePart(whole: Layout, vector: Float32Array, part: Layout, out: Float32Array): void {
	eachTensor(whole, vector, part, out, (own, tensor) => own.set(tensor));
}

/** Puts the tensors of a part of a layout back into a vector of the whole. */
export function putPart(whole: Layout, vector: Float32Array, part: Layout, values: Float32Array): void {
	eachTensor(whole, vector, part, values, (own, tensor) => tensor.set(own));
}

/** Tells of each tensor of the part where it lies in the part's vector, and in that of the whole. */
function eachTensor(
	whole: Layout,
	vector: Float32Array,
	part: Layout,
	values: Float32Array,
	tell: (own: Float32Array, tensor: Float32Array) => void,
): void {
	const slots = new Map(whole.slots.map((slot) => [slot.name, slot]));
	for (const own of part.slots) {
		const slot = slots.get(own.name);
		if (slot !== undefined) tell(slice(values, own), slice(vector, slot));
	}
}

/**
 * The number of the filter each element of a tensor belongs to, 0 .. filters - 1.
 * A tensor without filter axes is one filter.
 */
export function filterNumbers(shape: readonly number[], filterAxes: readonly number[]): Uint32Array {
	const numbers = new Uint32Array(sizeOf(shape));
	let inner = numbers.length;
	for (const [axis, length] of shape.entries()) {
		inner /= length;
		if (!filterAxes.includes(axis)) continue;
		let at = 0;
		while (at < numbers.length)
			for (let index = 0; index < length; index++)
				for (const end = at + inner; at < end; at++) numbers[at] = (numbers[at] ?? 0) * length + index;
	}
	return numbers;
}

/** How many filters a tensor has. */
export function filterCount(shape: readonly number[], filterAxes: readonly number[]): number {
	return sizeOf(filterAxes.map((axis) => shape[axis] ?? 1));
}

/** Values in native (PyTorch) order, put into the order of the graph. */
export function fromNative<V extends Float32Array | Float64Array>(values: V, native: NativeLayout): V {
	return placeNative(values, native, values.slice() as V);
}

/** As fromNative, into an array that is there. */
function placeNative<V extends Float32Array | Float64Array>(values: V, native: NativeLayout, out: V): V {
	eachPlace(native, (here, there) => {
		out[here] = values[there] ?? 0;
	});
	return out;
}

/** Values in the order of the graph, put into native (PyTorch) order. */
export function toNative<V extends Float32Array | Float64Array>(values: V, native: NativeLayout): V {
	const out = values.slice() as V;
	eachPlace(native, (here, there) => {
		out[there] = values[here] ?? 0;
	});
	return out;
}

/** Walks the permuted view in order (`here`), with the index of the same element in native order (`there`). */
function eachPlace({ view, permutation }: NativeLayout, visit: (here: number, there: number) => void): void {
	const strides = view.map((_, axis) => sizeOf(view.slice(axis + 1)));
	const lengths = permutation.map((axis) => view[axis] ?? 1);
	const steps = permutation.map((axis) => strides[axis] ?? 0);
	visitStrided(lengths, steps, 0, visit);
}

/** A tensor as a file holds it: native (PyTorch) shape and order. */
export interface NamedTensor {
	readonly shape: readonly number[];
	readonly values: Float32Array;
}

/**
 * Flat vectors from named tensors in native layout, such as a PyTorch state_dict. Tensors the graph does not know are an
 * error too: they would be silently left out of the network that was trained.
 *
 * @param source how errors call the place the tensors come from
 * @throws {LayoutMismatchError} naming the first tensor that is missing, of another shape, or unknown
 */
export function fromNamedTensors(graph: Graph, tensors: ReadonlyMap<string, NamedTensor>, source: string): State {
	const known = new Set(graph.parameters.map(({ name }) => name));
	const fill = (layout: Layout): Float32Array => {
		const vector = sharedVector(layout.length);
		for (const slot of layout.slots)
			placeNative(matching(slot, tensors, source, graph).values, slot.native, slice(vector, slot));
		return vector;
	};
	const state = { parameters: fill(parameterLayout(graph)), statistics: fill(statisticsLayout(graph)) };
	for (const [name, { shape }] of tensors) {
		// PyTorch counts the batches its running statistics have seen; nothing is computed from it.
		if (known.has(name) || name.endsWith("num_batches_tracked")) continue;
		throw new LayoutMismatchError(`${source}: tensor ${name} [${shape}] is not part of ${graph.name}`, name);
	}
	return state;
}

function matching(slot: Slot, tensors: ReadonlyMap<string, NamedTensor>, source: string, graph: Graph): NamedTensor {
	const tensor = tensors.get(slot.name);
	const expected = `${graph.name} needs ${slot.name} [${slot.native.shape}]`;
	if (tensor === undefined) throw new LayoutMismatchError(`${source}: ${expected}, which is missing`, slot.name);
	if (String(tensor.shape) !== String(slot.native.shape))
		throw new LayoutMismatchError(`${source}: ${expected}, but the file has [${tensor.shape}]`, slot.name);
	return tensor;
}

/** The tensors of a network by name in native layout: what `fromNamedTensors` takes. */
export function toNamedTensors(graph: Graph, { parameters, statistics }: State): Map<string, NamedTensor> {
	const tensors = new Map<string, NamedTensor>();
	const add = (layout: Layout, vector: Float32Array) => {
		for (const slot of layout.slots)
			tensors.set(slot.name, { shape: slot.native.shape, values: toNative(slice(vector, slot), slot.native) });
	};
	add(parameterLayout(graph), parameters);
	add(statisticsLayout(graph), statistics);
	return tensors;
}
