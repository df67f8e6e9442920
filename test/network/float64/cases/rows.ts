import type { ReduceAttributes } from "../../../../src/network/ops/reduce.js";
import { type Case, Draw } from "./draw.js";
import { apart, type Numbers, signed, uniform } from "./numbers.js";

export function softmax(random: () => number): Case[] {
	return softmaxOf("softmax", random);
}

export function logSoftmax(random: () => number): Case[] {
	return softmaxOf("logSoftmax", random);
}

function softmaxOf(op: "softmax" | "logSoftmax", random: () => number): Case[] {
	const draw = new Draw(random);
	return [
		draw.case(op, {}, draw.values([draw.length(1, 5)], uniform(-3, 3))),
		draw.case(op, {}, draw.values([2, draw.length(1, 4)], uniform(-3, 3))),
		draw.case(op, {}, draw.whole([2, 3], uniform(-3, 3))),
	];
}

const functions: Readonly<Record<ReduceAttributes["function"], () => Numbers>> = {
	mean: uniform,
	sum: uniform,
	max: apart,
	min: apart,
	prod: () => signed(0.3, 1.5),
	sumOfSquares: uniform,
	norm: () => signed(0.3, 1.5),
};

export function reduce(random: () => number): Case[] {
	const draw = new Draw(random);
	const axesOf = [[-1], [-2], [-3, -2], [-1, -3], [-1, -2, -3]];
	return (Object.keys(functions) as ReduceAttributes["function"][]).flatMap((name) => [
		...axesOf.map((axes) => {
			const shape = [draw.length(1, 3), draw.length(2, 3), draw.length(1, 2)];
			return draw.case("reduce", { function: name, axes }, draw.values(shape, functions[name]()));
		}),
		draw.case("reduce", { function: name, axes: [-1] }, draw.values([draw.length(1, 4)], functions[name]())),
		draw.case("reduce", { function: name, axes: [-2] }, draw.whole([2, 3], functions[name]())),
	]);
}

export function standardize(random: () => number): Case[] {
	const draw = new Draw(random);
	return [
		draw.case("standardize", { axes: [-1], epsilon: 1e-2 }, draw.values([3], uniform())),
		draw.case("standardize", { axes: [-1], epsilon: 1e-2 }, draw.values([2, draw.length(2, 4)], uniform())),
		draw.case("standardize", { axes: [-2, -1], epsilon: 1e-1 }, draw.values([2, draw.length(2, 3)], uniform())),
		draw.case("standardize", { axes: [-3, -2], epsilon: 1e-2 }, draw.values([2, 3, draw.length(1, 2)], uniform())),
		draw.case("standardize", { axes: [-1], epsilon: 1e-2 }, draw.whole([2, 3], uniform())),
	];
}

export function batchNorm(random: () => number): Case[] {
	const draw = new Draw(random);
	return [[], [2], [2, 3]].map((before) => {
		const channels = draw.length(1, 3);
		return draw.case(
			"batchNorm",
			{ epsilon: 1e-3 },
			draw.values([...before, channels], uniform()),
			draw.whole([channels], uniform()),
			draw.whole([channels], uniform()),
			draw.whole([channels], uniform()),
			draw.whole([channels], uniform(0.3, 2)),
		);
	});
}
