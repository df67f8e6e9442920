import test from "ava";
import { PointWriter } from "../../src/compute/program/point-writer.js";
import { parametersAt, type Section } from "../../src/section/section.js";
import { gaussians } from "../fixtures.js";
import { fastContext } from "./context.js";

function planeOf(size: number, seed: number): Section {
	const vectors = [0, 1, 2].map((k) => gaussians(size, seed + k));
	// A sum of two zeros has the sign that double gives it, and what is no number stays none.
	vectors[0]?.set([-0, Number.NaN, Number.POSITIVE_INFINITY]);
	return { vectors, statistics: [new Float32Array()], weighting: "affine", dimensions: 2, anchors: [] };
}

test("what is written where kernels read it has the bits of the definition, however large a network is", async (t) => {
	const context = await fastContext();
	const writer = new PointWriter(context);
	// The first two stay in memory; of the third there is room for one vector, the fourth has none.
	const sections = [planeOf(50, 1), planeOf(40_000, 4), planeOf(100_000, 7), planeOf(300_000, 10)];
	for (const at of [
		[0, 0],
		[0.3, -0.7],
		[-1e-9, 1e9],
	])
		for (const section of sections) {
			const source = parametersAt(section, at);
			const size = section.vectors[0]?.length ?? 0;
			for (const [first, count] of [
				[0, size],
				[7, 33],
				[size - 5, 5],
			] as const) {
				const expected = new Float32Array(count);
				source.write(expected, first);
				const { address, free } = context.allocate(count * 4);
				writer.write(source, first, address, count);
				const written = context.floats(address, count);
				t.true(expected.every((value, i) => Object.is(value, written[i])));
				free();
			}
		}
	writer.release();
});
