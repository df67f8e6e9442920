import * as tf from "@tensorflow/tfjs-core";
import * as keras from "@tensorflow/tfjs-layers";
import test from "ava";
import { Backend } from "../../../src/compute/backend.js";
import { bind } from "../../../src/compute/evaluator.js";
import { execute } from "../../../src/compute/execute.js";
import { RandomStream } from "../../../src/exact/random.js";
import { fromLayersModel } from "../../../src/formats/index.js";
import { parameterLayout, statisticsLayout } from "../../../src/network/parameters.js";

test.before(() => Backend.start());

type Shape = readonly number[];
const { layers, input, sequential } = keras;

function numbers(count: number, seed: number): Float32Array {
	const random = new RandomStream(seed, "initialisation");
	return Float32Array.from({ length: count }, () => random.uniform() * 2 - 1);
}

/** Other values for all weights; those that must not be negative are not. */
function stir(model: keras.LayersModel): void {
	const values = model.weights.map((weight, index) => {
		const shape = weight.shape as number[];
		const own = numbers(tf.util.sizeFromShape(shape), index + 1);
		return tf.tensor(weight.originalName.endsWith("variance") ? own.map((x) => x + 1.5) : own, shape);
	});
	model.setWeights(values);
}

/** A chain of layers on samples of a shape. */
function chain(shape: Shape, ...parts: readonly (() => keras.layers.Layer)[]): keras.LayersModel {
	const start = input({ shape: [...shape] });
	const end = parts.reduce((x, part) => part().apply(x) as keras.SymbolicTensor, start);
	return keras.model({ inputs: start, outputs: end });
}

/** Two chains from one input, brought together. */
function join(shape: Shape, other: () => keras.layers.Layer, merge: keras.layers.Layer): keras.LayersModel {
	const start = input({ shape: [...shape] });
	const side = other().apply(start) as keras.SymbolicTensor;
	return keras.model({ inputs: start, outputs: merge.apply([start, side]) as keras.SymbolicTensor });
}

const initializer = { recurrentInitializer: "glorotNormal" as const };
const first = { dataFormat: "channelsFirst" as const };
const steps = { returnSequences: true, ...initializer };

