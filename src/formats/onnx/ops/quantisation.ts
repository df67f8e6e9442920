import { axis, resolve } from "../factors.js";
import { known } from "../fold.js";
import type { OnnxTensor } from "../model.js";
import { axisIndex, constant, type ImportOp, int, type NodeContext, operand, optionalConstant } from "../node.js";
import { rangeOf } from "../tensor.js";
import { problem, shapeOf, type Value } from "../value.js";
import { applyBinary, applyUnary } from "./elementwise.js";

/** A scale or zero point as a value that lines up with x: one number, or one for each element of an axis. */
function linedUp({ builder, ...context }: NodeContext, x: Value, numbers: OnnxTensor): Value {
	const value = builder.value(known(numbers.shape, numbers.values, "float"));
	if (numbers.shape.length === 0 || numbers.values.length === 1) return { ...value, axes: [] };
	if (numbers.shape.length > 1) return problem("blocks of one scale each are not supported for computed values");
	const along = axisIndex(int({ builder, ...context }, "axis", 1), x.axes.length);
	if (shapeOf(x)[along] !== numbers.values.length)
		return problem(`${numbers.values.length} scales meet a length of ${shapeOf(x)[along]}`);
	return { ...value, axes: x.axes.map((_, index) => (index === along ? resolve(value.axes[0] ?? axis(1)) : [])) };
}

/** round(x / scale) + zero point, within the type's range; as a float, which the product after it takes. */
const quantize: ImportOp = (context) => {
	const x = context.builder.value(operand(context, 0));
	const zero = optionalConstant(context, 2, "zero point");
	const [least, most] = zero?.range ?? rangeOf(int(context, "output_dtype", 0)) ?? [0, 255];
	const scaled = applyBinary(context, x, linedUp(context, x, constant(context, 1, "scale")), "div");
	const rounded = applyUnary(context, scaled, "round");
	const moved = zero === undefined ? rounded : applyBinary(context, rounded, linedUp(context, x, zero), "add");
	return [applyUnary(context, moved, "clip", { alpha: least, beta: most })];
};

/** (x - zero point) · scale of computed values; tensors of the file have been multiplied out before. */
const dequantize: ImportOp = (context) => {
	const x = context.builder.value(operand(context, 0));
	const zero = optionalConstant(context, 2, "zero point");
	const moved = zero === undefined ? x : applyBinary(context, x, linedUp(context, x, zero), "sub");
	return [applyBinary(context, moved, linedUp(context, x, constant(context, 1, "scale")), "mul")];
};

export const quantisationOps: Readonly<Record<string, ImportOp>> = {
	DequantizeLinear: dequantize,
	QuantizeLinear: quantize,
};
