import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { LayoutMismatchError, OptionError, RunMismatchError } from "../../src/errors.js";
import { exportDirections } from "../../src/exchange/directions.js";
import { exportParameters } from "../../src/exchange/parameters.js";
import { exportTrajectory } from "../../src/exchange/trajectory.js";
import { formatHdf5 } from "../../src/formats/format-hdf5.js";
import { readHdf5Exactly } from "../../src/formats/hdf5.js";
import { writeWeights } from "../../src/formats/index.js";
import { formatNpz, parseNpz } from "../../src/formats/npz.js";
import { parseSafetensors } from "../../src/formats/safetensors.js";
import { sweep } from "../../src/landscape.js";
import { isStatistic } from "../../src/network/graph.js";
import { initialize } from "../../src/network/initialize.js";
import { modelByName } from "../../src/network/zoo/index.js";
import type { PlaneOptions } from "../../src/options/plane/index.js";
import { requestRecord } from "../../src/resolve/again.js";
import { resolve } from "../../src/resolve/index.js";
import { inMemory } from "../../src/section/vector.js";
import { newSurface, root, temporaryDirectory } from "../fixtures.js";

const corpus = (file: string) => join(root, "test", "corpus", "pytorch", "resnet8", file);
const axis = { min: -1, max: 1, steps: 2 };
const resnet: PlaneOptions = { model: corpus("a.onnx"), data: corpus("data.npz"), samples: 4, x: axis, y: axis };

/** A surface of a request as a sweep would leave it, with nothing computed. */
async function surfaceOf(request: PlaneOptions) {
	const { plan, problem } = await resolve(request);
	const surface = newSurface(axis, request.y === null ? null : axis);
	const record = requestRecord(request);
	const provenance = { ...surface.provenance, plan, ...(record && { request: record }) };
	return { surface: { ...surface, provenance }, plan, problem };
}

for (const [name, request] of [
	["random directions", resnet],
	[
		"the plane through three networks, whose statistics move",
		{ ...resnet, directions: "plane", to: [corpus("b.onnx"), corpus("c.onnx")] },
	],
	["a line without biases", { ...resnet, y: null, freeze: "*.bias" }],
] as const)
	test(`exported and taken from the file again, ${name} give the same plan`, async (t) => {
		const directory = await temporaryDirectory(t);
		const { surface, plan, problem } = await surfaceOf(request);
		const { to: _, ...rest } = request as PlaneOptions;
		for (const ending of ["npz", "safetensors", "h5"]) {
			// The reference code has no place for running statistics beside parameters.
			if (ending === "h5" && problem.section.statistics.length > 1) continue;
			const path = join(directory, `d.${ending}`);
			await writeFile(path, await exportDirections(surface, path));
			const again = await resolve({ ...rest, directions: `file:${path}` });
			t.deepEqual(again.plan, plan, ending);
			t.is(again.problem.section.vectors[1]?.constructor, problem.section.vectors[1]?.constructor, ending);
		}
	});

test("tensors stand under PyTorch's names, in its shapes and order", async (t) => {
	const { surface, problem } = await surfaceOf(resnet);
	const arrays = parseNpz(await exportDirections(surface, "d.npz"), "d.npz");
	const { arrays: groups, attributes } = readHdf5Exactly(await exportDirections(surface, "d.h5"), "d.h5");
	const convolution = problem.graph.parameters.find(({ shape }) => shape.length === 4 && shape[0] === 3);
	const index = problem.graph.parameters.filter((parameter) => !isStatistic(parameter)).indexOf(convolution as never);
	if (convolution === undefined) return t.fail();
	const [out = 0, inward = 0, height = 0, width = 0] = convolution.native.shape;
	const array = arrays.get(`x/${convolution.name}`);
	t.deepEqual(array?.shape, [out, inward, height, width]);
	t.deepEqual([height, width, inward, out], [...convolution.shape], "kernels lie as [height, width, in, out] here");
	t.is(attributes.get(`xdirection/${index}`)?.name, convolution.name);
	t.deepEqual(groups.get(`xdirection/${index}`)?.values, array?.values);
	// One number looked up by hand: filter 2, channel 1, row 0, column 2.
	const offset = problem.graph.parameters
		.filter((parameter) => !isStatistic(parameter))
		.slice(0, index)
		.reduce((sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1), 0);
	const native = ((2 * inward + 1) * height + 0) * width + 2;
	const own = ((0 * width + 2) * inward + 1) * out + 2;
	t.is(array?.values[native], problem.section.vectors.map(inMemory)[1]?.[offset + own]);
});