const models: Readonly<Record<string, () => keras.LayersModel>> = {
	...Object.fromEntries(
		(
			[
				"elu",
				"hardSigmoid",
				"linear",
				"relu",
				"relu6",
				"selu",
				"sigmoid",
				"softmax",
				"softplus",
				"softsign",
				"tanh",
				"swish",
				"mish",
			] as const
		).map((activation) => [`Dense, ${activation}`, () => chain([5], () => layers.dense({ units: 4, activation }))]),
	),
	"Dense of steps": () => chain([3, 5], () => layers.dense({ units: 4 })),
	Conv1D: () => chain([9, 2], () => layers.conv1d({ filters: 3, kernelSize: 3, strides: 2, padding: "same" })),
	Conv2D: () => chain([7, 6, 2], () => layers.conv2d({ filters: 3, kernelSize: [3, 2], strides: 2, padding: "same" })),
	"Conv2D, channels first": () => chain([2, 7, 6], () => layers.conv2d({ filters: 3, kernelSize: 3, ...first })),
	"Conv2D, dilated": () => chain([8, 8, 2], () => layers.conv2d({ filters: 3, kernelSize: 3, dilationRate: 2 })),
	Conv3D: () => chain([5, 6, 4, 2], () => layers.conv3d({ filters: 3, kernelSize: [2, 3, 2], strides: [1, 2, 1] })),
	"Conv3D, same": () =>
		chain([5, 6, 4, 2], () => layers.conv3d({ filters: 3, kernelSize: [2, 3, 2], strides: 2, padding: "same" })),
	Conv2DTranspose: () =>
		chain([4, 5, 2], () => layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: "same" })),
	"Conv2DTranspose, valid": () =>
		chain([4, 5, 2], () => layers.conv2dTranspose({ filters: 3, kernelSize: 2, strides: 3 })),
	DepthwiseConv2D: () =>
		chain([6, 6, 3], () => layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: "same" })),
	SeparableConv2D: () =>
		chain([6, 6, 3], () => layers.separableConv2d({ filters: 4, kernelSize: 3, depthMultiplier: 2 })),
	MaxPooling1D: () => chain([9, 2], () => layers.maxPooling1d({ poolSize: 3, strides: 2, padding: "same" })),
	AveragePooling1D: () => chain([9, 2], () => layers.averagePooling1d({ poolSize: 2 })),
	MaxPooling2D: () => chain([7, 8, 2], () => layers.maxPooling2d({ poolSize: 3, strides: 2, padding: "same" })),
	"MaxPooling2D, channels first": () => chain([2, 6, 8], () => layers.maxPooling2d({ poolSize: 2, ...first })),
	AveragePooling2D: () => chain([7, 8, 2], () => layers.averagePooling2d({ poolSize: [2, 3], padding: "same" })),
	MaxPooling3D: () => chain([5, 6, 4, 2], () => layers.maxPooling3d({ poolSize: [2, 3, 2], strides: [2, 2, 1] })),
	AveragePooling3D: () => chain([5, 6, 4, 2], () => layers.averagePooling3d({ poolSize: 2, strides: 2 })),
	GlobalAveragePooling1D: () => chain([5, 2], () => layers.globalAveragePooling1d({})),
	GlobalMaxPooling1D: () => chain([5, 2], () => layers.globalMaxPooling1d({})),
	GlobalAveragePooling2D: () => chain([5, 4, 2], () => layers.globalAveragePooling2d({})),
	"GlobalMaxPooling2D, channels first": () => chain([2, 5, 4], () => layers.globalMaxPooling2d(first)),
	BatchNormalization: () => chain([4, 3], () => layers.batchNormalization({})),
	"BatchNormalization without a shift": () => chain([4, 3], () => layers.batchNormalization({ center: false })),
	"BatchNormalization without a scale": () => chain([4, 3], () => layers.batchNormalization({ scale: false })),
	LayerNormalization: () => chain([4, 3], () => layers.layerNormalization({ epsilon: 0.01 })),
	PReLU: () => chain([4, 3], () => layers.prelu({})),
	"ReLU up to a value": () => chain([4, 3], () => layers.reLU({ maxValue: 0.3 })),
	LeakyReLU: () => chain([4], () => layers.leakyReLU({ alpha: 0.2 })),
	"Flatten, channels first": () => chain([2, 3, 4], () => layers.flatten(first)),
	"Permute and Reshape": () =>
		chain(
			[2, 3, 4],
			() => layers.permute({ dims: [3, 1, 2] }),
			() => layers.reshape({ targetShape: [-1, 3] }),
		),
	RepeatVector: () => chain([4], () => layers.repeatVector({ n: 3 })),
	ZeroPadding2D: () =>
		chain([3, 4, 2], () =>
			layers.zeroPadding2d({
				padding: [
					[1, 0],
					[2, 1],
				],
			}),
		),
	Cropping2D: () =>
		chain([5, 6, 2], () =>
			layers.cropping2D({
				cropping: [
					[1, 0],
					[2, 1],
				],
			}),
		),
	UpSampling2D: () => chain([3, 4, 2], () => layers.upSampling2d({ size: [2, 3] })),
	Embedding: () => chain([4], () => layers.embedding({ inputDim: 6, outputDim: 3 })),
	...Object.fromEntries(
		(["lstm", "gru", "simpleRNN"] as const).flatMap((kind) => [
			[`${kind}`, () => chain([4, 3], () => layers[kind]({ units: 2, ...initializer }))],
			[`${kind}, all steps`, () => chain([4, 3], () => layers[kind]({ units: 2, ...steps }))],
			[`${kind}, backwards`, () => chain([4, 3], () => layers[kind]({ units: 2, ...initializer, goBackwards: true }))],
			[
				`${kind}, all steps backwards`,
				() => chain([4, 3], () => layers[kind]({ units: 2, ...steps, goBackwards: true })),
			],
			[`${kind} without bias`, () => chain([4, 3], () => layers[kind]({ units: 2, ...initializer, useBias: false }))],
			[
				`Bidirectional ${kind}`,
				() =>
					chain([4, 3], () =>
						layers.bidirectional({
							layer: layers[kind]({ units: 2, ...initializer }) as keras.RNN,
							mergeMode: "concat",
						}),
					),
			],
			[
				`Bidirectional ${kind}, all steps, summed`,
				() =>
					chain([4, 3], () =>
						layers.bidirectional({ layer: layers[kind]({ units: 2, ...steps }) as keras.RNN, mergeMode: "sum" }),
					),
			],
		]),
	),
	"lstm with a smooth gate": () =>
		chain([4, 3], () => layers.lstm({ units: 2, ...initializer, recurrentActivation: "sigmoid" })),
	"TimeDistributed Dense": () => chain([4, 3], () => layers.timeDistributed({ layer: layers.dense({ units: 2 }) })),
	"TimeDistributed Conv2D": () =>
		chain([3, 5, 4, 2], () => layers.timeDistributed({ layer: layers.conv2d({ filters: 3, kernelSize: 2 }) })),
	Dot: () => join([4], () => layers.dense({ units: 4 }), layers.dot({ axes: 1 })),
	"Dot, normalised": () => join([4], () => layers.dense({ units: 4 }), layers.dot({ axes: -1, normalize: true })),
	"Dot of matrices": () => join([3, 4], () => layers.dense({ units: 4 }), layers.dot({ axes: [2, 2] })),
	"Dot of matrices along the first axis": () => join([3, 4], () => layers.dense({ units: 2 }), layers.dot({ axes: 1 })),
	Add: () => join([4], () => layers.dense({ units: 4 }), layers.add()),
	Average: () => join([4], () => layers.dense({ units: 4 }), layers.average()),
	Minimum: () => join([4], () => layers.dense({ units: 4 }), layers.minimum()),
	Concatenate: () => join([3, 4], () => layers.dense({ units: 4 }), layers.concatenate({ axis: 1 })),
	"a model in a model, used twice": () => {
		const inner = sequential({
			layers: [layers.dense({ units: 4, activation: "tanh", inputShape: [4] }), layers.dense({ units: 3 })],
		});
		const start = input({ shape: [4] });
		const other = layers.dense({ units: 4 }).apply(start) as keras.SymbolicTensor;
		const both = [inner.apply(start), inner.apply(other)] as keras.SymbolicTensor[];
		return keras.model({ inputs: start, outputs: layers.add().apply(both) as keras.SymbolicTensor });
	},
	"a layer that is called twice": () => {
		const start = input({ shape: [4] });
		const shared = layers.dense({ units: 4, activation: "tanh" });
		const once = shared.apply(start) as keras.SymbolicTensor;
		return keras.model({ inputs: start, outputs: shared.apply(once) as keras.SymbolicTensor });
	},
	"a Sequential that begins with a model": () => {
		const inner = sequential({
			layers: [layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [6, 6, 1] }), layers.flatten()],
		});
		return sequential({ layers: [inner, layers.dense({ units: 3 })] });
	},
	"a functional model in a Sequential": () => {
		const start = input({ shape: [4] });
		const end = layers
			.add()
			.apply([start, layers.dense({ units: 4 }).apply(start) as keras.SymbolicTensor]) as keras.SymbolicTensor;
		return sequential({
			layers: [
				layers.dense({ units: 4, inputShape: [5] }),
				keras.model({ inputs: start, outputs: end }),
				layers.dense({ units: 2 }),
			],
		});
	},
	"two inputs": () => {
		const [a, b] = [input({ shape: [4], name: "left" }), input({ shape: [3], name: "right" })];
		const both = [a, b].map((x) => layers.dense({ units: 5, activation: "tanh" }).apply(x) as keras.SymbolicTensor);
		return keras.model({ inputs: [a, b], outputs: layers.multiply().apply(both) as keras.SymbolicTensor });
	},
};

