import { join } from "node:path";
import test from "ava";
import { DerivativeEvaluator } from "../../src/compute/derivatives.js";
import { DirectionalEvaluator } from "../../src/compute/directional.js";
import { sourceOf } from "../../src/compute/program/point-writer.js";
import { loadLoss } from "../../src/objective/module.js";
import { resolve } from "../../src/resolve/index.js";
import { dot } from "../../src/section/products.js";
import { inMemory } from "../../src/section/vector.js";
import { root } from "../fixtures.js";

const folder = (name: string) => join(root, "test", "corpus", "pytorch", name);

for (const name of ["mlp", "transformer", "resnet8"])
	test(`of ${name}, slopes and curvatures by forward mode are those of the gradient and the Hessian's product`, async (t) => {
		const { problem } = await resolve({
			...{ model: join(folder(name), "a.onnx"), data: join(folder(name), "data.npz"), samples: 24 },
			...{ x: { min: 0, max: 0, steps: 1 }, y: null, seed: 3 },
		});
		const { graph, data, loss, lossSettings, section, precision } = problem;
		const [parameters, direction] = section.vectors.map((vector) => Float32Array.from(inMemory(vector)));
		if (parameters === undefined || direction === undefined) return t.fail();
		const evaluator = await DerivativeEvaluator.create({
			...{ graph, data, precision, loss: await loadLoss(loss, lossSettings) },
			statistics: Float32Array.from(section.statistics[0] ?? []),
		});
		evaluator.bind(parameters);
		const [gradient, product] = [new Float32Array(parameters.length), new Float32Array(parameters.length)];
		evaluator.gradient(0, 24, gradient);
		evaluator.product(direction, 0, 24, product);
		const total = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
		const near = (a: number, b: number) => Math.abs(a - b) <= 1e-4 * Math.abs(b) + 1e-6;
		t.true(near(total(evaluator.slopes(direction, 0, 24)), dot(gradient, direction)));
		const along = await DirectionalEvaluator.create({
			...{ graph, data, precision, loss: await loadLoss(loss, lossSettings) },
			statistics: Float32Array.from(section.statistics[0] ?? []),
			directions: [{ parameters: direction }],
			derivatives: [[0], [0, 0]],
		});
		const [slope = 0, curvature = 0] = along.sums(sourceOf(parameters));
		t.true(near(slope, dot(gradient, direction)));
		t.true(near(curvature, dot(product, direction)));
		const { memory } = await import("@tensorflow/tfjs-core");
		// The constants of a graph stay from its first use on; nothing else does.
		evaluator.value(0, 24);
		const before = memory().numTensors;
		evaluator.value(0, 24);
		evaluator.gradient(0, 24, gradient);
		t.is(memory().numTensors, before);
		evaluator.release();
	});
