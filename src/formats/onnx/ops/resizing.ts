import type { ResampleAttributes } from "../../../network/ops/resample.js";
import { axis, hasBatch, resolve } from "../factors.js";
import { numbersOf } from "../fold.js";
import { alongAxis } from "../isolate.js";
import { axisIndex, float, type ImportOp, int, ints, type NodeContext, operand, text } from "../node.js";
import { isValue, type Operand, problem, shapeOf, type Value } from "../value.js";

/** One axis on its way to another length: `scale` times longer, which `to` may round. */
interface Stretch {
	readonly from: number;
	readonly to: number;
	readonly scale: number;
}

/** Where the middle of element `x` of the output lies in the input. @see the ONNX operator Resize */
const transformations: Readonly<Record<string, (x: number, stretch: Stretch) => number>> = {
	half_pixel: (x, { scale }) => (x + 0.5) / scale - 0.5,
	half_pixel_symmetric: (x, { scale, from, to }) => {
		// What the rounded length lacks is shared by both ends.
		const offset = (from / 2) * (1 - to / (scale * from));
		return offset + (x + 0.5) / scale - 0.5;
	},
	pytorch_half_pixel: (x, { scale, to }) => (to > 1 ? (x + 0.5) / scale - 0.5 : 0),
	align_corners: (x, { from, to }) => (to > 1 ? (x * (from - 1)) / (to - 1) : 0),
	asymmetric: (x, { scale }) => x / scale,
};

const roundings: Readonly<Record<string, (x: number) => number>> = {
	round_prefer_floor: (x) => Math.ceil(x - 0.5),
	round_prefer_ceil: (x) => Math.floor(x + 0.5),
	floor: Math.floor,
	ceil: Math.ceil,
};

/** What an element at a distance counts, within a reach to either side. */
interface Filter {
	readonly reach: number;
	readonly weight: (distance: number) => number;
}

const triangle: Filter = { reach: 1, weight: (distance) => Math.max(0, 1 - Math.abs(distance)) };

/** Cubic convolution. @see Keys 1981, eq. 15, of which `a` is the slope */
function cubic(a: number): Filter {
	return {
		reach: 2,
		weight(distance) {
			const d = Math.abs(distance);
			if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
			return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
		},
	};
}

/** Upsample, and Resize of opset 10, which knew one rule only. */
function isEarly({ node, opset }: NodeContext): boolean {
	return node.op === "Upsample" || opset < 11;
}

function stretchesOf(context: NodeContext, shape: readonly number[]): Stretch[] {
	const input = (index: number): readonly number[] | undefined => {
		const given: Operand | undefined = context.inputs[index];
		if (given === undefined || (!isValue(given) && given.values.length === 0)) return undefined;
		return isValue(given) ? problem("its size is not known before the data") : numbersOf(given);
	};
	const listed = ints(context, "axes")?.map((index) => axisIndex(index, shape.length)) ?? [...shape.keys()];
	const spread = (list: readonly number[], rest: (index: number) => number) =>
		shape.map((_, index) => list[listed.indexOf(index)] ?? rest(index));
	const scales = isEarly(context) ? (input(1) ?? ints(context, "scales")) : input(2);
	const sizes = isEarly(context) ? undefined : input(3);
	if (sizes === undefined) {
		const all = spread(scales ?? problem("neither scales nor sizes are given"), () => 1);
		return shape.map((from, index) => {
			const scale = all[index] ?? 1;
			return { from, to: Math.floor(from * scale), scale };
		});
	}
	const asked = spread(sizes, (index) => shape[index] ?? 1);
	const policy = text(context, "keep_aspect_ratio_policy", "stretch");
	const ratios = listed.map((index) => (asked[index] ?? 1) / (shape[index] ?? 1));
	if (policy === "stretch") return shape.map((from, i) => ({ from, to: asked[i] ?? 1, scale: (asked[i] ?? 1) / from }));
	const common = { not_larger: Math.min(...ratios), not_smaller: Math.max(...ratios) }[policy];
	if (common === undefined) return problem(`keep_aspect_ratio_policy ${policy} is not supported`);
	return shape.map((from, index) => {
		if (!listed.includes(index)) return { from, to: from, scale: 1 };
		return { from, to: Math.floor(common * from + 0.5), scale: common };
	});
}

