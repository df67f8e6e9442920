import test from "ava";
import { latticeOf, type NewPoint, newPoints } from "../../../src/sweep/adaptive/lattice.js";
import { filled, midpoint, prediction } from "../../../src/sweep/adaptive/predict.js";
import { analytic } from "./analytic.js";

const line = (values: readonly number[]) => ({
	valueAt: (i: number) => values[i] ?? Number.NaN,
	length: values.length,
});

test("a middle is weighed −1, 9, 9, −1 within a line, and 5, 15, −5, 1 at its ends", (t) => {
	// Every second value is none: nothing but the four may be looked at.
	const values = [1, Number.NaN, 2, Number.NaN, 5, Number.NaN, 4, Number.NaN, 8];
	t.is(midpoint(line(values), 3, 1), (-1 + 9 * 2 + 9 * 5 - 4) / 16);
	t.is(midpoint(line(values), 1, 1), (5 * 1 + 15 * 2 - 5 * 5 + 4) / 16);
	t.is(midpoint(line(values), 7, 1), (5 * 8 + 15 * 4 - 5 * 5 + 2) / 16);
	t.is(midpoint(line([1, 2, 5, 4, Number.NaN]), 3, 1), Number.NaN);
});

test("what is cubic along both axes is predicted exactly from every fourth point, at the borders too", (t) => {
	const surface = analytic(17, (x, y) => (8 * x) ** 3 * (2 - (8 * y) ** 2) - 5 * (8 * y) ** 3 + 1);
	const lattice = latticeOf(surface.grid);
	const values = surface.fields[0]?.values ?? new Float64Array();
	const isKnown = values.map((_, i) => ((i % 17) % 4 === 0 && Math.floor(i / 17) % 4 === 0 ? 1 : 0));
	t.deepEqual([...filled(values, Uint8Array.from(isKnown), lattice)], [...values]);
});

test("between columns and rows a point takes over what is known beside it: sums of any functions of one coordinate are exact", (t) => {
	const surface = analytic(17, (x, y) => Math.abs(x - 0.1) + Math.sign(y + 0.3));
	const lattice = latticeOf(surface.grid);
	const values = surface.fields[0]?.values ?? new Float64Array();
	const amid = newPoints(lattice, 2).filter(({ betweenColumns, betweenRows }) => betweenColumns && betweenRows);
	t.is(amid.length, 16);
	const error = (at: NewPoint) => Math.abs(prediction(values, lattice, at, 2) - (values[at.point] ?? Number.NaN));
	t.true(amid.every((at) => error(at) < 1e-12));
});
