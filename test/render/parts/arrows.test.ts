import test from "ava";
import { OptionError } from "../../../src/errors.js";
import { drawArrows } from "../../../src/render/parts/arrows.js";
import { frameOver } from "../../../src/render/parts/frame.js";
import { axisValue, regularGrid } from "../../../src/surface/grid.js";
import { emptySurface, record } from "../../../src/surface/surface.js";
import { newSurface, provenance } from "../../fixtures.js";

/** x² + 2 y² with its slopes, over a square. */
function parabola() {
	const axis = { min: -1, max: 1, steps: 9 };
	const surface = emptySurface({
		grid: regularGrid(axis, axis),
		extras: [],
		fields: [
			{ name: "loss", label: "loss", unit: "loss" },
			{ name: "slope-x", label: "slope along α", unit: "derivative" },
			{ name: "slope-y", label: "slope along β", unit: "derivative" },
		],
		anchors: [],
		provenance: provenance(),
	});
	for (let row = 0; row < 9; row++)
		for (let column = 0; column < 9; column++) {
			const [x, y] = [axisValue(axis, column), axisValue(axis, row)];
			const values = Float64Array.of(x * x + 2 * y * y, 2 * x, 4 * y);
			record(surface, { first: row * 9 + column, count: 1, values });
		}
	return surface;
}

/** Drawn twice as wide as high. */
const frame = frameOver({ x: 0, y: 0, width: 800, height: 400 }, [-1, 1], [-1, 1]);

/** An arrow as it is drawn: from its tail to its tip. */
interface Arrow {
	readonly fromX: number;
	readonly fromY: number;
	readonly toX: number;
	readonly toY: number;
}

function arrowsIn(svg: string): Arrow[] {
	const data = / d="([^"]*)"/.exec(svg)?.[1] ?? "";
	return [...data.matchAll(/M([-\d.]+) ([-\d.]+)L([-\d.]+) ([-\d.]+)M[^M]*/g)].map(([, ...at]) => {
		const [fromX = 0, fromY = 0, toX = 0, toY = 0] = at.map(Number);
		return { fromX, fromY, toX, toY };
	});
}

test("arrows stand at right angles to the contour lines as they are drawn, point uphill, and stay inside the frame", (t) => {
	const arrows = arrowsIn(drawArrows(parabola(), frame, []));
	t.true(arrows.length > 20);
	for (const { fromX, fromY, toX, toY } of arrows) {
		const [x, y] = [(fromX + toX) / 2 / 400 - 1, 1 - (fromY + toY) / 2 / 200];
		// In the picture the loss is (u / 400 - 1)² + 2 (1 - v / 200)²: its derivatives by u and v.
		const [u, v] = [(2 * x) / 400, (-4 * y) / 200];
		const [right, down] = [toX - fromX, toY - fromY];
		t.true(right * u + down * v > 0);
		t.true(Math.abs(right * v - down * u) < 2e-2 * Math.hypot(right, down) * Math.hypot(u, v));
		t.true(Math.min(fromX, toX) >= 0 && Math.max(fromX, toX) <= 800);
		t.true(Math.min(fromY, toY) >= 0 && Math.max(fromY, toY) <= 400);
	}
});

test("a slope three times as steep has an arrow √3 as long, and what is to be kept clear has none", (t) => {
	const at = (alpha: number, arrows: readonly Arrow[]) =>
		arrows.find(({ fromX, fromY, toX, toY }) => {
			return Math.abs((fromX + toX) / 2 / 400 - 1 - alpha) < 0.01 && Math.abs((fromY + toY) / 2 - 200) < 2;
		});
	const length = (arrow: Arrow | undefined) =>
		arrow === undefined ? Number.NaN : Math.hypot(arrow.toX - arrow.fromX, arrow.toY - arrow.fromY);
	const arrows = arrowsIn(drawArrows(parabola(), frame, []));
	t.true(Math.abs(length(at(0.75, arrows)) / length(at(0.25, arrows)) - Math.sqrt(3)) < 0.02);
	const clear = { x: 480, y: 180, width: 40, height: 40 };
	t.is(at(0.25, arrowsIn(drawArrows(parabola(), frame, [clear]))), undefined);
});

test("a surface without slopes has no arrows, and says which fields they take", (t) => {
	const surface = newSurface({ min: -1, max: 1, steps: 3 }, { min: -1, max: 1, steps: 3 });
	t.throws(() => drawArrows(surface, frame, []), {
		instanceOf: OptionError,
		message: /slope-x,slope-y.*loss, accuracy/,
	});
});
