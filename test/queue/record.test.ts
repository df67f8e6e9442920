import test from "ava";
import { packResult, unpackRecord } from "../../src/queue/record.js";
import { bitChanged } from "../store/damage.js";

const facts = { worker: "w", host: "h", elapsed: 12, second: false };
const result = { first: 3, count: 2, values: Float64Array.of(1.5, Number.NaN, Infinity, -0) };

test("a result comes back as it went, NaN and infinities with it", (t) => {
	const received = unpackRecord(packResult("sweep", result, facts), "sweep", 2);
	if (received.kind !== "result") return t.fail(received.kind);
	t.deepEqual(received.values, result.values);
	t.true(Object.is(received.values[3], -0));
	t.is(received.record.worker, "w");
});

test("a result with any bit of its values changed, of another sweep or of another length is none", (t) => {
	const bytes = packResult("sweep", result, facts);
	const kind = (changed: Uint8Array, origin = "sweep", width = 2) => unpackRecord(changed, origin, width).kind;
	const at = bytes.indexOf(Buffer.from(new Uint8Array(Float64Array.of(1.5).buffer)));
	t.true(at > 0);
	for (let bit = 8 * at; bit < 8 * (at + 32); bit++) t.is(kind(bitChanged(bytes, bit)), "garbage", `bit ${bit}`);
	t.is(kind(bytes, "another"), "garbage");
	t.is(kind(bytes, "sweep", 3), "garbage");
	for (let length = 0; length < bytes.length; length++) t.is(kind(bytes.subarray(0, length)), "garbage");
	t.is(kind(Buffer.from("null")), "garbage");
});
