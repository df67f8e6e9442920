import test from "ava";
import fc from "fast-check";
import { InterruptedError } from "../../src/errors.js";
import { sha256 } from "../../src/exact/digest.js";
import { Spool } from "../../src/files/spool.js";
import type { Range } from "../../src/kernels/differences.js";
import { principal } from "../../src/section/principal.js";
import { dot, norm } from "../../src/section/products.js";
import { project } from "../../src/section/project.js";
import { reordered, rowsOf } from "../../src/section/rows.js";
import { parametersAt } from "../../src/section/section.js";

const numbers = (length: number) =>
	fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: length, maxLength: length });

test("a path in a known plane has that plane, its lengths as singular values, and nothing off it", async (t) => {
	// Along e₂ and e₅, from an origin that is none of the axes' own.
	const origin = Float32Array.of(1, 2, 3, 4, 5, 6);
	const at = (x: number, y: number) => origin.map((value, i) => value + (i === 2 ? x : i === 5 ? y : 0));
	const rows = rowsOf([at(3, 0), at(0, 1), at(0, 0)]);
	const found = await principal(rows, { origin, centred: false });
	t.deepEqual(
		found?.directions.map((direction) => [...direction]),
		[
			[0, 0, 1, 0, 0, 0],
			[0, 0, 0, 0, 0, 1],
		],
	);
	t.deepEqual(
		found?.singularValues.map((value) => Math.round(1e9 * value) / 1e9),
		[3, 1, 0],
	);
	t.true(Math.abs((found?.explained[0] ?? 0) - 0.9) < 1e-12);
	const places = await project(rows, origin, found?.directions ?? []);
	t.deepEqual(
		places.map(({ at: place, offPlane }) => [...place, offPlane]),
		[
			[3, 0, 0],
			[0, 1, 0],
			[0, 0, 0],
		],
	);
});

test("some of the vectors of a file have the principal components that they have alone", async (t) => {
	const vectors = Array.from({ length: 5 }, (_, i) =>
		Float32Array.from({ length: 700 }, (_, n) => Math.sin(n * (i + 1))),
	);
	const spool = await Spool.open(700);
	t.teardown(() => spool.close());
	for (const vector of vectors) await spool.append(vector);
	const stored = { count: 5, length: 700, stretch: spool.stretch.bind(spool) };
	const origin = new Float32Array(700);
	const chosen = [4, 0, 2];
	const expected = await principal(rowsOf(chosen.map((i) => vectors[i] ?? origin)), { origin, centred: false });
	for (const rows of [stored, rowsOf(vectors)])
		t.deepEqual(await principal(reordered(rows, chosen), { origin, centred: false }), expected);
});

test("the order of networks but for the origin changes nothing, directions are orthonormal, and a line has none", async (t) => {
	await fc.assert(
		fc.asyncProperty(fc.array(numbers(12), { minLength: 3, maxLength: 7 }), async (given) => {
			const vectors = given.map((vector) => Float32Array.from(vector));
			const origin = vectors.at(-1) ?? new Float32Array();
			const found = await principal(rowsOf(vectors), { origin, centred: false });
			if (found === undefined) return true;
			const [x, y] = found.directions;
			const isSquare = Math.abs(norm(x) - 1) < 1e-5 && Math.abs(norm(y) - 1) < 1e-5 && Math.abs(dot(x, y)) < 1e-4;
			const turned = await principal(rowsOf(vectors.toReversed()), { origin, centred: false });
			const [one = 0, other = 0] = found.singularValues;
			// Where two singular values are alike the plane's axes are free to turn.
			if (one - other < 1e-3 * one) return isSquare;
			return (
				isSquare && found.directions[0].every((part, i) => Math.abs(part - (turned?.directions[0][i] ?? 9)) < 1e-4)
			);
		}),
		{ numRuns: 200 },
	);
	const line = [1, 2, 5].map((factor) => Float32Array.of(factor, 2 * factor, -factor));
	t.is(await principal(rowsOf(line), { origin: new Float32Array(3), centred: false }), undefined);
	t.is(
		await principal(rowsOf([line[0] ?? new Float32Array()]), { origin: line[0] ?? [], centred: false } as never),
		undefined,
	);
});

test("what does not count is left out of the components", async (t) => {
	const origin = new Float32Array(4);
	const rows = rowsOf([Float32Array.of(9, 2, 0, 1), Float32Array.of(7, 0, 1, 3)]);
	const found = await principal(rows, { origin, centred: false, held: () => [[0, 1]] });
	for (const direction of found?.directions ?? []) t.is(direction[0], 0);
});

test("vectors in a file give what they do in memory, to the bit", async (t) => {
	const vectors = Array.from({ length: 5 }, (_, k) =>
		Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i * (k + 1))),
	);
	const spool = await Spool.open(1000);
	for (const vector of vectors) await spool.append(vector);
	const origin = vectors[4] ?? new Float32Array();
	const stretch = spool.stretch.bind(spool);
	const rows = { count: 5, length: 1000, stretch };
	t.deepEqual(
		await principal(rows, { origin, centred: true }),
		await principal(rowsOf(vectors), { origin, centred: true }),
	);
	const read = new Float32Array(1000);
	await spool.read(3, read);
	t.deepEqual(read, vectors[3]);
	await spool.close();
});

test("of vectors in a file, in stretches on one thread or three, the plane and what lies off it have the same bits", async (t) => {
	// Three stretches, the last of them short.
	const length = 2 * 65_536 + 777;
	const vectors = Array.from({ length: 6 }, (_, k) =>
		Float32Array.from({ length }, (__, i) => ((i * (2 * k + 7919)) % 1013) / 1013 - 0.5),
	);
	const origin = vectors[5] ?? new Float32Array();
	const spool = await Spool.open(length);
	for (const vector of vectors) await spool.append(vector);
	const held = (first: number): Range[] => (first === 0 ? [[3, 500]] : []);
	const found = [];
	for (const [rows, threads] of [
		[rowsOf(vectors), 1],
		[rowsOf(vectors), 3],
		[{ count: 6, length, stretch: spool.stretch.bind(spool) }, 3],
	] as const) {
		const options = { threads, worth: 0 };
		const plane = await principal(rows, { origin, centred: false, held, ...options });
		const { directions = [], singularValues } = plane ?? {};
		const places = await project(rows, origin, directions, options);
		found.push({ directions: sha256(...directions), singularValues, places });
	}
	await spool.close();
	t.deepEqual(found[1], found[0]);
	t.deepEqual(found[2], found[0]);
	t.true((found[0]?.places[0]?.offPlane ?? 0) > 1);
});

test("what is asked of vectors ends where a signal says so", async (t) => {
	const rows = rowsOf([new Float32Array(9), Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9)]);
	const options = { origin: new Float32Array(9), centred: false, signal: AbortSignal.abort("enough") };
	await t.throwsAsync(principal(rows, options), { instanceOf: InterruptedError });
});

test("on a chain a whole number is the network of that number alone, whatever the others are", (t) => {
	const section = {
		...{ vectors: [Float32Array.of(1, -0), Float32Array.of(Number.NaN, 2), Float32Array.of(5, 6)], statistics: [] },
		...{ anchors: [] },
		weighting: "chain",
		dimensions: 1,
	} as const;
	const at = (place: number) => {
		const out = new Float32Array(2);
		parametersAt(section, [place]).write(out, 0);
		return [...out];
	};
	t.deepEqual(at(0), [1, -0]);
	t.deepEqual(at(2), [5, 6]);
	t.deepEqual(at(1.5), [Number.NaN, 4]);
});
