import test from "ava";
import { barLine, type Standing } from "../../src/cli/bar.js";

const standing: Standing = {
	...{ done: 312, total: 625, unit: "points", stage: "", note: "", waiting: "" },
	...{ rate: 4.2, left: 74.5 },
};

test("a line of progress says all where it has room, and what is left last where it has none", (t) => {
	t.is(barLine(standing, 80), `${"█".repeat(14)}${"░".repeat(16)}  312/625 points  4.20 points/s  1 min 15 s left`);
	t.is(barLine(standing, 40), `${"█".repeat(6)}${"░".repeat(8)}  312/625  1 min 15 s left`);
	t.is(barLine(standing, 26), "312/625  1 min 15 s left");
	t.is(barLine(standing, 20), "49 %  1 min 15 s");
	t.is(barLine(standing, 12), "1 min 15 s");
	t.is(barLine(standing, 5), "1 min");
});

test("no line is longer than the terminal is wide, whatever there is to say", (t) => {
	const long = { stage: "secant curvature", note: "loss 0.1234  accuracy 98.7 %", total: 100_000_000 };
	for (const more of [
		{},
		long,
		{ ...long, left: null, rate: null, waiting: "starting workers" },
		{ done: 0, total: 0 },
	])
		for (let columns = 1; columns <= 200; columns++) {
			const line = barLine({ ...standing, ...more }, columns);
			t.true([...line].length <= columns, `${columns}: ${line}`);
			t.false(/[\0\n]/.test(line));
		}
});

test("before anything is done a line says what it waits for", (t) => {
	const line = barLine({ ...standing, done: 0, rate: null, left: null, waiting: "starting workers" }, 70);
	t.is(line, `${"░".repeat(30)}  0/625 points  starting workers`);
});

test("of work that may still grow the time left is the least that it can be", (t) => {
	t.is(barLine({ ...standing, isOpen: true }, 49), "██████░░░░░░░░  312/625  at least 1 min 15 s left");
});
