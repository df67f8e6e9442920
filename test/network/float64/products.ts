import type { DenseAttributes } from "../../../src/network/ops/dense.js";
import {
	build,
	commonShape,
	elementAt,
	indexOf,
	inputOf,
	plus,
	rectified,
	reshaped,
	sizeOf,
	type Value,
} from "./value.js";

export function matMul(inputs: readonly Value[]): Value {
	const [a, b] = [inputOf(inputs, 0), inputOf(inputs, 1)];
	const [rows = 1, inner = 1] = a.shape.slice(-2);
	const columns = b.shape.at(-1) ?? 1;
	const [left, right] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
	return build([...commonShape(left, right), rows, columns], (position) => {
		const [row = 0, column = 0] = position.slice(-2);
		const matrix = position.slice(0, -2);
		const from = (indexOf(left, matrix) * rows + row) * inner;
		const start = indexOf(right, matrix) * inner * columns + column;
		let sum = 0;
		for (let k = 0; k < inner; k++) sum += elementAt(a, from + k) * elementAt(b, start + k * columns);
		return sum;
	});
}

export function dense(inputs: readonly Value[], { activation }: DenseAttributes): Value {
	const [x, kernel] = [inputOf(inputs, 0), inputOf(inputs, 1)];
	const [into = 1, out = 1] = kernel.shape;
	const before = x.shape.slice(0, -1);
	const product = matMul([reshaped(x, [sizeOf(before), into]), kernel]);
	const sum = plus(reshaped(product, [...before, out]), inputs[2]);
	return activation === "relu" ? rectified(sum) : sum;
}
