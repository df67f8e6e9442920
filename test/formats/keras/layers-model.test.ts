import * as tf from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";
import test from "ava";
import { Backend } from "../../../src/compute/backend.js";
import { GraphError, OptionError } from "../../../src/errors.js";
import { fromLayersModel } from "../../../src/formats/index.js";
import { sweep } from "../../../src/landscape.js";

test.before(() => Backend.start());

/** A small network of dense layers, untrained, with the same values every time. */
function classifier(seed: number): layers.LayersModel {
	const model = layers.sequential();
	const kernelInitializer = layers.initializers.glorotUniform({ seed });
	model.add(layers.layers.dense({ units: 6, activation: "tanh", inputShape: [4], kernelInitializer }));
	model.add(layers.layers.dense({ units: 3, kernelInitializer }));
	return model;
}

const samples = 20;
const inputs = Float32Array.from({ length: samples * 4 }, (_, i) => Math.sin(i));
const targets = Int32Array.from({ length: samples }, (_, i) => i % 3);
const data = { inputs, shape: [samples, 4], targets };
const line = { min: 0, max: 1, steps: 3 };

/** Cross-entropy as TensorFlow.js works it out of what the model predicts. */
function lossOf(model: layers.LayersModel): number {
	const logits = model.predict(tf.tensor2d(inputs, [samples, 4])) as tf.Tensor2D;
	const logs = tf.logSoftmax(logits).arraySync() as number[][];
	return -logs.reduce((sum, row, i) => sum + (row[targets[i] ?? 0] ?? Number.NaN), 0) / samples;
}

test.serial("a LayersModel in memory is swept, its loss is TensorFlow.js's own", async (t) => {
	const model = classifier(1);
	const { origin, parameters } = await sweep({ network: model, data, x: line, y: null, threads: 1 });
	t.is(parameters, 4 * 6 + 6 + 6 * 3 + 3);
	t.true(Math.abs((origin.loss ?? Number.NaN) - lossOf(model)) < 1e-6);
});

test.serial("a line leads from one LayersModel to another, whatever the layers are called", async (t) => {
	const [a, b] = [classifier(1), classifier(2)];
	const options = { network: a, to: b, data, directions: "interpolate", x: line, y: null, threads: 1 } as const;
	const { surface } = await sweep(options);
	const losses = surface.fields[0]?.values ?? [];
	t.true(Math.abs((losses[0] ?? Number.NaN) - lossOf(a)) < 1e-6);
	t.true(Math.abs((losses[2] ?? Number.NaN) - lossOf(b)) < 1e-6);
});

test("a LayersModel with a layer that can't be carried out is refused by name", (t) => {
	const model = layers.sequential();
	model.add(
		layers.layers.convLstm2d({ filters: 2, kernelSize: 2, recurrentInitializer: "zeros", inputShape: [2, 4, 4, 1] }),
	);
	t.throws(() => fromLayersModel(model), {
		instanceOf: GraphError,
		message: /\(ConvLSTM2D\): this layer is not supported/,
	});
	t.throws(() => fromLayersModel({} as layers.LayersModel), { instanceOf: OptionError });
});
