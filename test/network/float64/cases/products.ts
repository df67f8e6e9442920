import { type Case, Draw } from "./draw.js";
import { uniform } from "./numbers.js";
import { clearOfZero } from "./rectified.js";

function denseCase(draw: Draw, before: readonly number[], hasBias: boolean): Case {
	const [into, out] = [draw.length(1, 4), draw.length(1, 3)];
	return draw.case(
		"dense",
		{},
		draw.values([...before, into], uniform(-2, 2)),
		draw.whole([into, out], uniform()),
		hasBias ? draw.whole([out], uniform()) : undefined,
	);
}

export function dense(random: () => number): Case[] {
	const draw = new Draw(random);
	const each = [[], [3], [2, 2]].flatMap((before) => [
		denseCase(draw, before, false),
		denseCase(draw, before, true),
		clearOfZero(() => denseCase(draw, before, draw.length(0, 1) === 1)),
	]);
	const ofParameters = draw.case("dense", {}, draw.whole([2, 3], uniform()), draw.whole([3, 2], uniform()));
	return [...each, ofParameters];
}

/** The axes before the matrices' own, and whether the operand has samples. */
const stacks: readonly [readonly [readonly number[], boolean], readonly [readonly number[], boolean]][] = [
	[
		[[], true],
		[[], true],
	],
	[
		[[], true],
		[[], false],
	],
	[
		[[], false],
		[[], true],
	],
	[
		[[], false],
		[[], false],
	],
	[
		[[2], true],
		[[2], true],
	],
	[
		[[2], true],
		[[2], false],
	],
	[
		[[2], true],
		[[], false],
	],
	[
		[[1], true],
		[[2], true],
	],
	[
		[[2, 1], true],
		[[1, 2], true],
	],
	[
		[[2, 1], false],
		[[1, 2], true],
	],
];

export function matMul(random: () => number): Case[] {
	const draw = new Draw(random);
	return stacks.map((pair) => {
		const [rows, inner, columns] = [draw.length(1, 3), draw.length(1, 3), draw.length(1, 3)];
		const [a, b] = pair.map(([stack, perSample], i) => {
			const shape = [...stack, ...(i === 0 ? [rows, inner] : [inner, columns])];
			return perSample ? draw.values(shape, uniform()) : draw.whole(shape, uniform());
		});
		return draw.case("matMul", {}, a, b);
	});
}
