import test from "ava";
import { TimeLeft } from "../../src/cli/time-left.js";
import { type Axis, type Grid, gridPoints, regularGrid } from "../../src/surface/grid.js";
import { firstPointsFirst, missing } from "../../src/sweep/plan.js";

interface Work {
	/** What workers take up one after another: so many parts at once. */
	readonly batches: readonly number[];
	readonly slots: number;
	/** Seconds that workers take to start. */
	readonly start: number;
	/** Seconds that a part takes which is begun at a moment. */
	readonly cost: (moment: number) => number;
	readonly undivided?: boolean;
}

/** When workers hand in what, each of which takes up the next batch as soon as it is free. */
function deliveries({ batches, slots, start, cost }: Work): { readonly at: number; readonly count: number }[] {
	const free = Array.from({ length: slots }, () => start);
	const handedIn = batches.map((count) => {
		const worker = free.indexOf(Math.min(...free));
		let at = free[worker] ?? 0;
		for (let part = 0; part < count; part++) at += cost(at);
		free[worker] = at;
		return { at, count };
	});
	return handedIn.sort((a, b) => a.at - b.at);
}

/** The greatest factor between the time left that is told and the true one, ten times a second from a share on to the last seconds. */
function worstFactor(work: Work, from = 0.1): number {
	const arrivals = deliveries(work);
	const total = work.batches.reduce((sum, count) => sum + count, 0);
	const end = arrivals.at(-1)?.at ?? 0;
	const time = new TimeLeft({ total, ...work }, 0);
	let [done, next, worst] = [0, 0, 1];
	for (let now = 0; now < end - 5; now += 0.1) {
		for (let arrival = arrivals[next]; arrival !== undefined && arrival.at <= now; arrival = arrivals[++next]) {
			done += arrival.count;
			time.arrived(done, arrival.at);
		}
		if (done < from * total) continue;
		const { left } = time.at(now);
		if (left === null && now < (arrivals[0]?.at ?? 0) + 1.1) continue;
		const factor = (left ?? 0) / (end - now);
		worst = Math.max(worst, factor, 1 / factor);
	}
	return worst;
}

/** The batches of a plane or a line as a sweep gives them to workers. */
function batchesOf(grid: Grid, slots: number): number[] {
	const done = new Uint8Array(gridPoints(grid));
	return firstPointsFirst(missing({ grid, done }, slots), slots).map(({ count }) => count);
}

const axis: Axis = { min: -1, max: 1, steps: 25 };
const plane = (slots: number) => batchesOf(regularGrid(axis, axis), slots);

test("nothing is said of the time left before a worker has handed in twice, or the first has waited a second", (t) => {
	const time = new TimeLeft({ total: 100, slots: 2 }, 0);
	t.false(time.hasBegun);
	t.deepEqual(time.at(3), { rate: null, left: null });
	time.arrived(1, 4);
	t.true(time.hasBegun);
	t.deepEqual(time.at(4.5), { rate: null, left: null });
	// Of the first part it is known that it took no more than 4 s; both workers are at one more for 1.5 s and 4 s.
	t.deepEqual(time.at(5.5), { rate: 2 / 4, left: (99 * 4 - 1.5 - 4) / 2 });
});

test("workers that hand in whole rows at the same moment count as all of them, and their start does not count", (t) => {
	const time = new TimeLeft({ total: 100, slots: 2 }, 0);
	time.arrived(1, 10);
	time.arrived(2, 10);
	time.arrived(12, 20);
	// One second a part, and the other worker has been at ten of them for as long.
	t.deepEqual(time.at(20), { rate: 2, left: (88 - 10) / 2 });
	time.arrived(22, 20);
	t.deepEqual(time.at(20), { rate: 2, left: 39 });
	t.deepEqual(time.at(25), { rate: 2, left: 34 });
});

test("what was done before a start costs nothing, and what comes uncounted after all others does", (t) => {
	const time = new TimeLeft({ total: 60, from: 50, uncounted: 5 }, 0);
	time.arrived(51, 7);
	time.arrived(52, 9);
	t.deepEqual(time.at(9), { rate: 0.5, left: (8 + 5) * 2 });
});

test("of even work the time left is within a fifth of the truth from a tenth on, whatever workers there are", (t) => {
	for (const slots of [1, 2, 4, 8]) {
		const work = { batches: plane(slots), slots, start: 3, cost: () => 0.4 };
		t.true(worstFactor(work) < 1.2, `${slots} workers: ${worstFactor(work)}`);
	}
	const steps = { batches: Array.from({ length: 5000 }, () => 1), slots: 1, start: 5, cost: () => 0.005 };
	t.true(worstFactor(steps, 0.002) < 1.1);
});

test("on a line, where workers wait for others at the end, it is within a factor of 1.5", (t) => {
	for (const slots of [1, 2, 3, 8]) {
		const batches = batchesOf(regularGrid({ ...axis, steps: 41 }, null), slots);
		const work = { batches, slots, start: 0.5, cost: () => 2, undivided: true };
		t.true(worstFactor(work) < 1.5, `${slots} workers: ${worstFactor(work)}`);
	}
});

test("slow first parts and a machine that is busy for a while put it off by less than a half", (t) => {
	const work = { batches: plane(2), slots: 2, start: 1 };
	const cold = { ...work, cost: (moment: number) => (moment < 8 ? 0.28 : 0.2) };
	t.true(worstFactor(cold) < 1.5, String(worstFactor(cold)));
	const busy = { ...work, cost: (moment: number) => (moment > 20 && moment < 30 ? 0.3 : 0.2) };
	t.true(worstFactor(busy) < 1.5, String(worstFactor(busy)));
});

test("where a machine becomes slower for good, the estimate follows it", (t) => {
	const slower = { batches: plane(2), slots: 2, start: 1, cost: (moment: number) => (moment < 15 ? 0.1 : 0.3) };
	t.true(worstFactor(slower, 0.8) < 1.3, String(worstFactor(slower, 0.8)));
});

test("parts that turn up on the way are counted in, and workers that had nothing left take them up", (t) => {
	const time = new TimeLeft({ total: 4, slots: 2 }, 0);
	for (const [done, now] of [
		[1, 1],
		[2, 1],
		[3, 2],
		[4, 2],
	] as const)
		time.arrived(done, now);
	t.is(time.at(2).left, 0);
	time.expect(10, 10);
	// Six parts of a second each, three for each of two workers; the pause counts for nothing once they have handed in again.
	t.is(time.at(10).left, 3);
	time.arrived(5, 11);
	time.arrived(6, 11);
	t.is(time.at(11).left, 2);
});
