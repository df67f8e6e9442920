import { pad as fill, gather, mirrorPad, type Tensor, type Tensor1D } from "@tensorflow/tfjs-core";
import { takenAt } from "./gradient.js";
import { type Op, required } from "./op.js";

export interface PadAttributes {
	/** [before, after] each axis of the sample. */
	readonly padding: readonly (readonly [number, number])[];
	/** A constant, the values mirrored at the border element, or the border element. */
	readonly mode: "constant" | "reflect" | "edge";
	readonly value: number;
}

export const pad: Op<PadAttributes> = {
	shape(inputs, { padding, mode }) {
		return required(inputs, 0).map((length, axis) => {
			const [before, after] = padding[axis] ?? [0, 0];
			if (before < 0 || after < 0 || (mode === "reflect" && Math.max(before, after) >= length))
				throw new RangeError(`a length of ${length} can't be padded by ${before} and ${after} (${mode})`);
			return length + before + after;
		});
	},

	run(inputs, { padding, mode, value }, { gradient }) {
		const x = required(inputs, 0);
		const batch = x.rank - padding.length;
		const all: [number, number][] = [
			...x.shape.slice(0, batch).map((): [number, number] => [0, 0]),
			...padding.map(([before, after]): [number, number] => [before, after]),
		];
		if (mode === "constant") return fill(x, all, value);
		if (mode === "reflect" && !gradient) return mirrorPad(x, all, "reflect");
		return all.reduce<Tensor>((padded, [before, after], axis) => {
			if (before === 0 && after === 0) return padded;
			const length = padded.shape[axis] ?? 1;
			const indices = Array.from({ length: length + before + after }, (_, i) => sourceOf(mode, i - before, length));
			if (gradient) return takenAt(padded, indices, axis);
			return gather(padded, Int32Array.from(indices) as unknown as Tensor1D, axis);
		}, x);
	},

	axes([x = []], axes, { padding, mode }) {
		return x.map((own, i) => {
			const [before, after] = padding[i] ?? [0, 0];
			if (before === 0 && after === 0) return own;
			if (mode === "constant") return axes.concat([axes.uniform(before), own, axes.uniform(after)]);
			axes.fix(own, "continued at its ends");
			return axes.still(before + own.length + after);
		});
	},

	/** What is added does not move. */
	tangent: ({ tangents: [x] }, build, attributes) => x && build.node("pad", [x], { ...attributes, value: 0 }),
};

/** Which element of an axis stands at a place before, in or after it. */
function sourceOf(mode: "reflect" | "edge", place: number, length: number): number {
	const last = length - 1;
	if (mode === "edge") return Math.min(Math.max(place, 0), last);
	return place < 0 ? -place : place > last ? 2 * last - place : place;
}
