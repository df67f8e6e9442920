import test from "ava";
import { lineShift } from "../../../src/render/line-shift.js";
import { adaptiveRounds } from "../../../src/sweep/adaptive/rounds.js";
import { adapt, analytic } from "./analytic.js";

const STEPS = 65;

/** Analytic surfaces, the levels of a few lines of each, and the part of the points that they may take. */
const surfaces: readonly {
	readonly name: string;
	readonly height: (x: number, y: number) => number;
	readonly levels: readonly number[];
	readonly most: number;
}[] = [
	{ name: "a bowl", height: (x, y) => x * x + 2 * y * y, levels: [0.05, 0.3, 1, 2], most: 0.09 },
	{
		name: "Rosenbrock's valley",
		height: (x, y) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
		levels: [2, 10, 50, 100, 200],
		most: 0.09,
	},
	{
		name: "two wells",
		height: (x, y) => (2 * x) ** 4 - (2 * x) ** 2 + 4 * y * y,
		levels: [-0.2, -0.1, 0.1, 1, 8],
		most: 0.09,
	},
	{ name: "a ridge", height: (x, y) => Math.abs(x - 0.27) + 0.3 * y, levels: [0, 0.2, 0.5, 1], most: 0.2 },
	{ name: "a step", height: (x, y) => x + y + (x + 0.6 * y > 0.11 ? 2 : 0), levels: [-1, 0.05, 1, 3], most: 0.35 },
];

for (const { name, height, levels, most } of surfaces)
	test(`of ${name} the isolines are those of the whole grid within half a cell, from a part of its points`, (t) => {
		const surface = analytic(STEPS, height);
		const { report, values, predicted } = adapt(surface);
		const heights = (field: Float64Array | undefined) => ({
			columns: STEPS,
			rows: STEPS,
			values: field ?? new Float64Array(),
		});
		const shift = lineShift(heights(surface.fields[0]?.values), heights(values[0]), levels);
		t.true(shift.nearlyAll <= 0.5, `${shift.nearlyAll}`);
		t.is(report.evaluated + predicted.points.length, report.points);
		t.true(report.evaluated <= most * report.points, `${report.evaluated} of ${report.points}`);
		t.is(report.audits.at(-1)?.over, 0);
	});

test("rounds look at no value that they have not asked for, and ask for none twice", (t) => {
	const { height } = surfaces[3] ?? t.fail();
	const truth = analytic(STEPS, height).fields[0]?.values ?? new Float64Array();
	const expected = adapt(analytic(STEPS, height));
	const surface = analytic(STEPS, () => Number.NaN);
	const asked = new Set<number>();
	const generator = adaptiveRounds(surface, 0.5, 1);
	let step = generator.next();
	for (; step.done !== true; step = generator.next())
		for (const point of step.value.points) {
			t.false(asked.has(point));
			asked.add(point);
			(surface.fields[0]?.values ?? new Float64Array())[point] = truth[point] ?? Number.NaN;
		}
	t.deepEqual(step.value.report, expected.report);
	t.deepEqual(step.value.predicted, expected.predicted);
	t.is(asked.size, step.value.report.evaluated);
});

test("what the first grid can't see fails its audit; it is refined, audited anew with more points, and both are told", (t) => {
	// A slope; in its upper half a cell further everywhere but at every fourth column and row.
	const comb = (x: number, y: number) => {
		const [column, row] = [32 * (x + 1), 32 * (y + 1)].map(Math.round);
		const isSeen = y <= 0 || ((column ?? 0) % 4 === 0 && (row ?? 0) % 4 === 0);
		return (column ?? 0) + (isSeen ? 0 : 1);
	};
	const surface = analytic(STEPS, comb);
	const { rounds, report, values } = adapt(surface);
	t.true((report.audits[0]?.over ?? 0) > 0);
	t.true(report.audits.length > 1);
	t.true((report.audits[1]?.points ?? 0) > (report.audits[0]?.points ?? 0));
	t.is(report.audits.at(-1)?.over, 0);
	t.true(rounds.some(({ purpose }) => purpose === "refinement after an audit"));
	const whole = { columns: STEPS, rows: STEPS, values: surface.fields[0]?.values ?? new Float64Array() };
	const found = { ...whole, values: values[0] ?? new Float64Array() };
	t.true(lineShift(whole, found, [10.5, 20.5, 40.5]).nearlyAll <= 0.5);
});

test("noise is computed everywhere, and then nothing is interpolated or audited", (t) => {
	const noise = (x: number, y: number) => Math.sin(1e6 * x + 1e7 * y);
	const { report, predicted } = adapt(analytic(17, noise), 1e-6);
	t.is(report.evaluated, report.points);
	t.deepEqual([report.bound, predicted.points.length], [null, 0]);
});

test("networks on the grid are computed, wherever they lie between the levels", (t) => {
	const surface = analytic(17, (x) => x);
	const anchors = [{ label: "a", at: [-0.875, 0.125], role: "origin" }] as const;
	const { rounds } = adapt({ ...surface, anchors });
	t.true(rounds[0]?.points.includes(9 * 17 + 1));
});
