import test from "ava";
import { delaysOf, MOST_FRAMES, reached } from "../../src/render/film.js";

test("frames of a longer path are spread evenly over it, its first and its last network among them", (t) => {
	const heads = Array.from({ length: MOST_FRAMES }, (_, frame) => reached(frame, MOST_FRAMES, 588));
	t.is(heads[0], 0);
	t.is(heads.at(-1), 587);
	const steps = heads.slice(1).map((head, i) => head - (heads[i] ?? 0));
	// 587 / 149 is 3.94.
	t.true(steps.every((step) => step === 3 || step === 4));
});

test("a path of as many networks as frames is shown one by one, and a shorter one waits", (t) => {
	const heads = (things: number) => Array.from({ length: 5 }, (_, frame) => reached(frame, 5, things));
	t.deepEqual(heads(5), [0, 1, 2, 3, 4]);
	t.deepEqual(heads(3), [0, 1, 1, 2, 2]);
	t.deepEqual(heads(1), [0, 0, 0, 0, 0]);
});

test("a film takes about nine seconds where frames can be neither dropped nor wearisome, and its last frame two more", (t) => {
	t.deepEqual(delaysOf(3), [600, 600, 2000]);
	t.deepEqual(delaysOf(20), [...new Array(19).fill(450), 2000]);
	t.deepEqual(delaysOf(150), [...new Array(149).fill(60), 2000]);
});
