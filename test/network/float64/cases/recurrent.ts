import type { RecurrentAttributes, RecurrentInput } from "../../../../src/network/ops/recurrence.js";
import { type Case, type CaseInput, Draw } from "./draw.js";
import { type Numbers, uniform } from "./numbers.js";

/** What a layer is made of besides its attributes. */
interface Layer {
	readonly gates: number;
	/** Of a sample, before the steps. */
	readonly before?: readonly number[];
	/** Whether all samples start alike. */
	readonly sameStart?: boolean;
	/**
	 * Whether what goes into a gate is either less than 0.8 or more than 1.2 in size, beyond a clip at 1: weights are small, and half
	 * of the biases large.
	 */
	readonly parted?: boolean;
	/** Whether all of these biases are large, so that nothing is near 0. */
	readonly large?: boolean;
}

const parted: Numbers = (random) => (random() < 0.5 ? large(random) : uniform(-0.1, 0.1)(random));
const large: Numbers = (random) => (random() < 0.5 ? 2 : -2) + uniform(-0.1, 0.1)(random);

/** The inputs of a layer that is given what its attributes take. */
function inputsOf(draw: Draw, { takes }: RecurrentAttributes, layer: Layer): CaseInput[] {
	const { gates, before = [], sameStart = false } = layer;
	const [time, into, hidden] = [draw.length(1, 3), draw.length(1, 3), draw.length(1, 3)];
	const weights = layer.parted || layer.large ? uniform(-0.05, 0.05) : uniform();
	const biases = layer.large ? large : layer.parted ? parted : uniform();
	const start = () => (sameStart ? draw.whole([hidden], uniform()) : draw.values([...before, hidden], uniform()));
	const further: Readonly<Record<RecurrentInput, () => CaseInput>> = {
		bias: () => draw.whole([gates * hidden], biases),
		recurrentBias: () => draw.whole([gates * hidden], weights),
		hidden: start,
		cell: start,
		peepholes: () => draw.whole([3 * hidden], weights),
	};
	return [
		draw.values([...before, time, into], uniform()),
		draw.whole([into, gates * hidden], weights),
		draw.whole([hidden, gates * hidden], weights),
		...takes.map((name) => further[name]()),
	];
}

const sigmoid = { function: "sigmoid" } as const;
const tanh = { function: "tanh" } as const;
const softplus = { function: "softplus" } as const;
const softsign = { function: "softsign" } as const;
const hardSigmoid = { function: "hardSigmoid", alpha: 0.2, beta: 0.5 } as const;
const rectifier = { function: "clip", alpha: 0, beta: Number.POSITIVE_INFINITY } as const;
const affine = { function: "affine", alpha: 0.7, beta: 0.1 } as const;
const elu = { function: "elu" } as const;

const nothing = { takes: [], reverse: false } as const;
const biased = { takes: ["recurrentBias", "bias"], reverse: true } as const;
const started = { takes: ["hidden", "bias"], reverse: true } as const;
const everything = { takes: ["bias", "recurrentBias", "hidden"], reverse: false } as const;

export function rnn(random: () => number): Case[] {
	const draw = new Draw(random);
	const next = (attributes: RecurrentAttributes, layer: Omit<Layer, "gates"> = {}) =>
		draw.case("rnn", attributes, ...inputsOf(draw, attributes, { ...layer, gates: 1 }));
	return [
		next({ ...nothing, activations: [tanh] }),
		next({ ...biased, activations: [affine] }),
		next({ ...everything, activations: [softplus] }, { before: [2] }),
		next({ ...started, activations: [tanh] }, { sameStart: true }),
		next({ ...everything, activations: [tanh], clip: 1 }, { parted: true }),
		...[rectifier, elu, softsign].map((each) => next({ ...biased, activations: [each] }, { large: true })),
		next({ ...biased, activations: [hardSigmoid] }, { parted: true }),
	];
}

export function gru(random: () => number): Case[] {
	const draw = new Draw(random);
	const next = (attributes: RecurrentAttributes, layer: Omit<Layer, "gates"> = {}) =>
		[false, true].map((resetAfter) => {
			const inputs = inputsOf(draw, attributes, { ...layer, gates: 3 });
			return draw.case("gru", { ...attributes, resetAfter }, ...inputs);
		});
	return [
		...next({ ...nothing, activations: [sigmoid, tanh] }),
		...next({ ...biased, activations: [sigmoid, softplus] }),
		...next({ ...everything, activations: [sigmoid, tanh] }, { before: [2] }),
		...next({ ...started, activations: [sigmoid, affine] }, { sameStart: true }),
		...next({ ...everything, activations: [sigmoid, tanh], clip: 1 }, { parted: true }),
		...next({ ...biased, activations: [hardSigmoid, rectifier] }, { large: true }),
	];
}

export function lstm(random: () => number): Case[] {
	const draw = new Draw(random);
	const next = (attributes: RecurrentAttributes, layer: Omit<Layer, "gates"> = {}) =>
		(["iofc", "ifco"] as const).flatMap((gates) =>
			(
				[
					["hidden", false],
					["cell", true],
				] as const
			).map(([result, coupled]) => {
				const inputs = inputsOf(draw, attributes, { ...layer, gates: 4 });
				return draw.case("lstm", { ...attributes, gates, result, coupled }, ...inputs);
			}),
		);
	const activations = [sigmoid, tanh, tanh];
	const takes = ["peepholes", "cell", "bias", "hidden", "recurrentBias"] as const;
	return [
		...next({ ...nothing, activations }),
		...next({ ...biased, activations: [sigmoid, softplus, affine] }),
		...next({ takes, reverse: true, activations }, { before: [2] }),
		...next({ takes, reverse: false, activations: [sigmoid, tanh, softplus] }, { sameStart: true }),
		...next({ takes, reverse: false, activations, clip: 1 }, { parted: true }),
		...next({ ...biased, activations: [hardSigmoid, rectifier, tanh] }, { large: true }),
	];
}
