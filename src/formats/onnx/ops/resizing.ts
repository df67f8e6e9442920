import type { ResampleAttributes } from "../../../network/ops/resample.js";
import { axis } from "../factors.js";
import { numbersOf } from "../fold.js";
import { alongAxis } from "../isolate.js";
import { type ImportOp, ints, type NodeContext, operand, text } from "../node.js";
import { isValue, type Operand, problem, shapeOf, type Value } from "../value.js";

/** Where the middle of element `x` of the output lies in the input. @see the ONNX operator Resize */
const transformations: Readonly<Record<string, (x: number, scale: number, from: number, to: number) => number>> = {
	half_pixel: (x, scale) => (x + 0.5) / scale - 0.5,
	pytorch_half_pixel: (x, scale, _, to) => (to > 1 ? (x + 0.5) / scale - 0.5 : 0),
	align_corners: (x, _, from, to) => (to > 1 ? (x * (from - 1)) / (to - 1) : 0),
	asymmetric: (x, scale) => x / scale,
};

const roundings: Readonly<Record<string, (x: number) => number>> = {
	round_prefer_floor: (x) => Math.ceil(x - 0.5),
	round_prefer_ceil: (x) => Math.floor(x + 0.5),
	floor: Math.floor,
	ceil: Math.ceil,
};

/** Upsample, and Resize of opset 10, which knew one rule only. */
function isEarly({ node, opset }: NodeContext): boolean {
	return node.op === "Upsample" || opset < 11;
}

function lengthsOf(context: NodeContext, shape: readonly number[]): { to: number[]; scales: number[] } {
	const input = (index: number): readonly number[] | undefined => {
		const given: Operand | undefined = context.inputs[index];
		if (given === undefined || (!isValue(given) && given.values.length === 0)) return undefined;
		return isValue(given) ? problem("its size is not known before the data") : numbersOf(given);
	};
	const listedAxes = ints(context, "axes") ?? [...shape.keys()];
	const spread = (list: readonly number[], rest: (index: number) => number) =>
		shape.map((_, index) => list[listedAxes.indexOf(index)] ?? rest(index));
	const scales = isEarly(context) ? (input(1) ?? ints(context, "scales")) : input(2);
	const sizes = isEarly(context) ? undefined : input(3);
	if (sizes !== undefined) {
		if (text(context, "keep_aspect_ratio_policy", "stretch") !== "stretch")
			return problem("keep_aspect_ratio_policy is not supported");
		const to = spread(sizes, (index) => shape[index] ?? 1);
		return { to, scales: to.map((length, index) => length / (shape[index] ?? 1)) };
	}
	const all = spread(scales ?? problem("neither scales nor sizes are given"), () => 1);
	return { to: shape.map((length, index) => Math.floor(length * (all[index] ?? 1))), scales: all };
}

const resize: ImportOp = (context) => {
	const x = context.builder.value(operand(context, 0));
	const shape = shapeOf(x);
	const mode = text(context, "mode", "nearest");
	if (mode !== "nearest" && mode !== "linear") return problem(`mode ${mode} is not supported`);
	const early = isEarly(context);
	const rule = early ? "asymmetric" : text(context, "coordinate_transformation_mode", "half_pixel");
	const transform = transformations[rule] ?? problem(`coordinate_transformation_mode ${rule} is not supported`);
	const rounding = early ? "floor" : text(context, "nearest_mode", "round_prefer_floor");
	const round = roundings[rounding] ?? problem(`nearest_mode ${rounding} is not supported`);
	const { to, scales } = lengthsOf(context, shape);
	return [
		shape.reduce<Value>((value, from, index) => {
			const [length = from, scale = 1] = [to[index], scales[index]];
			if (length === from && scale === 1) return value;
			if (!(length >= 1 && length <= MAX_LENGTH)) return problem(`a length of ${length} is not supported`);
			const places = Array.from({ length }, (_, at) => transform(at, scale, from, length));
			const along = mode === "nearest" ? nearest(places, from, round) : linear(places, from);
			return alongAxis(context.builder, value, index, axis(length), "resample", (at) => ({ axis: at, ...along }));
		}, x),
	];
};

/** No image that a network makes is longer. */
const MAX_LENGTH = 2 ** 16;

function nearest(places: readonly number[], from: number, round: (x: number) => number) {
	return { low: places.map((place) => Math.min(Math.max(round(place), 0), from - 1)) };
}

function linear(places: readonly number[], from: number): Omit<ResampleAttributes, "axis"> {
	const clamped = places.map((place) => Math.min(Math.max(place, 0), from - 1));
	const low = clamped.map((place) => Math.floor(place));
	return {
		low,
		high: low.map((place) => Math.min(place + 1, from - 1)),
		share: clamped.map((place, index) => place - (low[index] ?? 0)),
	};
}

export const resizingOps: Readonly<Record<string, ImportOp>> = { Resize: resize, Upsample: resize };
