import type { BinaryFunction } from "../../../../src/network/ops/binary.js";
import type { UnaryFunction } from "../../../../src/network/ops/unary.js";
import { type Case, type CaseInput, Draw } from "./draw.js";
import { apart, avoiding, type Numbers, signed, uniform, wholes } from "./numbers.js";

/** What a function is tried on. */
interface Tried {
	readonly numbers: Numbers;
	readonly type?: CaseInput["type"];
	readonly alpha?: number;
	readonly beta?: number;
}

const smooth = [{ numbers: uniform(-2, 2) }];
const positive = [{ numbers: uniform(0.1, 3) }];
const bent = [{ numbers: avoiding([0]) }];
const bounded = [{ numbers: uniform(-0.9, 0.9) }];
const stepped = [{ numbers: avoiding([-2, -1, 0, 1, 2]) }];
const truths: Tried = { numbers: wholes(2), type: "bool" };

const tried: Readonly<Record<UnaryFunction, readonly Tried[]>> = {
	abs: bent,
	acos: bounded,
	acosh: [{ numbers: uniform(1.1, 4) }],
	asin: bounded,
	asinh: smooth,
	atan: smooth,
	atanh: bounded,
	affine: [{ numbers: uniform(), alpha: 1.5, beta: -0.25 }, ...smooth],
	ceil: stepped,
	clip: [
		{ numbers: avoiding([-0.7, 0.9]), alpha: -0.7, beta: 0.9 },
		{ numbers: avoiding([0]), alpha: 0, beta: Number.POSITIVE_INFINITY },
		{ numbers: avoiding([0.5]), alpha: Number.NEGATIVE_INFINITY, beta: 0.5 },
	],
	cos: smooth,
	cosh: smooth,
	celu: [{ numbers: avoiding([0]), alpha: 1.5 }],
	elu: [{ numbers: avoiding([0]), alpha: 0.6 }, ...bent],
	erf: [{ numbers: uniform(-3, 3) }],
	exp: smooth,
	floor: stepped,
	gelu: [{ numbers: uniform(-3, 3) }],
	geluTanh: [{ numbers: uniform(-3, 3) }],
	hardSigmoid: [{ numbers: avoiding([-2.5, 2.5], -4, 4), alpha: 0.2, beta: 0.5 }],
	hardSwish: [{ numbers: avoiding([-3, 3], -5, 5) }],
	isNaN: [{ numbers: (random) => (random() < 0.5 ? Number.NaN : random()) }],
	leakyRelu: [{ numbers: avoiding([0]), alpha: 0.2 }],
	log: positive,
	mish: smooth,
	neg: smooth,
	not: [truths, { numbers: wholes(2) }],
	reciprocal: [{ numbers: signed(0.3, 2) }],
	round: [{ numbers: avoiding([-1.5, -0.5, 0.5, 1.5]) }],
	selu: bent,
	sigmoid: smooth,
	sign: bent,
	silu: [{ numbers: uniform(-2, 2), alpha: 1.7 }, ...smooth],
	sin: smooth,
	sinh: smooth,
	softplus: smooth,
	softsign: bent,
	sqrt: positive,
	square: smooth,
	step: bent,
	tan: [{ numbers: uniform(-1.2, 1.2) }],
	tanh: smooth,
	toFloat: [...smooth, { numbers: wholes(5), type: "int32" }, truths],
	toInt: stepped,
};

export function unary(random: () => number): Case[] {
	const draw = new Draw(random);
	const cases = Object.entries(tried).flatMap(([name, all]) =>
		all.map(({ numbers, type, ...rest }) =>
			draw.case(
				"unary",
				{ function: name as UnaryFunction, ...rest },
				draw.values([2, draw.length(1, 4)], numbers, type),
			),
		),
	);
	return [...cases, draw.case("unary", { function: "tanh" }, draw.whole([3], uniform()))];
}

/** Two operands that stretch each other: the shapes, and whether each has samples. */
const stretches: readonly [readonly [readonly number[], boolean], readonly [readonly number[], boolean]][] = [
	[
		[[2, 3], true],
		[[2, 3], true],
	],
	[
		[[2, 3], true],
		[[3], false],
	],
	[
		[[2, 1], false],
		[[2, 3], true],
	],
	[
		[[2, 3], true],
		[[], false],
	],
	[
		[[1, 3], true],
		[[2, 1], true],
	],
	[
		[[2, 3], false],
		[[1, 3], true],
	],
	[
		[[3], false],
		[[2, 3], false],
	],
];

