import { LayoutMismatchError } from "../errors.js";
import { isFloat } from "../files/numbers.js";
import type { Graph, GraphInput } from "../network/graph.js";
import { fromNative } from "../network/parameters.js";
import { sizeOf } from "../network/shape.js";
import { chooseSamples, type Dataset, type SampleArray, type SampleCount } from "./dataset.js";
import type { NumericArray, RawData } from "./raw.js";
import { type InputScale, scaleFor } from "./scale.js";

/** Subtracted from each channel and divided by; one number stands for all channels. */
export interface Normalisation {
	readonly mean?: readonly number[];
	readonly std?: readonly number[];
	/** What 8-bit numbers are divided by; found from the network where nothing is said. */
	readonly scaleInput?: InputScale;
}

/**
 * Arranges data, or the first `count` samples of their seeded shuffle, as a network takes it: channels first or last, found
 * from the shape of its input; 8-bit numbers as fractions of 255, then normalised; tokens as int32. What the targets are is not
 * decided here.
 *
 * @throws {LayoutMismatchError} when shapes or tokens don't fit the network, or a number is not finite
 */
export function toDataset(
	raw: RawData,
	graph: Graph,
	count: SampleCount = "all",
	normalisation: Normalisation = {},
): Dataset {
	const fail: Fail = (message) => {
		throw new LayoutMismatchError(`${raw.name}: ${message}`);
	};
	const arrays = arraysFor(raw, graph, fail);
	const [available = 0] = raw.inputs.shape;
	if (available === 0) return fail("holds no samples");
	const chosen = chooseSamples(available, count);
	const told: string[] = [];
	const [first, ...others] = graph.inputs.map((input, index) => {
		const array = arrays[index] ?? raw.inputs;
		// A mean and a deviation are those of the samples proper, the first input.
		const scaling = index === 0 ? normalisation : { ...normalisation, mean: [0], std: [1] };
		return arrangeInput(array, { graph, input, chosen, normalisation: scaling, told, fail });
	});
	if (first === undefined) throw new LayoutMismatchError(`${graph.name} has no input`);
	const [{ name = "" } = {}] = graph.inputs;
	if (others.length > 0 && (normalisation.mean ?? normalisation.std) !== undefined)
		told.push(`mean and std are those of input ${name}`);
	return {
		name: raw.name,
		samples: chosen.length,
		sampleShape: first.shape,
		inputs: first.values,
		...(others.length > 0 && { others }),
		targets: chosenRows(raw.targets, chosen),
		targetShape: raw.targets.shape.slice(1),
		numbers: chosen,
		available,
		...(raw.classes !== undefined && { classNames: raw.classes }),
		...(raw.parts !== undefined && { parts: raw.parts }),
		assumptions: [...(raw.assumptions ?? []), ...new Set(told)],
	};
}

/** What one input is arranged for, and with. */
interface InputSetting {
	readonly graph: Graph;
	readonly input: GraphInput;
	/** The numbers of the samples that are taken. */
	readonly chosen: Uint32Array;
	readonly normalisation: Normalisation;
	/** Gets what was assumed. */
	readonly told: string[];
	readonly fail: Fail;
}

/** The chosen samples as one input of the graph takes them. */
function arrangeInput(array: NumericArray, setting: InputSetting): SampleArray {
	const { graph, input, chosen, normalisation, told, fail } = setting;
	const shape = array.shape.slice(1);
	const place = graph.inputs.length > 1 ? `input ${input.name} of ${graph.name}` : `the input of ${graph.name}`;
	const arrange = arrangement(shape, input);
	if (arrange === undefined) return fail(`samples of shape [${shape}] don't fit ${place}, [${nativeShape(input)}]`);
	const perSample = sizeOf(shape);
	const values = new Float32Array(chosen.length * perSample);
	for (const [position, sample] of chosen.entries()) {
		const one = Float32Array.from(array.values.subarray(sample * perSample, (sample + 1) * perSample));
		values.set(arrange(one), position * perSample);
	}
	const wrong = values.findIndex((value) => !Number.isFinite(value));
	if (wrong >= 0)
		return fail(
			`holds ${values[wrong]} in sample ${chosen[Math.floor(wrong / perSample)]}, from which no loss can come`,
		);
	if (input.type === "int32") return { shape: input.shape, values: wholeNumbers(values, setting) };
	if (array.type === "uint8") {
		const [scale, assumed] = scaleFor(graph, input, normalisation.scaleInput);
		told.push(...assumed);
		if (scale === "255") for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) / 255;
	}
	normalise(values, input.shape.at(-1) ?? 1, normalisation, fail);
	return { shape: input.shape, values };
}

/** Tokens, each of which has a row in the tables that they go into; or whole numbers of any other use. */
function wholeNumbers(values: Float32Array, { graph, input, fail }: InputSetting): Int32Array {
	const whole = Int32Array.from(values);
	const rows = rowsOf(graph, input);
	const wrong = values.find((value, i) => value !== whole[i] || (rows !== undefined && (value < 0 || value >= rows)));
	if (wrong === undefined) return whole;
	return rows === undefined
		? fail(`${wrong} is no whole number, which input ${input.name} of ${graph.name} takes`)
		: fail(`token ${wrong} is not one of the ${rows} that ${graph.name} knows`);
}

