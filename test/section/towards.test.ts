import test from "ava";
import { LayoutMismatchError } from "../../src/errors.js";
import { formPoint } from "../../src/section/section.js";
import { interpolationDirection } from "../../src/section/towards.js";
import { gaussians } from "../fixtures.js";

test("a line between two networks is (1−α)·θa + α·θb", (t) => {
	const point = new Float32Array(2);
	const direction = interpolationDirection(Float32Array.of(1, -2), Float32Array.of(3, 2));
	t.deepEqual([...direction], [2, 4]);
	formPoint(point, [Float32Array.of(1, -2), direction], [1, 0.25]);
	t.deepEqual([...point], [1.5, -1]);
	formPoint(point, [Float32Array.of(1, -2), direction], [1, -0.5]);
	t.deepEqual([...point], [0, -4]);
});

test("the line ends exactly at both networks", (t) => {
	const [from, to] = [gaussians(10_000, 1), gaussians(10_000, 2)];
	const direction = interpolationDirection(from, to);
	const point = new Float32Array(from.length);
	formPoint(point, [from, direction], [1, 1]);
	t.deepEqual(point, to);
	formPoint(point, [from, direction], [1, 0]);
	t.deepEqual(point, from);
});

test("a point of a plane is rounded once", (t) => {
	// 1 + 2^-24 + 2^-24: each sum rounded to float32 by itself would stay 1.
	const point = new Float32Array(1);
	formPoint(point, [Float32Array.of(1), Float32Array.of(2 ** -24), Float32Array.of(2 ** -24)], [1, 1, 1]);
	t.is(point[0], 1 + 2 ** -23);
});

test("networks of different size are refused", (t) => {
	t.throws(() => interpolationDirection(new Float32Array(2), new Float32Array(3)), { instanceOf: LayoutMismatchError });
});
