import { RandomStream } from "../../../../src/exact/random.js";
import type { TestInput, TestModel, TestTensor, TestType } from "../onnx-file.js";

/** A graph of one operator, mostly, with what goes in made up from its name. */
export interface OperatorCase extends TestModel {
	readonly name: string;
}

/** How many samples go through each graph. */
export const SAMPLES = 3;

/** Numbers from -2 to 2 that only a name decides, of which three decimals are kept. */
export function numbers(name: string, count: number): number[] {
	const seed = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 2 ** 31, 7);
	const random = new RandomStream(seed, "initialisation");
	return Array.from({ length: count }, () => Math.round((random.uniform() * 4 - 2) * 1000) / 1000);
}

function ofType(values: readonly number[], type: TestType): number[] {
	switch (type) {
		case "float":
			return [...values];
		case "bool":
			return values.map((value) => (value > 0 ? 1 : 0));
		case "uint8":
			return values.map((value) => Math.round(Math.abs(value) * 100));
		default:
			return values.map((value) => Math.round(Math.abs(value) * 2));
	}
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);

/** A tensor of the file, made up. */
export function weights(name: string, shape: readonly number[], type: TestType = "float"): TestTensor {
	return { shape, values: ofType(numbers(name, sizeOf(shape)), type), type };
}

/** A list of whole numbers, as shapes and axes come. */
export function list(...values: number[]): TestTensor {
	return { shape: [values.length], values, type: "int64" };
}

export function scalar(value: number, type: TestType = "float"): TestTensor {
	return { shape: [], values: [value], type };
}

/** What goes into each input of a case: [SAMPLES, ...shape], flat. */
export function samplesOf({
	name,
	inputs,
}: OperatorCase): Map<string, { shape: number[]; values: number[]; type: TestType }> {
	return new Map(
		Object.entries(inputs).map(([input, { shape, type = "float" }]: [string, TestInput]) => {
			const whole = [SAMPLES, ...shape.map(Number)];
			return [input, { shape: whole, values: ofType(numbers(`${name} ${input}`, sizeOf(whole)), type), type }];
		}),
	);
}