type Operands = readonly [a: Numbers, b: Numbers];

/** Dividends that are no multiples of any divisor, which are one to three times a random number. */
function remainders(draw: Draw): Operands {
	const unit = uniform(0.8, 1.4)(draw.random);
	return [
		(random) => unit * (wholes(9)(random) - 4 + uniform(0.1, 0.9)(random)),
		(random) => unit * (1 + wholes(3)(random)) * (random() < 0.5 ? -1 : 1),
	];
}

const free = (): Operands => [uniform(-2, 2), uniform(-2, 2)];
const distinct = (): Operands => {
	const both = apart();
	return [both, both];
};
const truthsOf = (): Operands => [wholes(2), wholes(2)];

const operands: Readonly<Record<BinaryFunction, (draw: Draw) => Operands>> = {
	add: free,
	sub: free,
	mul: free,
	div: () => [uniform(-2, 2), signed(0.5, 2)],
	pow: () => [uniform(0.3, 2), uniform(-2, 2)],
	maximum: distinct,
	minimum: distinct,
	mod: remainders,
	squaredDifference: free,
	equal: distinct,
	greater: distinct,
	greaterEqual: distinct,
	less: distinct,
	lessEqual: distinct,
	and: truthsOf,
	or: truthsOf,
	xor: truthsOf,
	fmod: remainders,
	prelu: () => [avoiding([0]), uniform(-1, 1)],
};

const logical: ReadonlySet<string> = new Set(["and", "or", "xor"]);
const comparing: ReadonlySet<string> = new Set(["equal", "greater", "greaterEqual", "less", "lessEqual"]);

/** The kernel of `prelu` gives its result the shape of the first operand: a slope with samples needs values that have some, too. */
const suits = (name: BinaryFunction, [[, first], [, second]]: (typeof stretches)[number]) =>
	name !== "prelu" || first || !second;

function binaryCases(draw: Draw, name: BinaryFunction, numbers: Operands, type?: CaseInput["type"]): Case[] {
	return stretches
		.filter((pair) => suits(name, pair))
		.map((pair) => {
			const [a, b] = pair.map(([shape, perSample], i) => {
				const own = numbers[i] ?? uniform();
				return perSample ? draw.values(shape, own, type) : draw.whole(shape, own, type);
			});
			return draw.case("binary", { function: name }, a, b);
		});
}

export function binary(random: () => number): Case[] {
	const draw = new Draw(random);
	return (Object.keys(operands) as BinaryFunction[]).flatMap((name) => [
		...binaryCases(draw, name, operands[name](draw)),
		...(logical.has(name) ? binaryCases(draw, name, operands[name](draw), "bool") : []),
		// With equal numbers among them.
		...(comparing.has(name) ? binaryCases(draw, name, [wholes(3), wholes(3)], "int32") : []),
	]);
}

export function relu(random: () => number): Case[] {
	const draw = new Draw(random);
	return [
		draw.case("relu", {}, draw.values([2, draw.length(1, 4)], avoiding([0]))),
		draw.case("relu", {}, draw.whole([3], avoiding([0]))),
	];
}

export function dropout(random: () => number): Case[] {
	const draw = new Draw(random);
	return [draw.case("dropout", { rate: 0.5 }, draw.values([draw.length(1, 3), 2], uniform()))];
}

export function where(random: () => number): Case[] {
	const draw = new Draw(random);
	const truth = (shape: readonly number[], perSample: boolean) =>
		perSample ? draw.values(shape, wholes(2), "bool") : draw.whole(shape, wholes(2), "bool");
	return [
		draw.case("where", {}, truth([2, 3], true), draw.values([2, 3], uniform()), draw.values([2, 3], uniform())),
		draw.case("where", {}, truth([3], false), draw.values([2, 3], uniform()), draw.whole([], uniform())),
		draw.case("where", {}, truth([2, 1], true), draw.whole([3], uniform()), draw.values([1, 3], uniform())),
		draw.case(
			"where",
			{},
			draw.values([1, 3], wholes(2)),
			draw.values([1, 3], uniform()),
			draw.whole([2, 1], uniform()),
		),
	];
}
