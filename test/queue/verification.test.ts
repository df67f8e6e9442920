import test from "ava";
import { Verification } from "../../src/queue/verification.js";
import { canonicalBytes } from "../../src/surface/digest.js";

const recordOf = (first: number, value: number, worker: string, host = worker) => ({
	...{ first, count: 1, worker, host, elapsed: 1, second: true, check: "" },
	values: canonicalBytes(Float64Array.of(value)),
});
const result = { first: 0, count: 2, values: Float64Array.of(0.25, 0.5) };

/** Both points of a batch are to be computed twice; worker a has computed them. */
function held() {
	const verification = new Verification([{ first: 0, count: 2 }], 2);
	const tasks = verification.hold({ ...recordOf(0, 0, "a"), count: 2 }, result);
	return { verification, tasks };
}

test("a result waits until another worker has the same bits at each of its points", (t) => {
	const { verification, tasks } = held();
	t.deepEqual(
		tasks?.map(({ first, not }) => [first, not]),
		[
			[0, "a"],
			[1, "a"],
		],
	);
	t.is(verification.compare(recordOf(0, 0.25, "a")), undefined);
	t.deepEqual(verification.compare(recordOf(0, 0.25, "b")), { kind: "agree", ready: [] });
	t.false(verification.finished);
	t.deepEqual(verification.compare(recordOf(1, 0.5, "b")), { kind: "agree", ready: [result] });
	t.true(verification.finished);
	t.regex(
		verification.summary() ?? "",
		/^verified: 2 of 2 points have the same bits from two workers, 2 of them on two/,
	);
});

test("other bits are told with both workers, were they in the last place", (t) => {
	const { verification } = held();
	const checked = verification.compare(recordOf(1, 0.5 + 2 ** -53, "b"));
	t.is(checked?.kind, "differ");
	if (checked?.kind === "differ") t.deepEqual([checked.point, checked.workers], [1, ["a", "b"]]);
});

test("points that no second worker is there for are given up, and counted as such", (t) => {
	const { verification } = held();
	t.deepEqual(verification.release([]), []);
	t.deepEqual(verification.release(["a", "b"]), []);
	t.deepEqual(verification.release(["a"]), [result]);
	t.regex(verification.summary() ?? "", /0 of 2 .*, 2 not, for want of a second worker$/);
});
