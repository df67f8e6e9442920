import test from "ava";
import fc from "fast-check";
import { purposes, RandomStream } from "../../src/exact/random.js";
import { Normals } from "../../src/kernels/normals.js";

test("the kernel's Gaussians are those of the stream, bit by bit, however they are asked for", (t) => {
	const purpose = fc.constantFrom(...(Object.keys(purposes) as (keyof typeof purposes)[]));
	const lengths = fc.array(fc.integer({ min: 0, max: 9000 }), { minLength: 1, maxLength: 6 });
	fc.assert(
		fc.property(fc.maxSafeNat(), purpose, lengths, (seed, kind, parts) => {
			const [ours, theirs] = [new Normals(seed, kind), new RandomStream(seed, kind)];
			for (const length of parts) {
				const [a, b] = [new Float64Array(length), new Float64Array(length)];
				ours.fill(a);
				theirs.fillNormals(b);
				if (Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)) !== 0) return false;
			}
			return true;
		}),
	);
	t.pass();
});

test("so are those of both tails, of which a million have some hundreds", (t) => {
	const [a, b] = [new Float64Array(1e6), new Float64Array(1e6)];
	new Normals(7, "directionY").fill(a);
	new RandomStream(7, "directionY").fillNormals(b);
	t.deepEqual(a, b);
	t.true(a.filter((value) => Math.abs(value) > 3.5).length > 300);
});
