import test from "ava";
import fc from "fast-check";
import { inOrder } from "../../../src/formats/keras/order.js";

const call = (key: string, ...needs: string[]) => ({ key, needs });
const keys = (calls: readonly { key: string }[]) => calls.map(({ key }) => key);

test("calls that stand in order stay as they are, and one that stands too early waits for what it needs", (t) => {
	t.deepEqual(keys(inOrder([call("a"), call("b", "a"), call("c", "a", "b"), call("d")])), ["a", "b", "c", "d"]);
	t.deepEqual(keys(inOrder([call("a"), call("c", "b", "b"), call("b", "a"), call("d")])), ["a", "b", "c", "d"]);
	t.deepEqual(keys(inOrder([call("c", "b"), call("b", "a"), call("a"), call("d")])), ["a", "b", "c", "d"]);
});

test("calls that need each other, or what nobody makes, are left out with all that need them", (t) => {
	const calls = [call("a"), call("b", "c"), call("c", "b"), call("d", "none"), call("e", "d", "a"), call("f", "a")];
	t.deepEqual(keys(inOrder(calls)), ["a", "f"]);
});

test("each time the first call in the file that has all it needs comes next", (t) => {
	const needs = fc.array(fc.array(fc.nat(19), { maxLength: 3 }), { minLength: 1, maxLength: 20 });
	const property = fc.property(needs, (all) => {
		const calls = all.map((each, i) => call(String(i), ...each.map(String)));
		// As one would by hand: looked for from the start each time.
		const [waiting, done] = [[...calls], [] as string[]];
		for (;;) {
			const next = waiting.find((each) => each.needs.every((key) => done.includes(key)));
			if (next === undefined) break;
			waiting.splice(waiting.indexOf(next), 1);
			done.push(next.key);
		}
		t.deepEqual(keys(inOrder(calls)), done);
	});
	fc.assert(property);
});
