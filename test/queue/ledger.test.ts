import test from "ava";
import fc from "fast-check";
import { Ledger } from "../../src/queue/ledger.js";

test("tasks hold every point once, whatever the batches, threads and times", (t) => {
	const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 });
	const property = fc.property(
		lengths,
		fc.integer({ min: 1, max: 9 }),
		fc.double({ min: 0.01, max: 9000, noNaN: true }),
		(counts, threads, pointMs) => {
			let points = 0;
			const batches = counts.map((count) => {
				points += count;
				return { first: points - count, count };
			});
			const ledger = new Ledger(batches);
			const seen = new Uint8Array(points);
			while (!ledger.finished) {
				ledger.handOut(threads, 0);
				const [task] = ledger.out;
				if (task === undefined) return false;
				for (let point = task.first; point < task.first + task.count; point++) seen[point] = (seen[point] ?? 0) + 1;
				if (!ledger.take(task, pointMs * task.count)) return false;
				// What comes twice is taken once.
				if (ledger.take(task, 1)) return false;
			}
			return ledger.done === points && seen.every((count) => count === 1);
		},
	);
	t.notThrows(() => fc.assert(property, { numRuns: 200 }));
});

test("a first task is one point; later ones take three seconds, and shrink towards the end", (t) => {
	const ledger = new Ledger([{ first: 0, count: 1000 }]);
	const [first] = ledger.handOut(1, 0);
	t.is(first?.count, 1);
	for (const task of ledger.out) ledger.take(task, 50);
	t.is(ledger.handOut(1, 0)[0]?.count, 60);
	while (!ledger.finished) {
		const [task] = ledger.out;
		if (task === undefined) return t.fail();
		if (ledger.done > 990) t.true(task.count <= 5, `${task.count} at ${ledger.done}`);
		ledger.take(task, 50 * task.count);
		ledger.handOut(1, 0);
	}
});

test("with a thousand threads tasks take ten seconds, a hundred of them a second in all", (t) => {
	const ledger = new Ledger([{ first: 0, count: 1e8 }]);
	ledger.handOut(1000, 0);
	const [task] = ledger.out;
	if (task === undefined) return t.fail();
	ledger.take(task, 50);
	t.is(ledger.handOut(1000, 0)[0]?.count, 200);
});

test("a task that is handed out again has another name, and only what is out is", (t) => {
	const ledger = new Ledger([{ first: 5, count: 1 }]);
	const [task] = ledger.handOut(1, 0);
	t.is(task?.id, "p5-1-0");
	t.is(ledger.again({ first: 5, count: 1 }, 0)?.id, "p5-1-1");
	t.true(ledger.take({ first: 5, count: 1 }, 1));
	t.is(ledger.again({ first: 5, count: 1 }, 0), undefined);
	t.false(ledger.take({ first: 5, count: 1 }, 1));
});

test("a task is overdue when it is out far longer than its points take, and not before there is a measure", (t) => {
	const ledger = new Ledger([{ first: 0, count: 2 }]);
	ledger.handOut(1, 0);
	const [a, b] = ledger.out;
	if (a === undefined || b === undefined) return t.fail();
	t.deepEqual(ledger.overdue(1e9, 1000, 10), []);
	ledger.take(a, 50);
	// It may wait for one before it: 2 · 10 · 50 ms.
	t.deepEqual(ledger.overdue(1000, 100, 10), []);
	t.deepEqual(
		ledger.overdue(1001, 100, 10).map(({ id }) => id),
		[b.id],
	);
	t.deepEqual(ledger.overdue(1001, 5000, 10), []);
});
