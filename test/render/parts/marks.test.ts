import test from "ava";
import { frameOver } from "../../../src/render/parts/frame.js";
import { drawMarks, markBoxes } from "../../../src/render/parts/marks.js";
import { labelsOf } from "../surfaces.js";

const frame = frameOver({ x: 50, y: 50, width: 400, height: 400 }, [-0.5, 1.5], [-0.5, 1.5]);
const corners = (length: number) =>
	[
		{ alpha: 0, beta: 0 },
		{ alpha: 1, beta: 0 },
		{ alpha: 0, beta: 1 },
	].map((place, i) => ({ ...place, label: `${i}`.padEnd(length, "n") }));

test("the names of three networks keep clear of each other and of the dots, and stay in the frame", (t) => {
	for (const length of [3, 12, 20, 28]) {
		// A name and a dot for each network.
		const boxes = markBoxes(frame, corners(length));
		t.is(boxes.length, 6);
		const names = boxes.filter((_, i) => i % 2 === 0);
		for (const [i, a] of names.entries()) {
			t.true(a.x >= frame.x && a.x + a.width <= frame.x + frame.width, `${length}: ${i}`);
			for (const b of names.slice(i + 1)) {
				const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
				t.true(apart, `${length}: ${i}`);
			}
		}
	}
});

test("a mark outside the frame has neither dot nor name", (t) => {
	const marks = [...corners(3), { alpha: 2, beta: 0, label: "out" }];
	t.deepEqual(labelsOf(drawMarks(frame, marks)), ["0nn", "1nn", "2nn"]);
	t.is(markBoxes(frame, marks).length, 6);
});
