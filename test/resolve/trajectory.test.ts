import { copyFile, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { OptionError } from "../../src/errors.js";
import { surfaceLosses, sweep } from "../../src/index.js";
import { resolve } from "../../src/resolve/index.js";
import { axesAround } from "../../src/resolve/trajectory.js";
import { axisValues } from "../../src/surface/grid.js";
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
	const one = await sweep({ ...options, out: join(out, "one"), threads: 1 });
	t.is(one.digest, two.digest);
	t.deepEqual(one.surface.trajectories, two.surface.trajectories);
	const table = (await readFile(join(out, "run", "trajectory.csv"), "utf8")).trim().split("\n");
	t.is(table.length, 4);
	t.true(table[0]?.startsWith("step,trajectory,file,x,y,offPlane,offPlaneShare,loss,lossOwnStatistics,surfaceLoss"));
	// A second call takes up what is there.
	const again = await sweep({ ...options, threads: 1 });
	t.is(again.computed, 0);
	t.deepEqual(again.surface.trajectories, two.surface.trajectories);
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
		const [x, y] = axesAround([{ label: "", points: [place([-far, 0]), place([far / 3, 2 * far])] }], 2, 25);
		for (const axis of [x, y]) t.true(axis !== undefined && axisValues(axis).includes(0));
		t.true((x?.min ?? 0) <= -far * (1 + 0.2 * (4 / 3)) && (x?.max ?? 0) >= far * (1 / 3 + 0.2 * (4 / 3)));
		t.true((y?.min ?? 0) <= -0.4 * far && (y?.max ?? 0) >= 2.4 * far);
	}
});
