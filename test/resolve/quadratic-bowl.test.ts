import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { writeWeights } from "../../src/formats/index.js";
import { surfaceLosses, sweep } from "../../src/index.js";
import type { Graph } from "../../src/network/graph.js";
import { temporaryDirectory } from "../fixtures.js";

/**
 * A dense layer without bias on samples that are multiples aₛ of unit vectors, with targets aₛcₛ: the mean squared error is
 * Σ aₛ²(wₛ − cₛ)² / n, a bowl around c. Its gradient is 2aₛ²(wₛ − cₛ) / n, so that a step of descent takes what is left along each
 * parameter times 1 − 2ηaₛ² / n.
 */
class Bowl {
	readonly #scales: readonly number[];
	readonly #center: readonly number[];

	constructor(scales: readonly number[], center: readonly number[]) {
		this.#scales = scales;
		this.#center = center;
	}

	get #graph(): Graph {
		const shape = [this.#scales.length, 1];
		const native = { shape, view: shape, permutation: [0, 1] };
		return {
			name: "bowl",
			inputs: [{ name: "x", shape: [this.#scales.length] }],
			nodes: [{ op: "dense", inputs: ["x", "w"], output: "y", attributes: {} }],
			parameters: [{ name: "w", shape, kind: "kernel", filterAxes: [1], fanIn: shape[0] ?? 0, native }],
			output: "y",
		};
	}

	/** The network so far from the bottom. */
	at(left: readonly number[]) {
		const parameters = Float32Array.from(left, (value, i) => value + (this.#center[i] ?? 0));
		return { graph: this.#graph, state: { parameters, statistics: new Float32Array() } };
	}

	get data() {
		const { length } = this.#scales;
		const inputs = new Float32Array(length * length);
		for (const [i, scale] of this.#scales.entries()) inputs[i * length + i] = scale;
		const targets = Float32Array.from(this.#scales, (scale, i) => scale * (this.#center[i] ?? 0));
		return { inputs, shape: [length, length], targets };
	}

	loss(left: readonly number[]): number {
		const squares = left.map((value, i) => ((this.#scales[i] ?? 0) * value) ** 2);
		return squares.reduce((sum, value) => sum + value, 0) / left.length;
	}
}

const factors = (rates: readonly number[], start: readonly number[], step: number) =>
	start.map((value, i) => value * (rates[i] ?? 0) ** step);

const STEPS = 4;

async function writePath(folder: string, name: string, bowl: Bowl, rates: readonly number[], start: readonly number[]) {
	for (let step = 0; step <= STEPS; step++)
		await writeWeights(join(folder, `${name}-${step}.safetensors`), bowl.at(factors(rates, start, step)));
	return join(folder, `${name}-*.safetensors`);
}

const near = (t: ExecutionContext, actual: number | undefined, wanted: number, within: number, what: string) =>
	t.true(Math.abs((actual ?? Number.NaN) - wanted) <= within, `${what}: ${actual} is not ${wanted}`);

test("descent in a bowl of two parameters lies on its plane, as far from the end as it is, with the bowl's losses", async (t) => {
	const folder = await temporaryDirectory(t);
	// n = 2 and η = 1/8: what is left halves along the first parameter and becomes 7/8 along the second.
	const bowl = new Bowl([2, 1], [0.5, -1]);
	const [rates, start] = [
		[1 / 2, 7 / 8],
		[2, 1],
	];
	const trajectory = await writePath(folder, "step", bowl, rates, start);
	const network = bowl.at([0, 0]);
	const options = { network, data: bowl.data, samples: "all", loss: "mse", directions: "pca", trajectory } as const;
	const { surface, origin } = await sweep({ ...options, steps: 3, threads: 1 });
	const end = factors(rates, start, STEPS);
	near(t, origin.loss, bowl.loss(end), 1e-7, "origin");
	const [drawn = []] = surfaceLosses(surface);
	for (const [step, point] of (surface.trajectories?.paths[0]?.points ?? []).entries()) {
		const left = factors(rates, start, step);
		const distance = Math.hypot(...left.map((value, i) => value - (end[i] ?? 0)));
		near(t, Math.hypot(...point.at), distance, 1e-6, `distance ${step}`);
		near(t, point.offPlane, 0, 1e-6, `off the plane ${step}`);
		near(t, point.loss, bowl.loss(left), 1e-6 * bowl.loss(left), `loss ${step}`);
		near(t, drawn[step], bowl.loss(left), 1e-5 * bowl.loss(left), `surface ${step}`);
	}
	t.is(drawn[STEPS], origin.loss);
});

test("four mirrored descents around the bottom have the parameters as axes, and lie off their plane by the third alone", async (t) => {
	const folder = await temporaryDirectory(t);
	// n = 3 and η = 3/32: factors 1 − aₛ²/16.
	const bowl = new Bowl([1, 2, 3], [1, -2, 3]);
	const rates = [15 / 16, 3 / 4, 7 / 16];
	const starts = [
		[4, 2, 0.5],
		[4, -2, 0.5],
		[4, 2, -0.5],
		[4, -2, -0.5],
	];
	const trajectory: string[] = [];
	for (const [i, start] of starts.entries()) trajectory.push(await writePath(folder, `from${i}`, bowl, rates, start));
	const bottom = join(folder, "bottom.safetensors");
	await writeWeights(bottom, bowl.at([0, 0, 0]));
	const network = bowl.at([9, 9, 9]);
	const options = { network, data: bowl.data, samples: "all", loss: "mse", directions: "pca", trajectory } as const;
	const { surface, origin } = await sweep({ ...options, origin: bottom, steps: 3, threads: 1 });
	t.is(origin.loss, 0);
	const { principal, paths = [], origin: from } = surface.trajectories ?? {};
	t.is(from, "bottom.safetensors");
	// Products of two parameters cancel between mirror images: what is squared along each is an eigenvalue.
	const squares = [0, 1, 2].map((axis) =>
		starts.flatMap((start) => Array.from({ length: STEPS + 1 }, (_, step) => factors(rates, start, step)[axis] ?? 0)),
	);
	for (const [axis, values] of squares.entries())
		near(t, principal?.singularValues[axis], Math.hypot(...values), 1e-6, `singular value ${axis}`);
	const drawn = surfaceLosses(surface);
	for (const [path, { points }] of paths.entries())
		for (const [step, point] of points.entries()) {
			const left = factors(rates, starts[path] ?? [], step);
			const [x = 0, y = 0, z = 0] = left;
			const what = `${path}, ${step}`;
			near(t, point.at[0], x, 1e-6, what);
			near(t, point.at[1], y, 1e-6, what);
			near(t, point.offPlane, Math.abs(z), 1e-6, what);
			near(t, point.offPlaneShare, Math.abs(z) / Math.hypot(x, y, z), 1e-6, what);
			near(t, point.loss, bowl.loss(left), 1e-6 * bowl.loss(left), what);
			near(t, drawn[path]?.[step], bowl.loss([x, y, 0]), 1e-5 * bowl.loss(left), what);
		}
});
