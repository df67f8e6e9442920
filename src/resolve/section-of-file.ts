import { LayoutMismatchError, OptionError } from "../errors.js";
import { type DirectionTensor, readDirections } from "../formats/directions.js";
import type { Network } from "../network/network.js";
import { fromNative, type Layout, parameterLayout, type Slot, slice, statisticsLayout } from "../network/parameters.js";
import { share } from "../network/shared-memory.js";
import { type DirectionFile, defaults, pathOfDirections } from "../options/plane/index.js";
import { affineSection, type Direction } from "../section/affine.js";
import { normalize } from "../section/normalize.js";
import { cosine } from "../section/products.js";
import { keptStill } from "../section/still.js";
import type { Anchor } from "../surface/surface.js";
import type { Stillness } from "./moving.js";
import type { SweepRequest } from "./request.js";
import { labelOf, type ResolvedSection } from "./section.js";

/**
 * The line or plane around a network along the directions of a file, as they are there, or scaled by the parameters where a norm is
 * given.
 *
 * @throws {FileFormatError} when the file holds none
 * @throws {LayoutMismatchError} naming the tensor that does not fit the network
 */
export function alongFile(
	{ graph, state }: Network,
	directions: DirectionFile,
	request: SweepRequest,
	moving: Stillness,
): ResolvedSection {
	const path = pathOfDirections(directions);
	const [first, second] = readDirections(path);
	if (second === undefined && request.y)
		throw new OptionError("y", `expected none: ${path} holds one direction, for a line`);
	const layouts = { parameters: parameterLayout(graph), statistics: statisticsLayout(graph) };
	const { norm, bias = defaults.bias } = request;
	const arranged = (tensors: readonly DirectionTensor[]): Direction => {
		const direction = arrange(tensors, layouts, path, graph.name);
		if (norm === undefined) return direction;
		const scaled = Float64Array.from(direction.parameters);
		normalize(scaled, state.parameters, layouts.parameters, norm, bias);
		return { ...direction, parameters: share(Float32Array.from(scaled)) };
	};
	const held = ({ parameters, statistics }: Direction): Direction => ({
		parameters: keptStill(parameters, layouts.parameters, moving.still),
		...(statistics && { statistics: keptStill(statistics, layouts.statistics, moving.still) }),
	});
	const x = held(arranged(first));
	const y = second === undefined || request.y === null ? undefined : held(arranged(second));
	const origin: Anchor = {
		label: request.labels?.[0] ?? "origin",
		at: y === undefined ? [0] : [0, 0],
		role: "origin",
	};
	return {
		section: affineSection(state, y === undefined ? [x] : [x, y], [origin]),
		cosine: y === undefined ? null : cosine(x.parameters, y.parameters),
		facts: [
			`directions of ${labelOf(path)}`,
			...(norm === undefined ? [] : [`norm ${norm}`, `bias ${bias}`]),
			...moving.facts,
		],
		assumptions: first.some(({ name }) => name === undefined)
			? [`tensors of ${path}, which have no names, lie in the order of the network's, as isoloss inspect lists them`]
			: [],
	};
}

interface Layouts {
	readonly parameters: Layout;
	readonly statistics: Layout;
}

/** A direction from its tensors, by their names or, where they have none, in their order. */
function arrange(tensors: readonly DirectionTensor[], layouts: Layouts, path: string, network: string): Direction {
	const { parameters, statistics } = layouts;
	const isNamed = tensors.every(({ name }) => name !== undefined);
	const found = isNamed
		? new Map(tensors.map((tensor) => [tensor.name ?? "", tensor]))
		: inOrder(tensors, parameters, path, network);
	const fill = (layout: Layout) => filled(layout, found, path, network);
	const moves = statistics.slots.some(({ name }) => found.has(name));
	const known = new Set([...parameters.slots, ...(moves ? statistics.slots : [])].map(({ name }) => name));
	const odd = [...found.keys()].find((name) => !known.has(name));
	if (odd !== undefined)
		throw new LayoutMismatchError(`${path}: tensor ${odd} [${found.get(odd)?.shape}] is not part of ${network}`, odd);
	return { parameters: fill(parameters), ...(moves && { statistics: fill(statistics) }) };
}

function inOrder(
	tensors: readonly DirectionTensor[],
	{ slots }: Layout,
	path: string,
	network: string,
): ReadonlyMap<string, DirectionTensor> {
	if (tensors.length !== slots.length)
		throw new LayoutMismatchError(
			`${path}: expected ${slots.length} tensors, as many as ${network} has parameters (running statistics don't count), got ${tensors.length}`,
		);
	return new Map(slots.map(({ name }, i) => [name, tensors[i] as DirectionTensor]));
}

/** The tensors of a layout in one vector, in float32 where all of them are. */
function filled(
	layout: Layout,
	found: ReadonlyMap<string, DirectionTensor>,
	path: string,
	network: string,
): Float32Array | Float64Array {
	const tensors = layout.slots.map((slot) => ({ slot, tensor: fitting(slot, found.get(slot.name), path, network) }));
	const isSingle = tensors.every(({ tensor }) => tensor.values instanceof Float32Array);
	const vector = share(isSingle ? new Float32Array(layout.length) : new Float64Array(layout.length));
	for (const { slot, tensor } of tensors) slice(vector, slot).set(fromNative(tensor.values, slot.native));
	return vector;
}

function fitting(slot: Slot, tensor: DirectionTensor | undefined, path: string, network: string): DirectionTensor {
	const { name, native } = slot;
	const expected = `${network} needs ${name} [${native.shape}]`;
	if (tensor === undefined) throw new LayoutMismatchError(`${path}: ${expected}, which is missing`, name);
	if (String(tensor.shape) !== String(native.shape))
		throw new LayoutMismatchError(`${path}: ${expected}, but the file has [${tensor.shape}]`, name);
	const odd = tensor.values.findIndex((value: number) => !Number.isFinite(value));
	if (odd >= 0)
		throw new LayoutMismatchError(`${path}: expected finite numbers in ${name}, got ${tensor.values[odd]}`, name);
	return tensor;
}
