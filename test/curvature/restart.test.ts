import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import test from "ava";
import { extend, extremes, krylov, leastRoom } from "../../src/curvature/lanczos.js";
import { noNotebook } from "../../src/curvature/notebook.js";
import { restart, ritz } from "../../src/curvature/projection.js";
import { hold, notebookEndingAfter, operatorOf } from "./operators.js";

/** Three large values, two low ones, and 295 spread over all that lies between. */
const values = Array.from({ length: 300 }, (_, i) =>
	i < 3 ? 10 - 2 * i : i > 297 ? i - 304 : 0.5 + 4.5 * Math.cos((Math.PI * (i - 2)) / 296),
);
const options = { top: 3, bottom: 2, tolerance: 1e-5, steps: 400, seed: 1, dimensions: 300, hold };

test("a basis with room for few vectors is restarted, and finds the same eigenvalues within its residuals", async (t) => {
	for (const room of [leastRoom(5), 12, 20]) {
		const { top, bottom, vectors, products } = await extremes(
			operatorOf(values),
			300,
			{ ...options, room },
			noNotebook,
		);
		t.true(products > room, `${products}`);
		for (const [i, { value, residual, settled }] of [...top, ...bottom].entries()) {
			t.true(settled, `${room}: ${value} ± ${residual}`);
			t.true(Math.abs(value - ([10, 8, 6, -6, -5][i] ?? 0)) <= residual + 1e-5, `${value} ± ${residual}`);
		}
		for (const [i, vector] of vectors().entries()) {
			const [image, { value = 0, residual = 0 } = {}] = [await operatorOf(values)(vector), [...top, ...bottom][i]];
			const off = Math.sqrt(image.reduce((sum, x, k) => sum + (x - value * (vector[k] ?? 0)) ** 2, 0));
			t.true(Math.abs(off - residual) < 1e-5, `${off} where ${residual} was said`);
		}
	}
});

test("the basis never holds more vectors than it has room for, and not one restart is made where all fit", async (t) => {
	const held: number[] = [];
	const operator = operatorOf(values);
	const space = krylov(Float64Array.from({ length: 300 }, (_, i) => Math.cos(3 * i)));
	while (held.length < 60) {
		if (space.basis.length >= 12) restart(space, [0, 1, 2, 7, 8, 9]);
		await extend(space, operator, () => new Float64Array(300));
		held.push(space.basis.length);
	}
	t.is(Math.max(...held), 12);
	const whole = await extremes(operator, 300, { ...options, steps: 40 }, noNotebook);
	const roomy = await extremes(operator, 300, { ...options, steps: 40, room: 41 }, noNotebook);
	t.deepEqual([roomy.top, roomy.bottom], [whole.top, whole.bottom]);
});

test("after a restart the matrix is still the operator in the basis, which is still orthonormal", async (t) => {
	const operator = operatorOf(values);
	const space = krylov(Float64Array.from({ length: 300 }, (_, i) => Math.cos(3 * i)));
	for (let step = 0; step < 14; step++) await extend(space, operator, () => new Float64Array(300));
	const before = ritz(space).spectrum.values;
	restart(space, [0, 1, 11, 12, 13]);
	t.deepEqual(
		space.diagonal,
		[0, 1, 11, 12, 13].map((place) => before[place]),
	);
	for (let step = 0; step < 4; step++) await extend(space, operator, () => new Float64Array(300));
	const { diagonal, offDiagonal, basis, coupling } = space;
	const inner = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
	for (const [i, one] of basis.slice(0, -1).entries()) {
		const image = await operator(one);
		for (const [j, other] of basis.slice(0, -1).entries()) {
			t.true(Math.abs(inner(one, other) - Number(i === j)) < 1e-6);
			const [low, high] = [Math.min(i, j), Math.max(i, j)];
			const joint = high === 5 ? coupling?.[low] : low >= 5 && high === low + 1 ? offDiagonal[low] : 0;
			t.true(Math.abs(inner(image, other) - ((i === j ? diagonal[i] : joint) ?? 0)) < 1e-5, `${i} ${j}`);
		}
	}
});

test("killed before, at and after a restart, it goes on with the same bits", async (t) => {
	const restarting = { ...options, room: 12 };
	const whole = await extremes(operatorOf(values), 300, restarting, noNotebook);
	for (const most of [5, 10, 11, 12, 17, whole.products - 1]) {
		const entries = new Map();
		await t.throwsAsync(extremes(operatorOf(values), 300, restarting, notebookEndingAfter(most, entries)), {
			message: "killed",
		});
		t.is(entries.size, most);
		let asked = 0;
		const counted = async (vector: Float32Array) => {
			asked += 1;
			return operatorOf(values)(vector);
		};
		const again = await extremes(counted, 300, restarting, notebookEndingAfter(1000, entries));
		t.deepEqual([again.top, again.bottom, again.vectors()], [whole.top, whole.bottom, whole.vectors()]);
		t.is(asked, whole.products - most);
	}
});

test("memory holds as many vectors as were said, measured by what arrays take", async (t) => {
	setFlagsFromString("--expose-gc");
	const gc = runInNewContext("gc") as () => void;
	const collect = () => {
		// What the first one has found is freed beside the program; the second waits for that.
		gc();
		gc();
	};
	const [length, room] = [1 << 16, 14];
	collect();
	const before = process.memoryUsage().arrayBuffers;
	let [most, asks] = [0, 0];
	const operator = async (vector: Float32Array) => {
		// Not each time: collecting takes longer than all the rest.
		if (asks++ % 3 === 0) {
			collect();
			most = Math.max(most, process.memoryUsage().arrayBuffers - before);
		}
		return vector.map((x, i) => x * (i < 8 ? 1 - i / 10 : Math.cos(i) / 3));
	};
	const few = { ...options, top: 4, bottom: 0, steps: 60, tolerance: 1e-13, dimensions: length, room };
	const { products } = await extremes(operator, length, few, noNotebook);
	t.true(products > 2 * room);
	// While a product is under way there is nothing but the basis.
	t.true(most <= 4 * length * room + 100_000, `${most / 4 / length} vectors`);
	t.true(most > 4 * length * (room - 3), `${most / 4 / length} vectors`);
});
