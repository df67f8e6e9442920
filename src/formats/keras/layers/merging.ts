import type { BinaryFunction } from "../../../network/ops/binary.js";
import { sizeOf } from "../../../network/shape.js";
import type { AddLayer, KerasGraph } from "../network.js";
import { number, reshaped } from "./settings.js";

function merge(name: BinaryFunction, finish?: (network: KerasGraph, sum: string, count: number) => string): AddLayer {
	return (_, inputs, network) => {
		const [first, ...rest] = inputs;
		if (first === undefined || rest.length === 0) throw new RangeError("it merges fewer than two values");
		const merged = rest.reduce((sum, input) => network.emit("binary", [sum, input], { function: name }), first);
		return finish === undefined ? merged : finish(network, merged, inputs.length);
	};
}

const concatenate: AddLayer = ({ config }, inputs, network) => {
	const rank = network.shapeOf(inputs[0] ?? "").length;
	const axis = number(config, "axis", -1);
	return network.emit("concat", inputs, { axis: axis < 0 ? axis : axis - rank - 1 });
};

/** Products of two values along an axis of each; what is left of the first comes before what is left of the second. */
const dot: AddLayer = ({ config }, inputs, network) => {
	const [a, b, ...others] = inputs;
	if (a === undefined || b === undefined || others.length > 0) throw new RangeError("it multiplies two values");
	const asked = Array.isArray(config.axes) ? config.axes : [config.axes, config.axes];
	const [left, right] = [a, b].map((x, index) => {
		const { length } = network.shapeOf(x);
		const axis = Number(asked[index]);
		const place = axis < 0 ? axis + length : axis - 1;
		if (!(place >= 0 && place < length)) throw new RangeError(`axes ${config.axes} are not those of its values`);
		const turned = withAxis(network, x, place, index === 0 ? length - 1 : 0);
		return config.normalize === true ? normalized(network, turned, index === 0 ? -1 : -length) : turned;
	}) as [string, string];
	const [rows, columns] = [network.shapeOf(left).slice(0, -1), network.shapeOf(right).slice(1)];
	const inner = network.shapeOf(right)[0] ?? 1;
	const product = network.emit(
		"matMul",
		[reshaped(network, left, [sizeOf(rows), inner]), reshaped(network, right, [inner, sizeOf(columns)])],
		{},
	);
	const shape = [...rows, ...columns];
	return reshaped(network, product, shape.length === 0 ? [1] : shape);
};

/** A value with one axis at another place, the others in their order. */
function withAxis(network: KerasGraph, x: string, from: number, to: number): string {
	if (from === to) return x;
	const others = [...network.shapeOf(x).keys()].filter((axis) => axis !== from);
	return network.emit("transpose", [x], { permutation: [...others.slice(0, to), from, ...others.slice(to)] });
}

/** x / ‖x‖ along an axis. */
function normalized(network: KerasGraph, x: string, axis: number): string {
	const shape = network.shapeOf(x);
	const squares = network.emit("reduce", [x], { function: "sumOfSquares", axes: [axis] });
	const least = network.emit("unary", [squares], { function: "clip", alpha: 1e-12, beta: Number.POSITIVE_INFINITY });
	const norm = network.emit("unary", [least], { function: "sqrt" });
	const along = shape.map((length, index) => (index === axis + shape.length ? 1 : length));
	return network.emit("binary", [x, reshaped(network, norm, along)], { function: "div" });
}

export const mergingLayers: Readonly<Record<string, AddLayer>> = {
	Add: merge("add"),
	Average: merge("add", (network, sum, count) =>
		network.emit("unary", [sum], { function: "affine", alpha: 1 / count, beta: 0 }),
	),
	Concatenate: concatenate,
	Divide: merge("div"),
	Dot: dot,
	Maximum: merge("maximum"),
	Minimum: merge("minimum"),
	Multiply: merge("mul"),
	Power: merge("pow"),
	Subtract: merge("sub"),
	TrueDivide: merge("div"),
};
