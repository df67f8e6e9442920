/**
 * Writes a network of isoloss as an ONNX file whose parameters and running statistics are inputs, and puts the vectors and
 * samples of a problem into the order that it takes: images channels first, kernels [out, in, kh, kw].
 */
import { fuse } from "../../dist/src/network/fuse.js";
import { inferShapes } from "../../dist/src/network/infer-shapes.js";
import { fromNative, parameterLayout, slice, statisticsLayout } from "../../dist/src/network/parameters.js";
import { onnxFile } from "../onnx.js";

/** An image channels first. */
const CHANNELS_FIRST = [2, 0, 1];
/** [kh, kw, in, out] to [out, in, kh, kw]. */
const KERNEL = [3, 2, 0, 1];

/**
 * @returns the problem with vectors and samples in another order, and the model: its bytes, the names of what samples are fed
 *   to, and where each other input lies in a vector
 * @throws {Error} naming a node that has no counterpart here
 */
export function lowerToOnnx(problem) {
	const graph = fuse(problem.graph, "exact");
	const lowering = new Lowering(graph);
	for (const node of graph.nodes) {
		if (!Object.hasOwn(writers, node.op)) throw new Error(`${node.op} (${node.output}) is not written as ONNX here`);
		writers[node.op](lowering, node);
	}
	const [moving, still] = [parameterLayout(problem.graph), statisticsLayout(problem.graph)];
	const slots = (layout) => layout.slots.map((slot) => lowering.slot(slot));
	const images = problem.graph.inputs.map(({ name, shape }) => ({ name, shape: channelsFirst(shape) }));
	const bytes = onnxFile({
		nodes: lowering.nodes,
		initializers: lowering.initializers,
		inputs: [
			...images.map(({ name, shape }) => ({ name, shape: ["n", ...shape] })),
			...[...slots(moving), ...slots(still)].map(({ name, shape }) => ({ name, shape })),
		],
		output: { name: graph.output, shape: ["n", ...lowering.shape(graph.output)] },
		opset: 17,
	});
	const reorder = (layout) => (vector) => {
		const moved = new Float32Array(vector.length);
		for (const slot of layout.slots) moved.set(lowering.reorder(slot, slice(vector, slot)), slot.offset);
		return moved;
	};
	const { vectors, statistics: own } = problem.section;
	return {
		problem: {
			...problem,
			section: { ...problem.section, vectors: vectors.map(reorder(moving)), statistics: own.map(reorder(still)) },
			data: withChannelsFirst(problem.data),
		},
		model: { bytes, inputs: images.map(({ name }) => name), parameters: slots(moving), statistics: slots(still) },
	};
}

/** What has been written so far, and what is known of the values in it. */
class Lowering {
	nodes = [];
	initializers = [];
	#shapes;
	/** How the elements of a parameter are put in order: a view of it, and the order of the view's axes. */
	#orders = new Map();
	/** The images that values are, flattened in another order than in the graph. */
	#flattened = new Map();

	constructor(graph) {
		this.#shapes = inferShapes(graph);
	}

	shape(name) {
		return this.#shapes.get(name);
	}

