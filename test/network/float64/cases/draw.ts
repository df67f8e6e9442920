import type { GraphNode, OpName } from "../../../../src/network/ops/index.js";
import type { Numbers } from "./numbers.js";

export interface CaseInput {
	/** Of one sample, or whole. */
	readonly shape: readonly number[];
	/** Of all samples where it has some; numbers that float32 holds. */
	readonly values: Float64Array;
	/** Whether it has a batch as first axis, which is not part of the shape. */
	readonly perSample: boolean;
	/** What the elements are; float32 where nothing is said. */
	readonly type?: "float32" | "int32" | "bool";
}

/** An op and what it may be given. */
export interface Case {
	readonly op: OpName;
	readonly inputs: readonly CaseInput[];
	readonly attributes: unknown;
	/** How many samples the inputs have that have some. */
	readonly batch: number;
}

/** Draws cases of one number of samples. */
export class Draw {
	/** Uniform on [0, 1). */
	readonly random: () => number;
	readonly batch: number;

	/** @param multiple of which the number of samples is one, or twice that */
	constructor(random: () => number, multiple = 1) {
		this.random = random;
		this.batch = this.length(1, 2) * multiple;
	}

	/** A whole number from `least` to `most`. */
	length(least: number, most: number): number {
		return least + Math.floor(this.random() * (most - least + 1));
	}

	/** An input that samples have. */
	values(shape: readonly number[], numbers: Numbers, type?: CaseInput["type"]): CaseInput {
		return this.#input([this.batch, ...shape], shape, numbers, true, type);
	}

	/** An input that is the same for all samples. */
	whole(shape: readonly number[], numbers: Numbers, type?: CaseInput["type"]): CaseInput {
		return this.#input(shape, shape, numbers, false, type);
	}

	#input(
		full: readonly number[],
		shape: readonly number[],
		numbers: Numbers,
		perSample: boolean,
		type: CaseInput["type"],
	): CaseInput {
		const count = full.reduce((product, length) => product * length, 1);
		const values = Float64Array.from({ length: count }, () => Math.fround(numbers(this.random)));
		return { shape, values, perSample, ...(type && { type }) };
	}

	case<Name extends OpName>(
		op: Name,
		attributes: Extract<GraphNode, { op: Name }>["attributes"],
		...inputs: readonly (CaseInput | undefined)[]
	): Case {
		return { op, inputs: inputs.filter((input) => input !== undefined), attributes, batch: this.batch };
	}
}