/** Weights of a network of one's own, in files. */
async function smallNetwork(t: ExecutionContext): Promise<{ directory: string; request: PlaneOptions }> {
	const directory = await temporaryDirectory(t);
	const graph = modelByName("mlp-3");
	const weights = join(directory, "w.safetensors");
	await writeWeights(weights, { graph, state: initialize(graph, 1) });
	return { directory, request: { model: "mlp-3", weights, samples: 2, x: axis, y: axis } };
}

test("parameters at a place are those that it was evaluated with, and evaluate to its values", async (t) => {
	const { directory, request } = await smallNetwork(t);
	const { surface } = await sweep({ ...request, threads: 1, x: { min: -0.5, max: 1, steps: 2 } });
	const path = join(directory, "point.safetensors");
	await writeFile(path, await exportParameters(surface, path, { at: [-0.5, 1] }));
	const there = await sweep({ ...request, threads: 1, weights: path, x: { min: 0, max: 0, steps: 1 }, y: null });
	t.is(there.origin.loss, surface.fields[0]?.values[2]);
	const origin = parseSafetensors(await exportParameters(surface, path), path).tensors;
	const { readWeights } = await import("../../src/formats/index.js");
	const { parameters } = await readWeights(request.weights ?? "", { graph: modelByName("mlp-3") });
	t.is(origin.get("fc1.bias")?.values[1], parameters[3 * 784 + 1]);
	await t.throwsAsync(exportParameters(surface, path, { at: [1] }), {
		instanceOf: OptionError,
		message: /at: expected two numbers, α,β, got 1/,
	});
	await t.throwsAsync(exportParameters(surface, "a.h5"), {
		message: /path: expected a name that ends in .npz, .safetensors, got "a.h5"/,
	});
	// A run says what it was made of; of other weights there is nothing to be told.
	const graph = modelByName("mlp-3");
	await writeWeights(request.weights ?? "", { graph, state: initialize(graph, 2) });
	await t.throwsAsync(exportParameters(surface, path), {
		instanceOf: RunMismatchError,
		message: /parameters: [0-9a-f]{8} there/,
	});
});

test("directions that don't fit are refused by the tensor that does not", async (t) => {
	const { directory, request } = await smallNetwork(t);
	const shapes = { "fc1.weight": [3, 784], "fc1.bias": [3], "fc2.weight": [10, 3], "fc2.bias": [10] };
	const tensor = (shape: readonly number[], value = 1) => ({
		shape,
		values: new Float32Array(shape.reduce((product, length) => product * length, 1)).fill(value),
	});
	const all = Object.entries(shapes).map(([name, shape]) => [`x/${name}`, tensor(shape)] as const);
	const refused = async (name: string, bytes: Uint8Array, message: RegExp, more: PlaneOptions = {}) => {
		const path = join(directory, name);
		await writeFile(path, bytes);
		await t.throwsAsync(resolve({ ...request, y: null, ...more, directions: `file:${path}` }), { message });
	};
	const npz = (...entries: readonly (readonly [string, ReturnType<typeof tensor>])[]) => formatNpz(new Map(entries));
	await refused("a.npz", npz(...all.slice(1)), /mlp-3 needs fc1.weight \[3,784\], which is missing/);
	await refused(
		"b.npz",
		npz(["x/fc1.weight", tensor([784, 3])], ...all.slice(1)),
		/needs fc1.weight \[3,784\], but the file has \[784,3\]/,
	);
	await refused("c.npz", npz(...all, ["x/fc9.bias", tensor([1])]), /tensor fc9.bias \[1\] is not part of mlp-3/);
	await refused(
		"d.npz",
		npz(["x/fc1.weight", tensor([3, 784], Number.NaN)], ...all.slice(1)),
		/expected finite numbers in fc1.weight, got NaN/,
	);
	await refused(
		"e.npz",
		npz(...all, ["fc1.bias", tensor([3])]),
		/expected all names to begin with x\/ or y\/, got fc1.bias/,
	);
	await refused("f.npz", npz(...all), /y: expected none: .*f.npz holds one direction, for a line/, { y: axis });
	const groups = (count: number) =>
		formatHdf5({ datasets: new Map(all.slice(0, count).map(([, array], i) => [`xdirection/${i}`, array])) });
	await refused("g.h5", await groups(3), /expected 4 tensors, as many as mlp-3 has parameters/);
	await refused(
		"h.h5",
		await formatHdf5({ datasets: new Map([["train_loss", tensor([1])]]) }),
		/expected a group xdirection, got keys train_loss/,
	);
	await t.throwsAsync(resolve({ ...request, directions: "file:" }), {
		instanceOf: OptionError,
		message: /expected file:PATH/,
	});
	await t.throwsAsync(resolve({ ...request, directions: "fil:d.h5" as never }), {
		message: /directions: expected one of random/,
	});
	const mismatch = resolve({ ...request, y: null, directions: `file:${join(directory, "a.npz")}` });
	await t.throwsAsync(mismatch, { instanceOf: LayoutMismatchError });
});

