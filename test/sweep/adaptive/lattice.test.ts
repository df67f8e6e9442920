import test from "ava";
import { regularGrid } from "../../../src/surface/grid.js";
import {
	firstPoints,
	laterStrides,
	latticeOf,
	newPoints,
	whyWithoutLevels,
} from "../../../src/sweep/adaptive/lattice.js";

const axis = (steps: number) => ({ min: -1, max: 1, steps });
const plane = (columns: number, rows = columns) => regularGrid(axis(columns), axis(rows));

test("a grid begins with every fourth point, and wider where that leaves 17 along each axis", (t) => {
	const strides = [17, 25, 33, 65, 129, 257].map((steps) => latticeOf(plane(steps)).stride);
	t.deepEqual(strides, [4, 4, 4, 4, 8, 16]);
	t.is(latticeOf(plane(129, 65)).stride, 4);
	t.is(firstPoints(latticeOf(plane(25))).length, 49);
	t.deepEqual(laterStrides(latticeOf(plane(129))), [4, 2, 1]);
});

test("the levels hold every point of the grid once", (t) => {
	const lattice = latticeOf(plane(33, 17));
	const later = laterStrides(lattice).flatMap((stride) => newPoints(lattice, stride).map(({ point }) => point));
	const all = [...firstPoints(lattice), ...later].sort((a, b) => a - b);
	t.deepEqual(
		all,
		Array.from({ length: 33 * 17 }, (_, i) => i),
	);
});

test("a grid without levels is told of with one near to it that has them", (t) => {
	t.is(whyWithoutLevels(plane(25, 17)), null);
	t.regex(whyWithoutLevels(plane(25, 50)) ?? "", /4·m \+ 1 steps, 17 or more, .*got 50; 49 is near/);
	t.regex(whyWithoutLevels(plane(5)) ?? "", /got 5; 17 is near/);
	t.regex(whyWithoutLevels(regularGrid(axis(25), null)) ?? "", /expected a plane/);
});
