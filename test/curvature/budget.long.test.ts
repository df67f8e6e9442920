import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import test from "ava";
import { budgetOf, leastBytes, type Wanted } from "../../src/curvature/budget.js";
import type { Differentiable } from "../../src/curvature/derivatives.js";
import { measure } from "../../src/curvature/measure.js";
import type { Notebook } from "../../src/curvature/notebook.js";
import { openNotebook } from "../../src/store/notebook.js";
import { temporaryDirectory, tinyCnn } from "../fixtures.js";

const wanted: Wanted = {
	...{ length: 1000, dimensions: 1000, shards: 4, steps: 80, eigenvalues: 7, basis: true },
	...{ trace: false, density: false, sharpness: false, kept: false },
};

test("a basis is restarted where it does not fit, and in no fewer vectors than its eigenvalues need", (t) => {
	// 81 vectors of 4,000 bytes: 80 steps, and what is left after the last.
	t.is(budgetOf(wanted, 324_000).room, undefined);
	t.is(budgetOf(wanted, 323_999).room, 80);
	t.is(budgetOf(wanted, 100_000).room, 25);
	t.is(budgetOf(wanted, 1).room, 11);
	t.is(leastBytes(1000, 7), 44_000);
	// Thirty that move span the space in thirty steps.
	t.is(budgetOf({ ...wanted, dimensions: 30 }, 31 * 4000).room, undefined);
	t.is(budgetOf({ ...wanted, basis: false }, 1).room, undefined);
	t.is(budgetOf({ ...wanted, eigenvalues: 0 }, 1).room, undefined);
});

test("the density takes fewer steps where its basis does not fit", (t) => {
	t.is(budgetOf(wanted, 324_000).densitySteps, 80);
	t.is(budgetOf(wanted, 100_000).densitySteps, 24);
	t.is(budgetOf(wanted, 1).densitySteps, 2);
});

/** A quadratic of many parameters, a vector of which is 64 kilobytes. */
const length = 1 << 14;
const curvatureAt = (i: number) => (i < 8 ? 3 - i / 10 : 1 + Math.cos(i));

function quadratic(): Differentiable {
	const origin = new Float32Array(length).fill(0.01);
	const product = async (vector: Float32Array) => vector.map((x, i) => x * curvatureAt(i));
	return {
		...{ origin, moving: length, product, gradient: product.bind(undefined, origin) },
		value: async (at = origin) => at.reduce((sum, x, i) => sum + (x * x * curvatureAt(i)) / 2, 1),
		slopes: async () => ({ mean: 0, meanSquare: 0 }),
		hold: (vector) => vector,
	};
}

const parameter = { name: "w", shape: [128, 128], kind: "kernel" as const, filterAxes: [1], fanIn: 128 };
const graph = {
	...tinyCnn(),
	parameters: [{ ...parameter, native: { shape: [128, 128], view: [128, 128], permutation: [0, 1] } }],
};

test("all that is computed together holds no more vectors than were said, and the restarted basis most of them", async (t) => {
	setFlagsFromString("--expose-gc");
	const gc = runInNewContext("gc") as () => void;
	const collect = () => {
		gc();
		gc();
	};
	const asked = { trace: true, density: true, sharpness: true };
	const of = { ...wanted, ...asked, length, dimensions: length, shards: 0, steps: 40, eigenvalues: 5, kept: true };
	const budget = budgetOf(of, 4 * length * 16);
	t.deepEqual([budget.room, budget.densitySteps], [16, 15]);
	const directory = await temporaryDirectory(t);
	collect();
	const before = process.memoryUsage().arrayBuffers;
	let [most, mostNoting] = [0, 0];
	const heldNow = () => process.memoryUsage().arrayBuffers - before;
	const plain = quadratic();
	let [asks, notes] = [0, 0];
	const derivatives: Differentiable = {
		...plain,
		async product(vector) {
			// Collecting takes longer than all the rest.
			if (asks++ % 3 !== 0) return plain.product(vector);
			collect();
			most = Math.max(most, heldNow());
			return plain.product(vector);
		},
		async value(at) {
			if (asks++ % 100 === 0) {
				collect();
				most = Math.max(most, heldNow());
			}
			return plain.value(at);
		},
	};
	const stored = await openNotebook(join(directory, "notes"), "digest", true);
	const notebook: Notebook = {
		find: stored.find,
		async note(key, entry) {
			if (notes++ % (notes < 150 ? 4 : 100) !== 0) return stored.note(key, entry);
			collect();
			await stored.note(key, entry);
			mostNoting = Math.max(mostNoting, heldNow());
		},
	};
	const settings = { ...asked, ...budget, top: 3, bottom: 2, scale: 3, steps: 40, probes: 2, seed: 1, tolerance: 1e-6 };
	const state = { parameters: plain.origin, statistics: new Float32Array() };
	const numbers = await measure(derivatives, { graph, state }, { ...settings, method: "lanczos" }, notebook);
	await stored.close();
	t.true(numbers.products > 60);
	const vectors = (bytes: number) => bytes / 4 / length;
	t.log(`${vectors(most).toFixed(2)} and ${vectors(mostNoting).toFixed(2)} of ${budget.vectors}`);
	t.true(vectors(most) <= budget.vectors, `${vectors(most)} of ${budget.vectors}`);
	t.true(vectors(mostNoting) <= budget.vectors, `${vectors(mostNoting)} of ${budget.vectors} while noting`);
	t.true(vectors(most) >= 16);
});
