import { isFloat } from "../files/numbers.js";
import type { NumericArray, RawData } from "./raw.js";

/** What there is to know of a data set before a sweep. */
export interface DataInspection {
	/** What people call the data. */
	readonly name: string;
	/** [samples, ...] */
	readonly shape: readonly number[];
	/** Of the numbers in the file. */
	readonly type: string;
	/** The arrays of samples by name, where there are several. */
	readonly inputs?: readonly { readonly name: string; readonly shape: readonly number[]; readonly type: string }[];
	/** Lowest and highest number. */
	readonly range: readonly [number, number];
	/** How many samples each class has; undefined where the targets are values. */
	readonly classes: readonly { readonly name: string; readonly count: number }[] | undefined;
	/** Target values a sample. */
	readonly targetWidth: number;
}

export function inspectData({ name, inputs, named, targets, classes }: RawData): DataInspection {
	let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	for (const value of inputs.values) {
		low = Math.min(low, value);
		high = Math.max(high, value);
	}
	return {
		name,
		shape: inputs.shape,
		type: inputs.type,
		...(named !== undefined &&
			named.size > 1 && { inputs: [...named].map(([name, { shape, type }]) => ({ name, shape, type })) }),
		range: [low, high],
		classes: areClasses(targets) ? countClasses(targets.values, classes) : undefined,
		targetWidth: targets.values.length / (inputs.shape[0] ?? 1),
	};
}

/** Whether targets may be classes: whole numbers, and of floats one a sample. */
function areClasses({ shape, type, values }: NumericArray): boolean {
	const isOne = values.length === (shape[0] ?? 1);
	return (isOne || !isFloat(type)) && values.every(Number.isInteger);
}

function countClasses(
	targets: NumericArray["values"],
	names: readonly string[] | undefined,
): { name: string; count: number }[] {
	const counts = new Map<number, number>();
	for (const target of targets) counts.set(target, (counts.get(target) ?? 0) + 1);
	return [...counts]
		.sort(([a], [b]) => a - b)
		.map(([target, count]) => ({ name: names?.[target] ?? String(target), count }));
}

export function formatDataInspection(inspection: DataInspection): string {
	const { name, shape, type, inputs = [], range, classes, targetWidth } = inspection;
	const [samples = 0, ...sample] = shape;
	const targets =
		classes === undefined
			? `targets: ${targetWidth} values a sample`
			: `${classes.length} classes: ${classes.map(({ name, count }) => `${name} (${count})`).join(", ")}`;
	return [
		name,
		`${samples} samples of [${sample}] ${type}, from ${range[0]} to ${range[1]}`,
		...inputs.map((input) => `input ${input.name} [${input.shape}] ${input.type}`),
		targets,
	].join("\n");
}
