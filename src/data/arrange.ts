import { LayoutMismatchError } from "../errors.js";
import { isFloat } from "../files/numbers.js";
import type { Graph, GraphInput } from "../network/graph.js";
import { fromNative } from "../network/parameters.js";
import { sizeOf } from "../network/shape.js";
import { chooseSamples, type Dataset, type SampleCount } from "./dataset.js";
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
	const [input] = graph.inputs;
	if (input === undefined) throw new LayoutMismatchError(`${graph.name} has no input`);
	const fail = (message: string): never => {
		throw new LayoutMismatchError(`${raw.name}: ${message}`);
	};
	const [available = 0, ...shape] = raw.inputs.shape;
	if (available === 0) return fail("holds no samples");
	const arrange = arrangement(shape, input);
	if (arrange === undefined)
		return fail(`samples of shape [${shape}] don't fit the input of ${graph.name}, [${nativeShape(input)}]`);
	const perSample = sizeOf(shape);
	const chosen = chooseSamples(available, count);
	const samples = chosen.length;
	const inputs = new Float32Array(samples * perSample);
	for (const [position, sample] of chosen.entries()) {
		const one = Float32Array.from(raw.inputs.values.subarray(sample * perSample, (sample + 1) * perSample));
		inputs.set(arrange(one), position * perSample);
	}
	const wrong = inputs.findIndex((value) => !Number.isFinite(value));
	if (wrong >= 0)
		return fail(
			`holds ${inputs[wrong]} in sample ${chosen[Math.floor(wrong / perSample)]}, from which no loss can come`,
		);
	const [scale, told] =
		raw.inputs.type === "uint8" ? scaleFor(graph, input, normalisation.scaleInput) : (["none", []] as const);
	const assumptions = [...(raw.assumptions ?? []), ...told];
	const common = {
		name: raw.name,
		samples,
		sampleShape: input.shape,
		targets: chosenRows(raw.targets, chosen),
		targetShape: raw.targets.shape.slice(1),
		numbers: chosen,
		assumptions,
	};
	if (input.type === "int32") {
		const tokens = Int32Array.from(inputs);
		const wrong = inputs.find((value, index) => value !== tokens[index] || value < 0 || value >= rowsOf(graph, input));
		if (wrong !== undefined)
			return fail(`token ${wrong} is not one of the ${rowsOf(graph, input)} that ${graph.name} knows`);
		return { ...common, inputs: tokens };
	}
	if (scale === "255") for (let i = 0; i < inputs.length; i++) inputs[i] = (inputs[i] ?? 0) / 255;
	normalise(inputs, input.shape.at(-1) ?? 1, normalisation, fail);
	return { ...common, inputs };
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

/** How many tokens there are: rows of the table that the input goes into. */
function rowsOf(graph: Graph, input: GraphInput): number {
	const tables = graph.nodes.flatMap((node) =>
		node.op === "embedding" && node.inputs[1] === input.name ? [node.inputs[0]] : [],
	);
	const rows = graph.parameters.filter(({ name }) => tables.includes(name)).map(({ shape }) => shape[0] ?? 0);
	return Math.min(2 ** 31, ...rows);
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