/** The array of each input: by its name where the file has one of that name, else in their order. */
function arraysFor({ inputs, named = new Map(), isUnsure = false }: RawData, graph: Graph, fail: Fail): NumericArray[] {
	const [only, ...more] = graph.inputs;
	const there = [...named].map(([name, { shape }]) => `${name} [${shape}]`).join(", ");
	if (only === undefined || more.length === 0) {
		const own = named.get(only?.name ?? "");
		if (own === undefined && isUnsure)
			return fail(`holds ${there}, none of which is called x, or ${only?.name}, as ${graph.name} calls its input`);
		return [own ?? inputs];
	}
	const found = graph.inputs.map(({ name }) => named.get(name) ?? named.get(name.replace(/:\d+$/, "")));
	const missing = graph.inputs.filter((_, index) => found[index] === undefined).map(({ name }) => name);
	if (missing.length === 0) return found.flatMap((array) => array ?? []);
	return fail(
		`${graph.name} takes ${graph.inputs.length} inputs (${graph.inputs.map(({ name, shape }) => `${name} [${["n", ...shape]}]`).join(", ")}), each from the array of its name; ${missing.join(", ")} is missing${there === "" ? "" : ` among ${there}`}`,
	);
}

/** The targets of the chosen samples, in their order: whole numbers where the file has them as such, else float32. */
function chosenRows({ shape, type, values }: NumericArray, chosen: Uint32Array): Int32Array | Float32Array {
	const width = sizeOf(shape.slice(1));
	const isWhole = !isFloat(type) && values.every((value) => value === (value | 0));
	const rows = isWhole ? new Int32Array(chosen.length * width) : new Float32Array(chosen.length * width);
	for (const [position, sample] of chosen.entries())
		rows.set(values.subarray(sample * width, (sample + 1) * width), position * width);
	return rows;
}

type Fail = (message: string) => never;

function nativeShape(input: GraphInput): readonly number[] {
	return input.native?.shape ?? input.shape;
}

/** How one sample of some shape becomes one in the graph's order; nothing where it can't. */
function arrangement(
	shape: readonly number[],
	input: GraphInput,
): ((sample: Float32Array) => Float32Array) | undefined {
	const { native } = input;
	const wanted = nativeShape(input);
	const isSame = (a: readonly number[], b: readonly number[]) => String(a) === String(b);
	const asNative = (sample: Float32Array) => (native === undefined ? sample : fromNative(sample, native));
	if (isSame(shape, wanted)) return asNative;
	const [first = 1, ...rest] = wanted;
	if (wanted.length === 3 && isSame(shape, [...rest, first])) {
		// Channels last, in a file for a network that its framework has channels first.
		const last = { shape, view: shape, permutation: [2, 0, 1] };
		return (sample) => asNative(fromNative(sample, last));
	}
	const [height = 1, width = 1, channels = 1] = wanted;
	if (wanted.length === 3 && isSame(shape, [channels, height, width]) && native === undefined) {
		const firstAxis = { shape, view: shape, permutation: [1, 2, 0] };
		return (sample) => fromNative(sample, firstAxis);
	}
	const withoutUnits = (lengths: readonly number[]) => lengths.filter((length) => length !== 1);
	const isFlat = shape.length <= 1 && sizeOf(shape) === sizeOf(wanted);
	return isFlat || isSame(withoutUnits(shape), withoutUnits(wanted)) ? asNative : undefined;
}

/** How many tokens there are: rows of the table that the input goes into; undefined where it goes into none. */
function rowsOf(graph: Graph, input: GraphInput): number | undefined {
	const tables = graph.nodes.flatMap((node) =>
		node.op === "embedding" && node.inputs[1] === input.name ? [node.inputs[0]] : [],
	);
	const all = [...graph.parameters, ...(graph.constants ?? [])];
	const rows = all.filter(({ name }) => tables.includes(name)).map(({ shape }) => shape[0] ?? 0);
	return rows.length === 0 ? undefined : Math.min(...rows);
}

function normalise(inputs: Float32Array, channels: number, { mean = [0], std = [1] }: Normalisation, fail: Fail): void {
	for (const list of [mean, std]) {
		if (list.length !== 1 && list.length !== channels)
			fail(`expected a mean and a standard deviation for 1 or ${channels} channels, got ${list.length}`);
	}
	if (mean.every((value) => value === 0) && std.every((value) => value === 1)) return;
	for (let i = 0; i < inputs.length; i++) {
		const channel = i % channels;
		const center = mean[mean.length === 1 ? 0 : channel] ?? 0;
		inputs[i] = ((inputs[i] ?? 0) - center) / (std[std.length === 1 ? 0 : channel] ?? 1);
	}
}
