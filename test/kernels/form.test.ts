import test from "ava";
import fc from "fast-check";
import { formPoint } from "../../src/section/section.js";
import { startContext } from "./program.js";
import { random } from "./reference.js";

const context = await startContext();

/** By the kernel, from vectors in its memory. */
function formed(vectors: readonly Float32Array[], weights: readonly number[]): Float32Array {
	const count = vectors[0]?.length ?? 0;
	const places = vectors.map((vector) => {
		const place = context.allocate(vector.byteLength);
		context.floats(place.address, count).set(vector);
		return place;
	});
	const out = context.allocate(count * 4);
	const [a = 0, b = 0, c = 0] = places.map(({ address }) => address);
	const [w0 = 1, w1 = 0, w2 = 0] = weights;
	context.kernels.formPoint(out.address, a, b, c, w0, w1, w2, count);
	const values = context.floats(out.address, count).slice();
	for (const { free } of [out, ...places]) free();
	return values;
}

const bitsOf = (values: Float32Array) => [...new Int32Array(values.buffer, values.byteOffset, values.length)];

test("a point formed by the kernel has the bits of the sum in double, rounded once", (t) => {
	const weight = fc.double({ min: -3, max: 3, noNaN: true });
	fc.assert(
		fc.property(
			fc.integer({ min: 1, max: 40 }),
			fc.integer({ min: 1, max: 3 }),
			weight,
			weight,
			(count, many, x, y) => {
				const vectors = [1, 2, 3].slice(0, many).map((seed) => random([count], seed, 10 ** (seed - 2)).values);
				const want = new Float32Array(count);
				formPoint(want, vectors, [1, x, y]);
				t.deepEqual(bitsOf(formed(vectors, [1, x, y])), bitsOf(want));
			},
		),
	);
});

test("zeros keep their signs, and what overflows or is none becomes what it does in double", (t) => {
	const vectors = [
		Float32Array.from([-0, 3e38, Number.NaN, 1e-45, Number.POSITIVE_INFINITY]),
		Float32Array.from([0, 3e38, 1, 1e-45, 1]),
		Float32Array.from([-0, 1, 1, -1e-45, Number.NEGATIVE_INFINITY]),
	];
	const want = new Float32Array(5);
	formPoint(want, vectors, [1, -1, 0.5]);
	t.deepEqual(formed(vectors, [1, -1, 0.5]), want);
	t.true(Object.is(formed(vectors, [1, -1, 0.5])[0], want[0]));
});
