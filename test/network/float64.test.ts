import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { Backend } from "../../src/compute/backend.js";
import { bind, bindSamples } from "../../src/compute/evaluator.js";
import { execute } from "../../src/compute/execute.js";
import { RandomStream } from "../../src/exact/random.js";
import { fuse } from "../../src/network/fuse.js";
import { type GraphNode, type OpName, opOf, ops } from "../../src/network/ops/index.js";
import { evaluationMode } from "../../src/network/ops/op.js";
import { parameterLayout, statisticsLayout } from "../../src/network/parameters.js";
import { resolve } from "../../src/resolve/index.js";
import { inMemory } from "../../src/section/vector.js";
import { root } from "../fixtures.js";
import { type Case, casesOf, valuesOf } from "./float64/cases.js";
import { interpret, runOp, type Value } from "./float64/index.js";

/** Of the largest number that goes in or comes out: what float32 loses in a few sums, and in its elementary functions. */
const TOLERANCE = 1e-5;

/** With all kernels, those that only derivatives need among them. */
const mode = { precision: "exact", gradients: true } as const;

let backend: Backend;
test.before(async () => {
	backend = await Backend.start();
});

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

/** What TensorFlow.js makes of a case. */
function byTensors({ op, inputs, attributes, batch }: Case): Value {
	backend.use(mode);
	const result = tidy(() => {
		const tensors = inputs.map(({ shape, values, perSample, type = "float32" }) =>
			tensor(arrays[type].from(values), [...(perSample ? [batch] : []), ...shape], type),
		);
		return opOf({ op, attributes } as GraphNode).run(tensors, evaluationMode);
	});
	return released(result);
}

/** What a tensor holds; the tensor goes. */
function released(result: Tensor): Value {
	const value = contentsOf(result);
	result.dispose();
	return value;
}

function contentsOf(held: Tensor): Value {
	return { shape: held.shape, values: Float64Array.from(held.dataSync()) };
}

function largestOf(...all: readonly ArrayLike<number>[]): number {
	return all.reduce(
		(most, values) => Array.from(values).reduce((a, b) => Math.max(a, Number.isNaN(b) ? 0 : Math.abs(b)), most),
		0,
	);
}

/** Fails where two tensors differ by more than a part of some number. */
function agree(t: ExecutionContext, found: Value, expected: Value, scale: number, what: string): void {
	t.deepEqual(found.shape, expected.shape, what);
	const wrong = expected.values.findIndex(
		(value, i) => !(Math.abs(value - (found.values[i] ?? Number.NaN)) <= TOLERANCE * scale),
	);
	t.is(wrong, -1, `${what}: ${found.values[wrong]}, not ${expected.values[wrong]}`);
}

for (const op of Object.keys(ops) as OpName[])
	test(`${op} gives in float64 what TensorFlow.js gives in float32`, (t) => {
		const check = (seed: number) => {
			const stream = new RandomStream(seed, "sampleOrder");
			const cases = casesOf[op](() => stream.uniform());
			for (const each of cases) {
				const shapes = each.inputs.map(({ shape }) => `[${shape}]`).join(" and ");
				const inputs = valuesOf(each);
				const expected = runOp(op, inputs, each.attributes);
				const scale = largestOf(expected.values, ...inputs.map(({ values }) => values));
				agree(t, byTensors(each), expected, scale, `seed ${seed}, ${JSON.stringify(each.attributes)} of ${shapes}`);
			}
			return cases.length > 0;
		};
		fc.assert(fc.property(fc.noShrink(fc.nat()), check), { numRuns: 10 });
	});

const corpus = join(root, "test", "corpus");
const models = ["pytorch", "pytorch2"].flatMap((framework) =>
	readdirSync(join(corpus, framework)).flatMap((name) => {
		const folder = join(corpus, framework, name);
		const model = ["a.onnx", "dynamo.onnx"].map((file) => join(folder, file)).find(existsSync);
		return model === undefined ? [] : [{ name, model, data: join(folder, "data.npz") }];
	}),
);

for (const { name, model, data } of models)
	test(`the network ${name} gives in float64 what TensorFlow.js gives in float32, its nodes joined or not`, async (t) => {
		const { problem } = await resolve({ model, data, samples: 2, y: null });
		const { graph, section } = problem;
		const tensors = new Map([
			...bind(parameterLayout(graph), Float32Array.from(section.vectors.map(inMemory)[0] ?? [])),
			...bind(statisticsLayout(graph), Float32Array.from(section.statistics[0] ?? [])),
			...bindSamples(graph, problem.data, 0, 2),
		]);
		const values = new Map([...tensors].map(([key, each]) => [key, contentsOf(each)]));
		const expected = interpret(graph, values);
		backend.use(mode);
		const found = released(execute(graph, tensors));
		for (const each of tensors.values()) each.dispose();
		agree(t, found, expected, largestOf(expected.values), "outputs");
		t.deepEqual(interpret(fuse(graph, "fast"), values), expected);
	});
