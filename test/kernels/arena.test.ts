import test from "ava";
import fc from "fast-check";
import { layOut, Value } from "../../src/kernels/arena.js";
import { decode, encode, encodedLength, type Instruction } from "../../src/kernels/instructions.js";

/** Values of so many bytes, in use from one step to another, some in the place of one before. */
const lives = fc.array(
	fc.record({ bytes: fc.integer({ min: 1, max: 4000 }), first: fc.nat(20), length: fc.nat(6), replaces: fc.nat(30) }),
	{ minLength: 1, maxLength: 30 },
);

test("values that are in use at the same step never share a byte, but for one that takes over another's place", (t) => {
	fc.assert(
		fc.property(lives, (given) => {
			const values = given.map(({ bytes, first, length }) => {
				const value = new Value(bytes);
				value.use(first);
				value.use(first + length);
				return value;
			});
			for (const [i, { replaces }] of given.entries()) {
				const value = values[i];
				if (value !== undefined && replaces !== i) value.replaces = values[replaces];
			}
			const { offsets, bytes } = layOut(values);
			for (const [i, a] of values.entries()) {
				const at = offsets.get(a) ?? Number.NaN;
				t.true(at >= 0 && at + a.bytes <= bytes && at % 64 === 0);
				for (const b of values.slice(i + 1)) {
					const together = a.first <= b.last && b.first <= a.last;
					const handedOver = (a.replaces === b && b.last === a.first) || (b.replaces === a && a.last === b.first);
					const other = offsets.get(b) ?? Number.NaN;
					if (together && !handedOver) t.true(at + a.bytes <= other || other + b.bytes <= at);
				}
			}
		}),
	);
});

test("what is left of a place that a shorter value takes over stays in use for the step", (t) => {
	const [long, short, other] = [new Value(640), new Value(64), new Value(64)];
	long.use(0);
	long.use(1);
	short.use(1);
	short.replaces = long;
	other.use(1);
	const { offsets } = layOut([long, short, other]);
	t.is(offsets.get(short), offsets.get(long));
	t.true((offsets.get(other) ?? 0) >= 640);
});

test("values that come one after another take no more room than two of them", (t) => {
	const values = Array.from({ length: 10 }, (_, step) => {
		const value = new Value(6400);
		value.use(step);
		value.use(step + 1);
		return value;
	});
	t.is(layOut(values).bytes, 12_800);
});

test("code holds each instruction with its operands, floats as floats and values by their place", (t) => {
	const value = new Value(64);
	const instructions: Instruction[] = [
		{ name: "unary", operands: [1, value, 4096, 7, 0.5, -2] },
		{ name: "softmax", operands: [4096, value, 3, 5] },
	];
	const words = new Int32Array(encodedLength(instructions));
	const seen: number[] = [];
	encode(
		words,
		instructions,
		() => 128,
		(_, word) => seen.push(word),
	);
	t.deepEqual(
		decode(words).map(({ name }) => name),
		["unary", "softmax"],
	);
	t.deepEqual([...words.subarray(1, 5)], [1, 128, 4096, 7]);
	t.deepEqual([...new Float32Array(words.buffer, 20, 2)], [0.5, -2]);
	t.deepEqual(seen, [2, 9]);
	t.throws(() => encode(words, [{ name: "softmax", operands: [1] }], () => 0), { message: /takes 4 operands, not 1/ });
	t.throws(() => decode(Int32Array.of(99)), { message: /99 is no instruction/ });
});
