import { join } from "node:path";
import test from "ava";
import { readInput } from "../src/files/read.js";
import { parseNpz } from "../src/formats/npz.js";
import { importOnnx } from "../src/formats/onnx/index.js";
import { affineSection, evaluate, fieldNamed, inspect, OptionError, type SweepOptions, sweep } from "../src/index.js";
import { initialize } from "../src/network/initialize.js";
import type { Network } from "../src/network/network.js";
import { root, tinyCnn, tinyData } from "./fixtures.js";

const corpus = (name: string, file: string) => join(root, "test", "corpus", "pytorch", name, file);
const onnx = (name: string, file: string): Network => importOnnx(readInput(corpus(name, file)), corpus(name, file));

const small = { x: { min: -1, max: 1, steps: 3 }, y: { min: -1, max: 1, steps: 3 }, threads: 1 } as const;

/** The network and data of a corpus folder, by paths. */
const byPath = (name: string): SweepOptions => ({ model: corpus(name, "a.onnx"), data: corpus(name, "data.npz") });

test("a network and data in memory give the bits that their files give", async (t) => {
	const fromFiles = await sweep({ ...small, ...byPath("mlp"), samples: 40 });
	const arrays = parseNpz(readInput(corpus("mlp", "data.npz")), "data.npz");
	const [x, y] = [arrays.get("x"), arrays.get("y")];
	if (x === undefined || y === undefined) return t.fail();
	const { values: inputs, shape } = x;
	const data = { inputs, shape, targets: Int32Array.from(y.values) };
	const inMemory = await sweep({ ...small, network: onnx("mlp", "a.onnx"), data, samples: 40 });
	t.is(inMemory.digest, fromFiles.digest);
	t.is(inMemory.samples, 40);
	t.is(inMemory.surface.provenance.caption[1], "arrays");
	const plain = await sweep({
		...small,
		network: onnx("mlp", "a.onnx"),
		data: { ...data, targets: [...y.values] },
		samples: 40,
	});
	t.is(plain.digest, fromFiles.digest);
});

test("a network of one's own making, with data arranged already, is swept", async (t) => {
	const graph = tinyCnn();
	const network = { graph, state: initialize(graph, 3) };
	const { surface, samples, plan } = await sweep({ ...small, network, data: tinyData(50) });
	t.is(samples, 50);
	t.is(plan.model, "tiny-cnn");
	t.true(fieldNamed(surface, "loss").values.every(Number.isFinite));
	await t.throwsAsync(sweep({ ...small, network, data: tinyData(50), samples: 20 }), {
		instanceOf: OptionError,
		message: /^samples: expected 50, as many as the data in memory have, got 20/,
	});
});

