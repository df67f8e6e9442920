import test from "ava";
import { regularGrid } from "../../../src/surface/grid.js";
import { auditPoints, largestShare, pointsAround } from "../../../src/sweep/adaptive/audit.js";

const predicted = Array.from({ length: 8000 }, (_, i) => 3 * i);

test("an audit tries 1 % of the predicted points, 30 at least, all of them where there are fewer, and more each time", (t) => {
	t.is(auditPoints(predicted, 1, 0).length, 80);
	t.is(auditPoints(predicted, 1, 2).length, 320);
	t.is(auditPoints(predicted.slice(0, 500), 1, 0).length, 30);
	t.deepEqual(auditPoints([5, 6, 7], 1, 0), [5, 6, 7]);
});

test("what is tried depends on the seed and on which audit it is, and on nothing else; nothing is tried twice", (t) => {
	const first = auditPoints(predicted, 9, 0);
	t.deepEqual(first, auditPoints(predicted, 9, 0));
	t.notDeepEqual(first, auditPoints(predicted, 10, 0));
	t.notDeepEqual(first, auditPoints(predicted, 9, 1).slice(0, first.length));
	t.is(new Set(first).size, first.length);
	t.true(first.every((point) => predicted.includes(point)));
});

test("where none of n is wrong, a share as large as the bound would have shown one but for a fortieth of all draws", (t) => {
	for (const points of [30, 80, 640]) t.true(Math.abs((1 - largestShare(points, 0)) ** points - 0.025) < 1e-12);
	t.true(Math.abs((1 - largestShare(80, 1)) ** 80 - 0.0125) < 1e-12, "a second audit has half the risk");
});

test("around a point are those within two cells, as far as the grid reaches", (t) => {
	const grid = regularGrid({ min: 0, max: 1, steps: 17 }, { min: 0, max: 1, steps: 17 });
	t.deepEqual(pointsAround(grid, 0), [0, 1, 2, 17, 18, 19, 34, 35, 36]);
	t.is(pointsAround(grid, 5 * 17 + 5).length, 25);
});