/** No image that a network makes is longer. */
const MAX_LENGTH = 2 ** 16;

/** Elements of the input that all of the output together are made of: of an image of 4,096 columns by any common filter, and more. */
const MAX_TERMS = 2 ** 22;

const resize: ImportOp = (context) => {
	const x = context.builder.value(operand(context, 0));
	const shape = shapeOf(x);
	const early = isEarly(context);
	const rule = early ? "asymmetric" : text(context, "coordinate_transformation_mode", "half_pixel");
	const transform = transformations[rule] ?? problem(`coordinate_transformation_mode ${rule} is not supported`);
	const sums = summation(context, early);
	return [
		stretchesOf(context, shape).reduce<Value>((value, stretch, index) => {
			const { from, to, scale } = stretch;
			// A file exported with a fixed number of samples asks for that many.
			if (hasBatch(resolve(value.axes[index] ?? [])) && (to === context.batch || scale === 1)) return value;
			if (to === from && scale === 1) return value;
			if (!(to >= 1 && to <= MAX_LENGTH)) return problem(`a length of ${to} is not supported`);
			const places = Array.from({ length: to }, (_, at) => transform(at, stretch));
			const along = sums(places, stretch);
			return alongAxis(context.builder, value, index, axis(to), "resample", (at) => ({ axis: at, ...along }));
		}, x),
	];
};

type Summation = (places: readonly number[], stretch: Stretch) => Omit<ResampleAttributes, "axis">;

/** How elements of the input make one of the output, by `mode` and what goes with it. */
function summation(context: NodeContext, early: boolean): Summation {
	const mode = text(context, "mode", "nearest");
	if (mode === "nearest") {
		const rounding = early ? "floor" : text(context, "nearest_mode", "round_prefer_floor");
		const round = roundings[rounding] ?? problem(`nearest_mode ${rounding} is not supported`);
		return (places, { from }) => ({ terms: [places.map((place) => within(round(place), from))] });
	}
	if (mode !== "linear" && mode !== "cubic") return problem(`mode ${mode} is not supported`);
	const filter = mode === "linear" ? triangle : cubic(float(context, "cubic_coeff_a", -0.75));
	const smooths = int(context, "antialias", 0) === 1;
	const excludes = int(context, "exclude_outside", 0) === 1;
	return (places, stretch) => {
		// Where an image shrinks, its filter spans as many elements as become one.
		const widening = smooths ? Math.max(1, 1 / stretch.scale) : 1;
		return filtered(places, stretch.from, filter, widening, excludes);
	};
}

function within(index: number, length: number): number {
	return Math.min(Math.max(index, 0), length - 1);
}

/**
 * @param widening how much wider than the filter's own its reach is
 * @param excludes whether elements beyond the border count nothing, and the others more for it; else the border's stand there
 */
function filtered(
	places: readonly number[],
	from: number,
	{ reach, weight }: Filter,
	widening: number,
	excludes: boolean,
) {
	const support = reach * widening;
	const count = 2 * Math.ceil(support);
	if (count * places.length > MAX_TERMS) return problem(`a filter over ${count} elements is not supported`);
	const terms = Array.from({ length: count }, (): number[] => []);
	const weights = Array.from({ length: count }, (): number[] => []);
	for (const place of places) {
		const first = Math.floor(place) - Math.ceil(support) + 1;
		const own = Array.from({ length: count }, (_, term) => {
			const index = first + term;
			return excludes && index !== within(index, from) ? 0 : weight((index - place) / widening);
		});
		const sum = own.reduce((total, each) => total + each, 0);
		for (const [term, each] of own.entries()) {
			terms[term]?.push(within(first + term, from));
			weights[term]?.push(excludes || widening > 1 ? each / sum : each);
		}
	}
	return { terms, weights };
}

export const resizingOps: Readonly<Record<string, ImportOp>> = { Resize: resize, Upsample: resize };
