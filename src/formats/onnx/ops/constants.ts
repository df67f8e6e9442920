import { sizeOf } from "../../../network/shape.js";
import { BATCH, OWN } from "../factors.js";
import { filled, known } from "../fold.js";
import { constant, type ImportOp, int, isTensor, listInput, operand } from "../node.js";
import { problem, shapeOf } from "../value.js";

const shapeOp: ImportOp = (context) => {
	const shape = shapeOf(operand(context, 0));
	const part = shape.slice(int(context, "start", 0), int(context, "end", shape.length));
	return [known([part.length], part, "int")];
};

const constantOp: ImportOp = ({ node }) => {
	const { attributes } = node;
	const value = attributes.get("value");
	if (isTensor(value)) return [value];
	for (const [name, kind] of [
		["value_float", "float"],
		["value_int", "int"],
		["value_floats", "float"],
		["value_ints", "int"],
	] as const) {
		const value = attributes.get(name);
		if (typeof value === "number") return [known([], [value], kind)];
		if (Array.isArray(value)) return [known([value.length], value, kind)];
	}
	return problem("a constant of this kind is not supported");
};

const constantOfShape: ImportOp = (context) => {
	const shape = listInput(context, 0, "shape");
	const value = context.node.attributes.get("value");
	if (!isTensor(value)) return [filled(shape, 0, "float")];
	return [filled(shape, value.values[0] ?? 0, value.kind)];
};

/** The most elements of a range; more is no axis of a network. */
const MAX_RANGE = 2 ** 20;

const range: ImportOp = (context) => {
	const [start = 0, limit = 0, delta = 1] = [0, 1, 2].map((index) => constant(context, index, "range").values[0] ?? 0);
	// The numbers of all samples: for each its own.
	if (limit === BATCH && start === 0 && delta === 1) return [known([1], [OWN], "int")];
	const count = Math.max(0, Math.ceil((limit - start) / delta));
	if (!(count <= MAX_RANGE)) return problem(`a range of ${count} numbers is not supported`);
	return [
		known(
			[count],
			Array.from({ length: count }, (_, i) => start + i * delta),
			operand(context, 0).kind,
		),
	];
};

export const constantOps: Readonly<Record<string, ImportOp>> = {
	Constant: constantOp,
	ConstantOfShape: constantOfShape,
	Range: range,
	Shape: shapeOp,
	Size: (context) => [known([], [sizeOf(shapeOf(operand(context, 0)))], "int")],
};