test("a direction of a file is scaled where a norm is given, and only then", async (t) => {
	const { directory, request } = await smallNetwork(t);
	const path = join(directory, "d.npz");
	const ones = (shape: readonly number[]) => ({
		shape,
		values: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1),
	});
	const names = { "fc1.weight": [3, 784], "fc1.bias": [3], "fc2.weight": [10, 3], "fc2.bias": [10] };
	await writeFile(path, formatNpz(new Map(Object.entries(names).map(([name, shape]) => [name, ones(shape)]))));
	const directions = `file:${path}` as const;
	const plain = await resolve({ ...request, y: null, directions });
	t.true(plain.problem.section.vectors.map(inMemory)[1]?.every((value) => value === 1));
	const scaled = await resolve({ ...request, y: null, directions, norm: "layer" });
	const [parameters, direction] = scaled.problem.section.vectors.map(inMemory);
	// ‖w‖ over the root of how many there are: what each one becomes, of fc1.weight.
	const weights = Float64Array.from(parameters?.subarray(0, 3 * 784) ?? []);
	const squares = weights.reduce((sum, value) => sum + value * value, 0);
	t.true(Math.abs((direction?.[0] ?? 0) - Math.sqrt(squares / (3 * 784))) < 1e-7);
	t.is(direction?.at(-1), 0, "biases stay, as of random directions");
	t.true(scaled.caption.includes("norm layer"));
});

test("places of a training are written by least squares, or as the reference code projects, for axes of any length", async (t) => {
	const { directory, request } = await smallNetwork(t);
	const graph = modelByName("mlp-3");
	for (const seed of [5, 6])
		await writeWeights(join(directory, `c${seed}.safetensors`), { graph, state: initialize(graph, seed) });
	const files = [5, 6].map((seed) => join(directory, `c${seed}.safetensors`));
	const asked = { ...request, trajectory: files, norm: "layer" } as const;
	const { surface } = await sweep({ ...asked, threads: 1 });
	const { problem } = await resolve(request.norm === undefined ? { ...request, norm: "layer" } : request);
	const [origin, dx, dy] = problem.section.vectors.map(inMemory);
	const { readWeights } = await import("../../src/formats/index.js");
	const read = (bytes: string | Uint8Array) => parseNpz(bytes as Uint8Array, "t.npz");
	const cosines = read(
		await exportTrajectory(surface, "t.npz", { projection: "cos", label: surface.trajectories?.paths[0]?.label ?? "" }),
	);
	const { parameters } = await readWeights(files[0] ?? "", { graph });
	// By the definition: ⟨w, d⟩/‖d‖, w the way from the origin to the network.
	const along = (d: ArrayLike<number> | undefined) => {
		let [sum, squares] = [0, 0];
		for (let i = 0; i < parameters.length; i++) {
			sum += ((parameters[i] ?? 0) - (origin?.[i] ?? 0)) * (d?.[i] ?? 0);
			squares += (d?.[i] ?? 0) ** 2;
		}
		return sum / Math.sqrt(squares);
	};
	for (const [name, d] of [
		["proj_xcoord", dx],
		["proj_ycoord", dy],
	] as const) {
		const expected = along(d);
		t.true(Math.abs((cosines.get(name)?.values[0] ?? 0) - expected) < 1e-6 * Math.abs(expected), name);
	}
	const places = readHdf5Exactly(
		(await exportTrajectory(surface, "t.h5", { label: surface.trajectories?.paths[0]?.label ?? "" })) as Uint8Array,
		"t.h5",
	).arrays;
	t.deepEqual(
		[...(places.get("proj_xcoord")?.values ?? [])],
		surface.trajectories?.paths[0]?.points.map(({ at }) => at[0]),
	);
	t.regex(String(await exportTrajectory(surface, "t.csv")), /^step,trajectory,file,x,y/);
	const none = newSurface(axis, axis);
	await t.throwsAsync(exportTrajectory(none, "t.h5"), {
		message: /run: expected a sweep with --trajectory, this one has no training/,
	});
});