	/** @param output also the name of what is computed */
	write(op, inputs, output, attributes) {
		for (const name of inputs)
			if (this.#flattened.has(name) && op !== "Gemm" && op !== "MatMul")
				throw new Error(`${op} of a flattened image (${output}) is not written as ONNX here`);
		this.nodes.push({ op, inputs, output, attributes });
	}

	/** What a node computes, then a relu where it has one inside. */
	writeActivated(op, { inputs, output, attributes: { activation } }, attributes) {
		const sum = activation === undefined ? output : `${output}/sum`;
		this.write(op, inputs, sum, attributes);
		if (activation !== undefined) this.write("Relu", [sum], output);
	}

	integers(values) {
		const name = `integers/${this.initializers.length}`;
		this.initializers.push({ name, shape: [values.length], values: BigInt64Array.from(values, BigInt) });
		return name;
	}

	kernel(name) {
		this.#order(name, this.shape(name), KERNEL);
	}

	flatten(input, output) {
		const image = this.shape(input);
		this.write("Flatten", [input], output, { axis: 1 });
		const [height, width, channels] = image;
		// Of one channel, or one pixel, the order is the same.
		if (image.length === 3 && height * width > 1 && channels > 1) this.#flattened.set(output, image);
	}

	/** A dense kernel counts the features of an image channels first, if one comes in. */
	rows(input, kernel) {
		const image = this.#flattened.get(input);
		if (image !== undefined) this.#order(kernel, [...image, this.shape(kernel)[1]], [...CHANNELS_FIRST, 3]);
	}

	#order(name, view, permutation) {
		if (this.#orders.has(name)) throw new Error(`${name} is shared by layers, which is not written as ONNX here`);
		this.#orders.set(name, { shape: view, view, permutation });
	}

	/** Where an input lies in its vector, and its shape as the model takes it. */
	slot({ name, shape, offset, size }) {
		const order = this.#orders.get(name);
		const isKernel = order?.permutation === KERNEL;
		return { name, shape: isKernel ? KERNEL.map((axis) => shape[axis]) : [...shape], offset, size };
	}

	reorder({ name }, values) {
		const order = this.#orders.get(name);
		return order === undefined ? values : fromNative(values, order);
	}
}

const writers = {
	conv2d(to, node) {
		const { strides, padding, dilations = [1, 1], groups = 1 } = node.attributes;
		const [x, kernel] = node.inputs;
		const window = to.shape(kernel).slice(0, 2);
		to.kernel(kernel);
		to.writeActivated("Conv", node, {
			kernel_shape: window,
			strides: [...strides],
			dilations: [...dilations],
			pads: padsOf(padding, { window, strides, dilations, image: to.shape(x) }),
			group: groups,
		});
	},
	dense(to, node) {
		const [x, kernel, bias] = node.inputs;
		if (to.shape(x).length !== 1) throw new Error(`a dense layer of [${to.shape(x)}] is not written as ONNX here`);
		to.rows(x, kernel);
		to.writeActivated(bias === undefined ? "MatMul" : "Gemm", node);
	},
	relu: (to, { inputs, output }) => to.write("Relu", inputs, output),
	maxPool: (to, node) => pool(to, "MaxPool", node),
	averagePool: (to, node) => pool(to, "AveragePool", node),
	batchNorm: (to, { inputs, output, attributes }) =>
		to.write("BatchNormalization", inputs, output, { epsilon: attributes.epsilon }),
	binary(to, { inputs, output, attributes }) {
		const op = { add: "Add", sub: "Sub", mul: "Mul", div: "Div" }[attributes.function];
		const [a, b] = inputs.map((name) => String(to.shape(name)));
		if (op === undefined || a !== b)
			throw new Error(`${attributes.function} of [${a}] and [${b}] is not written as ONNX here`);
		to.write(op, inputs, output);
	},
	reduce(to, { inputs: [x], output, attributes: { function: name, axes } }) {
		if (name !== "mean" || to.shape(x).length !== 3 || String(axes.toSorted()) !== "-2,-3")
			throw new Error(`${name} over axes ${axes} (${output}) is not written as ONNX here`);
		to.write("GlobalAveragePool", [x], `${output}/image`);
		to.write("Flatten", [`${output}/image`], output, { axis: 1 });
	},
	unary(to, { inputs, output, attributes: { function: name } }) {
		const op = { tanh: "Tanh", sigmoid: "Sigmoid", exp: "Exp", sqrt: "Sqrt" }[name];
		if (op === undefined) throw new Error(`${name} (${output}) is not written as ONNX here`);
		to.write(op, inputs, output);
	},
	flatten: (to, { inputs: [x], output }) => to.flatten(x, output),
	reshape(to, { inputs: [x], output, attributes: { shape } }) {
		const isPixel = to.shape(x).length === 1 && shape.length === 3 && shape[0] * shape[1] === 1;
		if (isPixel) to.write("Reshape", [x, to.integers([0, shape[2], 1, 1])], output);
		else if (shape.length === 1) to.flatten(x, output);
		else throw new Error(`reshaping to [${shape}] (${output}) is not written as ONNX here`);
	},
	pad(to, { inputs: [x], output, attributes: { padding, mode, value } }) {
		if (mode !== "constant" || value !== 0 || padding.length !== 3)
			throw new Error(`padding of ${mode} (${output}) is not written as ONNX here`);
		const sides = CHANNELS_FIRST.map((axis) => padding[axis]);
		const pads = [0, 1].flatMap((side) => [0, ...sides.map((amounts) => amounts[side])]);
		to.write("Pad", [x, to.integers(pads)], output);
	},
};

function pool(to, op, { inputs: [x], output, attributes: { window, strides, padding } }) {
	to.write(op, [x], output, {
		kernel_shape: [...window],
		strides: [...strides],
		pads: padsOf(padding, { window, strides, image: to.shape(x) }),
	});
}

/** [top, left, bottom, right]; "same" adds what keeps ⌈length / stride⌉ windows, the odd one behind. */
function padsOf(padding, { window, strides, dilations = [1, 1], image }) {
	const sides = [0, 1].map((axis) => {
		if (padding === "valid") return [0, 0];
		if (padding !== "same") return padding[axis];
		const span = (window[axis] - 1) * dilations[axis] + 1;
		const count = Math.ceil(image[axis] / strides[axis]);
		const total = Math.max(0, (count - 1) * strides[axis] + span - image[axis]);
		return [Math.floor(total / 2), Math.ceil(total / 2)];
	});
	return [0, 1].flatMap((side) => sides.map((amounts) => amounts[side]));
}

function channelsFirst(shape) {
	return shape.length === 3 ? CHANNELS_FIRST.map((axis) => shape[axis]) : [...shape];
}

function withChannelsFirst(data) {
	if (data.others !== undefined || !(data.inputs instanceof Float32Array))
		throw new Error("a network of several inputs, or of tokens, is not written as ONNX here");
	const { sampleShape: shape, inputs, samples } = data;
	if (shape.length !== 3) return data;
	const size = inputs.length / samples;
	const moved = new Float32Array(inputs.length);
	const order = { shape, view: shape, permutation: CHANNELS_FIRST };
	for (let at = 0; at < inputs.length; at += size) moved.set(fromNative(inputs.subarray(at, at + size), order), at);
	return { ...data, sampleShape: channelsFirst(shape), inputs: moved };
}
