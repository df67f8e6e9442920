import { slice as cut, reverse, stridedSlice } from "@tensorflow/tfjs-core";
import { lowerCopy } from "../../kernels/copy.js";
import { stridesOf } from "../../kernels/lowering.js";
import { axisAt, cutAxes } from "./axes.js";
import { takenAt } from "./gradient.js";
import { axisOf, linearTangent, type Op, required } from "./op.js";

export interface SliceAttributes {
	/** Counted from the last. */
	readonly axis: number;
	readonly start: number;
	/** How many elements are taken. */
	readonly length: number;
	/** From one element taken to the next; negative walks backwards. */
	readonly step: number;
}

export const slice: Op<SliceAttributes> = {
	shape(inputs, { axis, start, length, step }) {
		const x = required(inputs, 0);
		const along = axisOf(axis, x.length);
		const last = start + (length - 1) * step;
		const size = x[along] ?? 0;
		if (!(length >= 1 && Math.min(start, last) >= 0 && Math.max(start, last) < size))
			throw new RangeError(`no ${length} elements from ${start} by ${step} in a length of ${size}`);
		return x.map((full, i) => (i === along ? length : full));
	},

	run(inputs, { axis, start, length, step }, { gradient }) {
		const x = required(inputs, 0);
		const along = axisOf(axis, x.rank);
		if (gradient && Math.abs(step) > 1)
			return takenAt(
				x,
				Array.from({ length }, (_, i) => start + i * step),
				along,
			);
		const first = Math.min(start, start + (length - 1) * step);
		const begin = x.shape.map((_, i) => (i === along ? first : 0));
		const size = x.shape.map((full, i) => (i === along ? (length - 1) * Math.abs(step) + 1 : full));
		const part = cut(x, begin, size);
		const strides = x.shape.map((_, i) => (i === along ? Math.abs(step) : 1));
		const thinned =
			Math.abs(step) === 1
				? part
				: stridedSlice(
						part,
						part.shape.map(() => 0),
						part.shape,
						strides,
					);
		return step < 0 ? reverse(thinned, along) : thinned;
	},

	lower([x], { axis, start, length, step }, lowering) {
		if (!x?.perSample) return undefined;
		const along = axisOf(axis, x.shape.length);
		const strides = stridesOf(x.shape);
		const stride = strides[along] ?? 1;
		const shape = x.shape.map((full, i) => (i === along ? length : full));
		const taken = strides.map((own, i) => (i === along ? own * step : own));
		return lowerCopy(lowering, x, shape, taken, start * stride);
	},

	axes([x = []], axes, { axis, start, length, step }) {
		const along = axisOf(axis, x.length);
		if (length === 1 || step === 1) return cutAxes(x, along, start, length, axes);
		axes.fix(axisAt(x, along), "taken apart");
		return x.map((own, i) => (i === along ? axes.still(length) : own));
	},

	tangent: linearTangent("slice"),
};
