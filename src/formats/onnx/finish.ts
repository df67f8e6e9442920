import type { Constant, NativeLayout, Parameter } from "../../network/graph.js";
import type { GraphNode } from "../../network/ops/index.js";
import { fromNative } from "../../network/parameters.js";
import { sizeOf } from "../../network/shape.js";
import { lengthOf, resolve, withoutBatch } from "./factors.js";
import type { OnnxTensor } from "./model.js";
import type { Role, Source, Storage } from "./value.js";

/** How a tensor of the file becomes what lies in memory; `shape` is that of the file. */
export function nativeLayout(storage: Storage, source: Source, shape = source.shape): NativeLayout {
	const view = resolve(source.native);
	const stored = storage.groups.flatMap(withoutBatch);
	return { shape, view: view.map(({ length }) => length), permutation: stored.map((item) => view.indexOf(item)) };
}

/** A tensor of the file that the network was trained by, as the graph lists it. */
export function parameterOf(
	name: string,
	storage: Storage,
	native: NativeLayout,
	{ kind, fanIn, filters }: Role,
): Parameter {
	const groups = storage.groups.map(withoutBatch);
	const counted = "axes" in filters ? [] : resolve(filters);
	const filterAxes =
		"axes" in filters
			? filters.axes
			: [...groups.keys()].filter((index) => {
					const group = groups[index] ?? [];
					return group.length > 0 && group.every((item) => counted.includes(item));
				});
	return { name, shape: groups.map(lengthOf), kind, filterAxes, fanIn, native };
}

/** A tensor of the file that no sweep moves, with its values in memory's order. */
export function constantOf(
	name: string,
	storage: Storage,
	native: NativeLayout,
	{ kind, values }: OnnxTensor,
): Constant {
	const placed = fromNative(values instanceof Float32Array ? values : Float32Array.from(values), native);
	const shape = storage.groups.map((group) => lengthOf(withoutBatch(group)));
	if (kind === "float") return { name, shape, type: "float32", values: placed };
	return { name, shape, type: kind === "int" ? "int32" : "bool", values: Int32Array.from(placed) };
}

/** The nodes that the output depends on; importing may have added others on the way. */
export function reachable(nodes: readonly GraphNode[], output: string): GraphNode[] {
	const needed = new Set([output]);
	const kept: GraphNode[] = [];
	for (const node of nodes.toReversed()) {
		if (!needed.has(node.output)) continue;
		for (const input of node.inputs) needed.add(input);
		kept.push(node);
	}
	return kept.reverse();
}

/** A tensor that training moves and that no layer has claimed: learned positions, mostly, of which a part is taken. */
export function roleOfTable({ native, shape }: Source): Role {
	if (shape.filter((length) => length > 1).length <= 1) return { kind: "bias", fanIn: sizeOf(shape), filters: [] };
	const rows = native.slice(0, (shape[0] ?? 1) > 1 ? 1 : 0);
	return { kind: "kernel", fanIn: Math.max(1, shape.at(-1) ?? 1), filters: rows };
}
