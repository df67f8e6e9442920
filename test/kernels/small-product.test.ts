import test from "ava";
import fc from "fast-check";
import { forCases } from "./cases.js";
import { carryOut, startContext } from "./program.js";
import { bits, random } from "./reference.js";

const context = await startContext();

const stacks = fc.record({
	count: fc.integer({ min: 1, max: 3 }),
	rows: fc.integer({ min: 1, max: 13 }),
	columns: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constantFrom(64, 65)),
	depth: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(64, 256, 257)),
	seed: fc.nat(1000),
});

test("stacks of products, small enough to be read as they lie or not, have the bits of one product after another", (t) => {
	forCases(t, stacks, 100, ({ count, rows, columns, depth, seed }) => {
		const a = random([count, rows, depth], seed).values;
		const b = random([count, depth, columns], seed + 1).values;
		// What lies behind the last product stays as it is.
		const out = new Float32Array(count * rows * columns + 8).fill(7);
		const scratch = new Float32Array(context.kernels.gemmScratch() / 4);
		const [aStep, bStep] = [rows * depth * 4, depth * columns * 4];
		carryOut(context, "products", count, a, aStep, 0, b, bStep, 0, out, rows, columns, depth, scratch);
		const one = new Float32Array(rows * columns);
		for (let i = 0; i < count; i++) {
			const [ofA, ofB] = [a.slice(i * rows * depth, (i + 1) * rows * depth), b.slice(i * depth * columns)];
			carryOut(context, "gemm", ofA, 0, ofB, 0, one, 0, rows, columns, depth, 0, 0, scratch, 0);
			t.deepEqual(bits(out.subarray(i * one.length, (i + 1) * one.length)), bits(one));
		}
		t.true(out.subarray(-8).every((value) => value === 7));
	});
});
