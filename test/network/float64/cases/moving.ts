import type { PadAttributes } from "../../../../src/network/ops/pad.js";
import { type Case, Draw } from "./draw.js";
import { uniform, wholes } from "./numbers.js";

const some = uniform();

export function concat(random: () => number): Case[] {
	const draw = new Draw(random);
	const width = draw.length(1, 3);
	return [
		draw.case("concat", { axis: -1 }, draw.values([2], some), draw.values([width], some)),
		draw.case(
			"concat",
			{ axis: -1 },
			draw.values([2, 1], some),
			draw.values([2, 2], some),
			draw.values([2, width], some),
		),
		draw.case("concat", { axis: -2 }, draw.values([2, width], some), draw.whole([1, width], some)),
		draw.case("concat", { axis: -2 }, draw.whole([1, width], some), draw.values([2, width], some)),
		draw.case("concat", { axis: -3 }, draw.values([1, 2, width], some), draw.values([2, 2, width], some)),
		draw.case("concat", { axis: -1 }, draw.whole([2], some), draw.whole([3], some)),
	];
}

export function embedding(random: () => number): Case[] {
	const draw = new Draw(random);
	const rows = draw.length(2, 5);
	return [
		draw.case("embedding", {}, draw.whole([rows, 3], some), draw.values([4], wholes(rows), "int32")),
		draw.case("embedding", {}, draw.whole([rows, 2], some), draw.values([2, 2], wholes(rows), "int32")),
		draw.case("embedding", {}, draw.whole([rows, 2], some), draw.values([], wholes(rows), "int32")),
		draw.case("embedding", {}, draw.whole([rows], some), draw.values([3], wholes(rows), "int32")),
		draw.case("embedding", {}, draw.whole([rows, 2, 2], some), draw.values([2], wholes(rows), "int32")),
	];
}

export function expand(random: () => number): Case[] {
	const draw = new Draw(random);
	const length = draw.length(1, 3);
	return [
		draw.case("expand", { shape: [length, 3] }, draw.values([1, 3], some)),
		draw.case("expand", { shape: [2, length, 2] }, draw.values([2, 1, 2], some)),
		draw.case("expand", { shape: [length, 2] }, draw.values([1, 1], some)),
		draw.case("expand", { shape: [length, 3] }, draw.whole([1, 3], some)),
	];
}

export function flatten(random: () => number): Case[] {
	const draw = new Draw(random);
	return [[3], [2, 3], [2, 2, 2]].map((shape) => draw.case("flatten", {}, draw.values(shape, some)));
}

export function foldSamples(random: () => number): Case[] {
	const draw = new Draw(random);
	return [[3], [draw.length(1, 3), 2], [2, 2, 3]].map((shape) =>
		draw.case("foldSamples", {}, draw.values(shape, some)),
	);
}

/** The samples of a case are those that go in. */
export function unfoldSamples(random: () => number): Case[] {
	return [[], [2], [2, 3]].map((shape, i) => {
		const draw = new Draw(random, i + 1);
		return draw.case("unfoldSamples", { count: i + 1 }, draw.values(shape, some));
	});
}

export function gather(random: () => number): Case[] {
	const draw = new Draw(random);
	return [
		draw.case("gather", { axis: -1, indices: [2, 0, 2, 1] }, draw.values([2, 3], some)),
		draw.case("gather", { axis: -2, indices: [1] }, draw.values([2, 3], some)),
		draw.case("gather", { axis: -3, indices: [1, 1, 0] }, draw.values([2, 2, 2], some)),
		draw.case("gather", { axis: -2, indices: [2, 0] }, draw.whole([3, 2], some)),
	];
}

export function pad(random: () => number): Case[] {
	const draw = new Draw(random);
	const paddings: PadAttributes["padding"][] = [
		[[1, 2]],
		[
			[1, 0],
			[0, 2],
		],
		[
			[0, 1],
			[0, 0],
			[2, 1],
		],
	];
	const value = uniform()(random);
	return (["constant", "reflect", "edge"] as const).flatMap((mode) =>
		paddings.flatMap((padding) => {
			const shape = padding.map(() => 3);
			const attributes = { padding, mode, value };
			return [
				draw.case("pad", attributes, draw.values(shape, some)),
				draw.case("pad", attributes, draw.whole(shape, some)),
			];
		}),
	);
}

export function perSample(random: () => number): Case[] {
	const draw = new Draw(random);
	return [[], [3], [2, 3]].map((shape) => draw.case("perSample", {}, draw.whole(shape, some), draw.values([2], some)));
}

export function resample(random: () => number): Case[] {
	const draw = new Draw(random);
	const terms = [
		[0, 0, 1, 2],
		[0, 1, 2, 2],
	];
	const weights = terms.map((each) => each.map(() => Math.fround(some(random))));
	return [
		draw.case("resample", { axis: -1, terms: [[0, 0, 2, 1]] }, draw.values([2, 3], some)),
		draw.case("resample", { axis: -1, terms, weights }, draw.values([2, 3], some)),
		draw.case("resample", { axis: -2, terms, weights }, draw.values([3, 2], some)),
		draw.case("resample", { axis: -3, terms }, draw.values([3, 2, 2], some)),
		draw.case("resample", { axis: -2, terms, weights }, draw.whole([3, 2], some)),
	];
}

export function reshape(random: () => number): Case[] {
	const draw = new Draw(random);
	return [
		draw.case("reshape", { rank: 2, shape: [6] }, draw.values([2, 3], some)),
		draw.case("reshape", { rank: 1, shape: [3, 1, 2] }, draw.values([6], some)),
		draw.case("reshape", { rank: 0, shape: [1, 1] }, draw.values([], some)),
		draw.case("reshape", { rank: 2, shape: [3, 2] }, draw.whole([2, 3], some)),
	];
}

export function slice(random: () => number): Case[] {
	const draw = new Draw(random);
	return [
		draw.case("slice", { axis: -1, start: 1, length: 3, step: 1 }, draw.values([5], some)),
		draw.case("slice", { axis: -2, start: 0, length: 2, step: 2 }, draw.values([4, 2], some)),
		draw.case("slice", { axis: -1, start: 3, length: 3, step: -1 }, draw.values([2, 5], some)),
		draw.case("slice", { axis: -3, start: 4, length: 2, step: -3 }, draw.values([5, 2, 1], some)),
		draw.case("slice", { axis: -2, start: 1, length: 1, step: 1 }, draw.whole([3, 2], some)),
	];
}

export function transpose(random: () => number): Case[] {
	const draw = new Draw(random);
	return [
		draw.case("transpose", { permutation: [1, 0] }, draw.values([2, 3], some)),
		draw.case("transpose", { permutation: [2, 0, 1] }, draw.values([2, 3, draw.length(1, 2)], some)),
		draw.case("transpose", { permutation: [0, 2, 1] }, draw.values([2, 3, 2], some)),
		draw.case("transpose", { permutation: [1, 2, 0] }, draw.whole([2, 3, 2], some)),
	];
}
