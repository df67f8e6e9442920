import { sizeOf } from "../../network/shape.js";
import type { OnnxTensor } from "./model.js";

/** No trained weight lies this low; masks add such numbers to what a softmax shall ignore. */
const MASKED = -1e4;

/** How exactly a table of sines follows its rule; half precision keeps three digits. */
const SINE_TOLERANCE = 4e-3;

/** 2 cos ω of a column that moves too slowly to tell a sine from a line. */
const SLOW = 1.9;

/** Names that exporters give to what has none: numbers that they worked out, mostly. */
const unnamed = /^(val_\d+|onnx::\w+_\d+|_?const\w*|\d+|.*Constant(_\d+)?_output_\d+)$/;

/** Whether the exporter gave a tensor its name, which then stands for none of the network's own. */
export function isUnnamed(name: string): boolean {
	return unnamed.test(name);
}

/**
 * Why a tensor of floats is none that training moves, by what it holds: trained numbers are neither infinite, nor only zeros and
 * ones, nor sines to the last digit.
 *
 * @returns undefined where it may be trained
 */
export function reasonByContents(name: string, tensor: OnnxTensor): string | undefined {
	const { values } = tensor;
	if (!values.every((value) => Number.isFinite(value) && value > MASKED)) return "a mask";
	if (values.length === 1 && isUnnamed(name)) return "a single number";
	if (isZerosAndOnes(values)) return "zeros and ones";
	return isTableOfSines(tensor) ? "a table of sines" : undefined;
}

/** Both of them and nothing else: of a fresh normalisation all are alike. */
function isZerosAndOnes(values: OnnxTensor["values"]): boolean {
	return values.includes(0) && values.includes(1) && values.every((value) => value === 0 || value === 1);
}

/**
 * Whether the rows of a table follow each other as positions in sines and cosines do, each column c with a frequency ω of its own:
 * c(t + 1) + c(t - 1) = 2 cos ω · c(t), from 0 or from the amplitude on.
 */
function isTableOfSines({ shape, values }: OnnxTensor): boolean {
	const lengths = shape.filter((length) => length > 1);
	const [rows = 1] = lengths;
	const columns = sizeOf(lengths.slice(1));
	if (lengths.length < 2 || rows < 4) return false;
	const at = (row: number, column: number) => values[row * columns + column] ?? Number.NaN;
	const amplitude = Math.max(...Array.from({ length: columns }, (_, column) => Math.abs(at(0, column)))) || 1;
	let oscillates = false;
	for (let column = 0; column < columns; column++) {
		const start = at(0, column);
		const isSine = start === 0;
		if (!isSine && Math.abs(Math.abs(start) - amplitude) > SINE_TOLERANCE * amplitude) return false;
		// From sin 0 = 0 on the first step says ω only by the second; from cos 0 on by the first.
		const twice = isSine ? at(2, column) / at(1, column) : (2 * at(1, column)) / start;
		if (!(Math.abs(twice) <= 2 + SINE_TOLERANCE) && at(1, column) !== 0) return false;
		for (let row = 1; row + 1 < rows; row++) {
			const expected = (at(1, column) === 0 && isSine ? 0 : twice * at(row, column)) - at(row - 1, column);
			if (!(Math.abs(at(row + 1, column) - expected) <= SINE_TOLERANCE * amplitude * rows)) return false;
		}
		oscillates ||= at(1, column) !== start && Math.abs(twice) < SLOW;
	}
	return oscillates;
}