const SAMPLES = 3;

for (const [name, make] of Object.entries(models))
	test.serial(`${name} gives what TensorFlow.js gives`, (t) => {
		const model = make();
		stir(model);
		const feeds = model.inputs.map(({ name: own, shape }, index) => {
			const whole = [SAMPLES, ...shape.slice(1).map(Number)];
			const values = numbers(tf.util.sizeFromShape(whole), 100 + index);
			return {
				name: own,
				tensor: tf.tensor(name === "Embedding" ? values.map((x) => Math.floor((x + 1) * 3)) : values, whole),
			};
		});
		const all = feeds.map(({ tensor }) => tensor);
		const wanted = model.predict(all.length === 1 ? (all[0] as tf.Tensor) : all) as tf.Tensor;
		const { graph, state } = fromLayersModel(model);
		const bound = feeds.map(({ name: own, tensor }, index): [string, tf.Tensor] => {
			const { name: here, type } = graph.inputs.find((each) => each.name === own) ??
				graph.inputs[index] ?? { name: own };
			return [here, type === "int32" ? tf.cast(tensor, "int32") : tensor];
		});
		const values = new Map<string, tf.Tensor>([
			...bound,
			...bind(parameterLayout(graph), state.parameters),
			...bind(statisticsLayout(graph), state.statistics),
		]);
		const output = execute(graph, values);
		t.deepEqual(output.shape, wanted.shape);
		const expected = wanted.dataSync();
		for (const [i, value] of output.dataSync().entries()) {
			const right = expected[i] ?? Number.NaN;
			t.true(Math.abs(value - right) <= 1e-5 * Math.max(1, Math.abs(right)), `${value}, not ${right}, at ${i}`);
		}
		tf.dispose([output, wanted, ...all, ...values.values()]);
		model.dispose();
	});
