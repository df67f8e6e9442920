import { copyFile, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { FileFormatError, InterruptedError, OptionError, RunMismatchError } from "../../src/errors.js";
import { sha256 } from "../../src/exact/digest.js";
import { readNetwork, readWeights, writeWeights } from "../../src/formats/index.js";
import { surfaceLosses, sweep } from "../../src/index.js";
import { parameterLayout } from "../../src/network/parameters.js";
import { resolve } from "../../src/resolve/index.js";
import { axesAround } from "../../src/resolve/trajectory.js";
import { inMemory } from "../../src/section/vector.js";
import { axisValues } from "../../src/surface/grid.js";
import type { Executor, Job } from "../../src/sweep/executor.js";
import { PoolExecutor } from "../../src/sweep/pool.js";
import type { Problem } from "../../src/sweep/problem.js";
import { root, temporaryDirectory } from "../fixtures.js";

const shared = join(root, "..", "shared", "reference");
const file = (network: string, name: string) => join(root, "test", "corpus", "pytorch", network, name);

interface Fit {
	readonly singularValues: number[];
	readonly explainedVarianceRatio: number[];
	readonly coordinates: number[][];
	readonly offPlaneDistance: number[];
	readonly offPlaneShare: number[];
}

interface Reference {
	readonly norms: Record<"b-a", number>;
	readonly centred: Fit;
	readonly uncentred: Fit;
	readonly planeThroughABC: { readonly leastSquares: number[][]; readonly offPlaneDistance: number[] };
}

async function referenceOf(name: string): Promise<Reference | undefined> {
	const path = join(shared, `${name}-pca.json`);
	if (!(await stat(path).catch(() => undefined))) return undefined;
	return JSON.parse(await readFile(path, "utf8")) as Reference;
}

const request = (name: string) => ({
	...{ model: file(name, "a.onnx"), data: file(name, "data.npz"), samples: 20 },
	trajectory: join(shared, "pca", `${name}-*.npz`),
});

for (const name of ["mlp", "regression", "vgg", "resnet8", "transformer"])
	test(`principal components of five networks like ${name} are NumPy's in float64, centred and not`, async (t) => {
		const reference = await referenceOf(name);
		if (reference === undefined) {
			t.pass("left out: the references are not at hand");
			return;
		}
		const length = reference.norms["b-a"];
		for (const centred of [false, true]) {
			const wanted = centred ? reference.centred : reference.uncentred;
			const { trajectory, axisLabels = [] } = await resolve({ ...request(name), directions: "pca", centred });
			const { principal, paths = [] } = trajectory ?? {};
			await trajectory?.checkpoints.close();
			const [largest = 0] = wanted.singularValues;
			for (const [i, value] of wanted.singularValues.slice(0, 3).entries())
				t.true(Math.abs((principal?.singularValues[i] ?? 0) - value) <= 1e-5 * value + 1e-7 * largest, `${i}`);
			t.true(Math.abs((principal?.explainedVariance[0] ?? 0) - (wanted.explainedVarianceRatio[0] ?? 0)) < 1e-6);
			t.true(axisLabels[0]?.startsWith("PC 1, "));
			for (const [i, point] of (paths[0]?.points ?? []).entries()) {
				for (const axis of [0, 1])
					t.true(
						Math.abs((point.at[axis] ?? 9) - (wanted.coordinates[i]?.[axis] ?? 0)) <= 1e-5 * length,
						`${i}, ${axis}`,
					);
				const off = wanted.offPlaneDistance[i] ?? Number.NaN;
				t.true(Math.abs(point.offPlane - off) <= 1e-4 * off + 1e-6, `${i}: ${point.offPlane} is not ${off}`);
				t.true(Math.abs(point.offPlaneShare - (wanted.offPlaneShare[i] ?? 9)) <= 1e-4);
			}
		}
	});

test("on a plane through three networks others are projected by least squares, whatever the angle of the axes", async (t) => {
	const reference = await referenceOf("mlp");
	if (reference === undefined) {
		t.pass("left out: the references are not at hand");
		return;
	}
	const to = [file("mlp", "b.onnx"), file("mlp", "c.onnx")];
	const { trajectory } = await resolve({ ...request("mlp"), directions: "plane", to });
	t.is(trajectory?.principal, null);
	const { leastSquares, offPlaneDistance } = reference.planeThroughABC;
	for (const [i, { at, offPlane }] of (trajectory?.paths[0]?.points ?? []).entries()) {
		t.true(Math.abs((at[0] ?? 9) - (leastSquares[i]?.[0] ?? 0)) < 1e-5);
		t.true(Math.abs((at[1] ?? 9) - (leastSquares[i]?.[1] ?? 0)) < 1e-5);
		t.true(Math.abs(offPlane - (offPlaneDistance[i] ?? 0)) <= 1e-4 * (offPlaneDistance[i] ?? 0) + 1e-6);
	}
});

test("a swept trajectory has its networks' own losses, the surface's where they are drawn, and its end at the origin to the bit", async (t) => {
	const out = await temporaryDirectory(t);
	for (const step of [2, 10, 9])
		await copyFile(
			file("resnet8", step === 10 ? "a.onnx" : step === 9 ? "c.onnx" : "b.onnx"),
			join(out, `step-${step}.onnx`),
		);
	const options = {
		...{ model: file("resnet8", "a.onnx"), data: file("resnet8", "data.npz"), samples: 8 },
		directions: "pca",
		...{ trajectory: join(out, "step-*.onnx"), steps: 4, out: join(out, "run") },
	} as const;
	const two = await sweep({ ...options, threads: 2 });
	const points = two.surface.trajectories?.paths[0]?.points ?? [];
	// In the order of numbers, not of letters.
	t.deepEqual(
		points.map(({ file: name }) => name),
		["step-2.onnx", "step-9.onnx", "step-10.onnx"],
	);
	const [drawn = []] = surfaceLosses(two.surface);
	t.is(points[2]?.lossOwnStatistics, two.origin.loss);
	t.is(drawn[2], two.origin.loss);
	t.deepEqual(points[2]?.at, [0, 0]);
	// Three networks lie on their plane: with the origin's statistics they are the surface there, but for rounding of the axes.
	for (const i of [0, 1]) {
		const { loss = 0, lossOwnStatistics = 0, offPlaneShare = 1 } = points[i] ?? {};
		t.true(offPlaneShare < 1e-6);
		t.true(Math.abs((drawn[i] ?? 9) - loss) < 1e-3 * loss, `${drawn[i]} is not ${loss}`);
		const alone = await sweep({
			...{ model: file("resnet8", i === 0 ? "b.onnx" : "c.onnx"), data: options.data, samples: 8 },
			...{ x: { min: 0, max: 0, steps: 1 } },
		});
		t.is(lossOwnStatistics, alone.origin.loss ?? Number.NaN);
	}
	t.true(two.assumptions.some((line) => line.startsWith("statistics of batch normalisation are the origin's")));
	const one = await sweep({ ...options, out: join(out, "one"), threads: 1 });
	t.is(one.digest, two.digest);
	t.deepEqual(one.surface.trajectories, two.surface.trajectories);
	const table = (await readFile(join(out, "run", "trajectory.csv"), "utf8")).trim().split("\n");
	t.is(table.length, 4);
	t.true(table[0]?.startsWith("step,trajectory,file,x,y,offPlane,offPlaneShare,loss,lossOwnStatistics,surfaceLoss"));
	// A second call takes up what is there, and computes nothing.
	const again = await sweep({ ...options, executor: executorOf(() => t.fail("a point is computed")) });
	t.is(again.computed, 0);
	t.deepEqual(again.surface.trajectories, two.surface.trajectories);
});

/** One thread, which tells of what it is given. */
function executorOf(tell: (job: Job<Problem>) => void): Executor<Problem> {
	const pool = new PoolExecutor({ threads: 1 });
	return {
		slots: 1,
		run(job, batches, signal) {
			tell(job);
			return pool.run(job, batches, signal);
		},
		close: () => pool.close(),
	};
}

test("a sweep that was stopped goes on without its networks' losses, and one of networks that have changed is another", async (t) => {
	const out = await temporaryDirectory(t);
	const network = await readNetwork(file("mlp", "a.onnx"));
	const { graph } = network;
	const path = (name: string) => join(out, `${name}.safetensors`);
	for (const name of ["a", "b", "c"])
		await writeWeights(path(name), { graph, state: await readWeights(file("mlp", `${name}.onnx`), network) });
	const last = parameterLayout(graph).slots.at(-1)?.name ?? "";
	const options = {
		...({ model: file("mlp", "a.onnx"), data: file("mlp", "data.npz"), samples: 4, directions: "pca" } as const),
		...{ trajectory: ["b", "c", "a"].map(path), freeze: last, steps: 4, out: join(out, "run") },
	};
	const jobs: string[] = [];
	const executor = executorOf(({ grid }) => jobs.push(grid.axes.map(({ steps }) => steps).join("×")));
	t.teardown(() => executor.close());
	const stop = new AbortController();
	const stopped = sweep({ ...options, executor, signal: stop.signal, onBatch: () => stop.abort() });
	await t.throwsAsync(stopped, { instanceOf: InterruptedError });
	// Three networks in a row, then the points.
	t.deepEqual(jobs.splice(0), ["3", "4×4"]);
	const whole = await sweep({ ...options, executor });
	t.deepEqual(jobs.splice(0), ["4×4"]);
	t.true(whole.surface.trajectories?.paths.every(({ points }) => points.every(({ loss }) => loss > 0)));
	// What is frozen has no part in the plane, so that a network lies where it did, and its loss is another.
	const state = await readWeights(path("b"), network);
	const parameters = state.parameters.map((value, i) => (i === state.parameters.length - 1 ? value + 1 : value));
	await writeWeights(path("b"), { graph, state: { ...state, parameters } });
	await t.throwsAsync(sweep({ ...options, executor }), { instanceOf: RunMismatchError, message: /trajectory/ });
});

test("the order of networks but for the origin changes no bit of the plane, nor where each lies", async (t) => {
	const network = {
		model: file("mlp", "a.onnx"),
		data: file("mlp", "data.npz"),
		samples: 4,
		directions: "pca",
	} as const;
	const origin = file("mlp", "b.onnx");
	const found = [];
	for (const order of ["abc", "cab", "bca"]) {
		const trajectory = Array.from(order, (name) => file("mlp", `${name}.onnx`));
		const resolved = await resolve({ ...network, trajectory, origin });
		await resolved.trajectory?.checkpoints.close();
		const { principal, paths = [] } = resolved.trajectory ?? {};
		const places = paths.map(({ label, points }) => [label, ...points]).sort(([a], [b]) => (`${a}` < `${b}` ? -1 : 1));
		found.push({
			vectors: sha256(...resolved.problem.section.vectors.map(inMemory)),
			principal,
			places,
			grid: resolved.grid,
		});
	}
	t.deepEqual(found[1], found[0]);
	t.deepEqual(found[2], found[0]);
});

test("a file that is the origin counts once: with the trajectory's own networks where it is one of them, else beside them", async (t) => {
	const network = {
		model: file("mlp", "a.onnx"),
		data: file("mlp", "data.npz"),
		samples: 4,
		directions: "pca",
	} as const;
	const resolved = async (names: string, origin: string) => {
		const trajectory = Array.from(names, (name) => file("mlp", `${name}.onnx`));
		const found = await resolve({ ...network, trajectory, origin, centred: true });
		await found.trajectory?.checkpoints.close();
		return found;
	};
	const among = await resolved("abc", file("mlp", "c.onnx"));
	// Each is a trajectory of its own, of which the first says where the origin is.
	const last = await resolved("cab", "last");
	t.is(sha256(...among.problem.section.vectors.map(inMemory)), sha256(...last.problem.section.vectors.map(inMemory)));
	const beside = await resolved("ab", file("mlp", "c.onnx"));
	t.is(sha256(...beside.problem.section.vectors.map(inMemory)), sha256(...last.problem.section.vectors.map(inMemory)));
	t.is(beside.trajectory?.paths.length, 2);
	t.is(beside.trajectory?.principal?.singularValues.length, 3);
	t.is(beside.trajectory?.origin, "c.onnx");
	await t.throwsAsync(resolved("ab", "middle"), {
		instanceOf: OptionError,
		message: 'origin: expected last, first or a file of weights, got "middle", which is no file',
	});
});

test("a network with a number that is not finite is refused with its file and tensor", async (t) => {
	const out = await temporaryDirectory(t);
	const { graph, state } = await readNetwork(file("mlp", "a.onnx"));
	const parameters = state.parameters.slice();
	const path = join(out, "step-3.safetensors");
	for (const wrong of [Number.NaN, Number.NEGATIVE_INFINITY]) {
		parameters[parameters.length - 1] = wrong;
		await writeWeights(path, { graph, state: { ...state, parameters } });
		const request = { model: file("mlp", "a.onnx"), data: file("mlp", "data.npz"), trajectory: [path] };
		const last = parameterLayout(graph).slots.at(-1)?.name;
		await t.throwsAsync(resolve({ ...request, samples: 4, directions: "pca" }), {
			instanceOf: FileFormatError,
			message: `${path}: expected finite numbers, got ${wrong} in ${last}; leave out networks of a training that has diverged`,
		});
	}
});

test("networks on a line, none at all and a pattern without files are refused by name", async (t) => {
	const network = { model: file("mlp", "a.onnx"), data: file("mlp", "data.npz"), samples: 4 };
	await t.throwsAsync(resolve({ ...network, directions: "pca" }), {
		instanceOf: OptionError,
		message: /trajectory: expected networks of a training/,
	});
	const two = [file("mlp", "a.onnx"), file("mlp", "b.onnx")];
	await t.throwsAsync(resolve({ ...network, directions: "pca", trajectory: two }), {
		message: /expected networks that span a plane, the 2 there lie on one line/,
	});
	const same = [file("mlp", "a.onnx"), file("mlp", "a.onnx")];
	await t.throwsAsync(resolve({ ...network, directions: "pca", trajectory: same }), {
		message: /expected networks that span a plane, the 2 there are all the same/,
	});
	await t.throwsAsync(resolve({ ...network, directions: "pca", trajectory: file("mlp", "b.onnx") }), {
		message: /expected networks that span a plane, there is one alone/,
	});
	await t.throwsAsync(resolve({ ...network, directions: "pca", trajectory: file("mlp", "none-*.pt") }), {
		message: /none-\*\.pt: expected files of that pattern/,
	});
});

test("what is said of principal components goes with them alone, and two steps an axis are its ends", async (t) => {
	const network = { model: file("mlp", "a.onnx"), data: file("mlp", "data.npz"), samples: 4 };
	await t.throwsAsync(resolve({ ...network, origin: "first" }), { message: /origin: expected directions pca/ });
	await t.throwsAsync(resolve({ ...network, centred: true }), { message: /centred: expected directions pca/ });
	const trajectory = ["a", "b", "c"].map((name) => file("mlp", `${name}.onnx`));
	const { grid } = await resolve({ ...network, directions: "pca", trajectory, steps: 2 });
	for (const { min, max, steps } of grid.axes) t.true(min < 0 && max > 0 && steps === 2);
});

test("axes around a trajectory reach a fifth beyond it to each side and have 0 among their values", (t) => {
	const place = (at: number[]) => ({ file: "", at, offPlane: 0, offPlaneShare: 0, loss: 0, lossOwnStatistics: 0 });
	for (const far of [1e-3, 0.7, 13.37, 250]) {
		const [x, y] = axesAround([{ points: [place([-far, 0]), place([far / 3, 2 * far])] }], 2, 25);
		for (const axis of [x, y]) t.true(axis !== undefined && axisValues(axis).includes(0));
		t.true((x?.min ?? 0) <= -far * (1 + 0.2 * (4 / 3)) && (x?.max ?? 0) >= far * (1 / 3 + 0.2 * (4 / 3)));
		t.true((y?.min ?? 0) <= -0.4 * far && (y?.max ?? 0) >= 2.4 * far);
	}
});