test("arrays that don't go together are refused by what does not", async (t) => {
	const network = onnx("mlp", "a.onnx");
	const refused = async (data: object, message: RegExp) =>
		t.throwsAsync(sweep({ ...small, network, data: data as NonNullable<SweepOptions["data"]> }), { message });
	const inputs = new Float32Array(8);
	await refused({ inputs: [1, 2], shape: [1, 2], targets: [0] }, /^data: expected inputs as Float32Array/);
	await refused({ inputs, shape: [2, 3], targets: [0, 1] }, /^data: expected 6 inputs for the shape \[2,3\], got 8/);
	await refused({ inputs, shape: [2, -4], targets: [0, 1] }, /^data: expected a shape of whole numbers/);
	await refused(
		{ inputs, shape: [2, 4], targets: [0, 1, 2] },
		/^data: expected as many targets for each of 2 samples, got 3/,
	);
	await refused({ inputs, shape: [2, 4], targets: "01" }, /^data: expected targets as Int32Array/);
	await refused({ inputs, shape: [2, 4], targets: [0, 1] }, /arrays: samples of shape \[4\] don't fit the input/);
});

test("a section of one's own is swept like one that options make", async (t) => {
	const graph = tinyCnn();
	const [a, b] = [initialize(graph, 1), initialize(graph, 2)];
	const data = tinyData(30);
	const line = { x: { min: 0, max: 1, steps: 5 }, threads: 1, network: { graph, state: a }, data } as const;
	const towards = await sweep({ ...line, directions: "interpolate", to: b });
	const parameters = Float64Array.from(b.parameters, (value, i) => value - (a.parameters[i] ?? 0));
	const anchors = [
		{ label: "a", at: [0], role: "origin" },
		{ label: "b", at: [1], role: "end" },
	] as const;
	const given = await sweep({ ...line, section: affineSection(a, [{ parameters }], anchors) });
	t.is(given.digest, towards.digest);
	t.deepEqual(given.barrier, towards.barrier);
	t.truthy(given.barrier);
	await t.throwsAsync(sweep({ ...line, section: affineSection(a, [{ parameters: new Float32Array(3) }], []) }), {
		message: /^section: expected vectors of the network's \d+ parameters, got 3/,
	});
});

test("with batch normalisation the ends of a line and the corners of a plane are the networks themselves", async (t) => {
	const data = corpus("resnet8", "data.npz");
	const [a, b, c] = ["a.onnx", "b.onnx", "c.onnx"].map((file) => corpus("resnet8", file)) as [string, string, string];
	const at = async (model: string) => {
		const alone = { model, data, samples: 96, x: { min: 0, max: 1, steps: 2 }, y: null, threads: 1 } as const;
		return (await sweep(alone)).origin;
	};
	const [atA, atB, atC] = [await at(a), await at(b), await at(c)];
	const through = { model: a, data, samples: 96, threads: 1 } as const;
	const line = await sweep({ ...through, directions: "interpolate", to: b, x: { min: 0, max: 1, steps: 3 } });
	const values = (name: string, { surface } = line) => fieldNamed(surface, name).values;
	t.deepEqual([values("loss")[0], values("loss")[2]], [atA.loss, atB.loss]);
	t.deepEqual([values("accuracy")[0], values("accuracy")[2]], [atA.accuracy, atB.accuracy]);
	t.true(line.assumptions.some((line) => line.includes("statistics of batch normalisation move")));
	const ends = { min: 0, max: 1, steps: 2 };
	const plane = await sweep({ ...through, directions: "plane", to: [b, c], x: ends, y: ends });
	t.deepEqual([...values("loss", plane).subarray(0, 3)], [atA.loss, atB.loss, atC.loss]);
	const fixed = await sweep({ ...through, directions: "interpolate", to: b, x: ends, batchNorm: "fixed" });
	t.is(values("loss", fixed)[0], atA.loss);
	t.not(values("loss", fixed)[1], atB.loss);
});

test("a line that leaves the networks behind may have variances below 0, where the loss is NaN and not made up", async (t) => {
	const model = corpus("resnet8", "a.onnx");
	const data = corpus("resnet8", "data.npz");
	const x = { min: -40, max: 0, steps: 2 };
	const to = corpus("resnet8", "b.onnx");
	const { surface } = await sweep({ model, data, samples: 8, threads: 1, directions: "interpolate", to, x });
	t.true(Number.isNaN(fieldNamed(surface, "loss").values[0]));
	t.is(surface.done[0], 1);
});

test("several fields are asked for by name, the loss first, and not together with a metric", async (t) => {
	const request = { ...small, ...byPath("mlp"), samples: 40 };
	const usual = await sweep(request);
	const more = await sweep({ ...request, fields: ["loss", "accuracy", "top-5"] });
	t.deepEqual(
		more.surface.fields.map(({ name, unit }) => [name, unit]),
		[
			["loss", "loss"],
			["accuracy", "fraction"],
			["top-5", "fraction"],
		],
	);
	for (const name of ["loss", "accuracy"])
		t.deepEqual(fieldNamed(more.surface, name).values, fieldNamed(usual.surface, name).values);
	const refused = async (options: SweepOptions, message: RegExp) =>
		t.throwsAsync(sweep({ ...request, ...options }), { instanceOf: OptionError, message });
	await refused({ fields: ["loss"], metric: "accuracy" }, /^metric: expected either metric, .* or fields, got both/);
	await refused({ fields: ["accuracy"] }, /^fields: expected loss first, got accuracy/);
	await refused({ fields: ["loss", "f1"] }, /^fields: expected one of loss/);
});

test("evaluate gives what a sweep has at its origin, to the bit, and the network that it judged", async (t) => {
	const at = (file: string) => join(root, "test", "corpus", "cases", "two-outputs-first-taken", file);
	const request = { model: at("net.onnx"), data: at("data.npz"), samples: "all" } as const;
	const { network, samples, fields, assumptions } = await evaluate(request);
	const { origin } = await sweep({ ...request, x: { min: -1, max: 1, steps: 3 }, y: null, threads: 1 });
	t.deepEqual(Object.fromEntries(fields.map(({ name, value }) => [name, value])), origin);
	t.is(samples, 24);
	t.deepEqual(inspect(network.graph).output, [3]);
	t.deepEqual(network.outputs, ["onnx::Gemm_6", "7"]);
	t.regex(assumptions.join("\n"), /output 7 \[3\] is judged/);
	await t.throwsAsync(evaluate({ ...request, smaples: 3 } as object), { message: /^smaples: no such option/ });
});
