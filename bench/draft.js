import { uniform } from "./network.js";
import { onnxFile } from "./onnx.js";

/** A network that is written down layer by layer, its weights random and such that values neither die nor grow. */
export class Draft {
	#nodes = [];
	#initializers = [];
	#random;
	#count = 0;

	constructor(seed) {
		this.#random = uniform(seed);
	}

	tensor(shape, scale, center = 0) {
		const name = `w${this.#initializers.length}`;
		const values = Float32Array.from(
			{ length: shape.reduce((a, b) => a * b, 1) },
			() => center + this.#random() * scale,
		);
		this.#initializers.push({ name, shape, values });
		return name;
	}

	integers(...values) {
		const name = `w${this.#initializers.length}`;
		this.#initializers.push({ name, shape: [values.length], values: BigInt64Array.from(values, BigInt) });
		return name;
	}

	node(op, inputs, attributes = {}) {
		const output = `v${this.#count++}`;
		this.#nodes.push({ op, inputs, output, attributes });
		return output;
	}

	conv(x, into, out, size, { stride = 1, groups = 1 } = {}) {
		const fanIn = (into / groups) * size * size;
		const kernel = this.tensor([out, into / groups, size, size], Math.sqrt(6 / fanIn));
		const pad = Math.floor(size / 2);
		const attributes = {
			kernel_shape: [size, size],
			strides: [stride, stride],
			pads: [pad, pad, pad, pad],
			group: groups,
		};
		return this.node("Conv", [x, kernel], attributes);
	}

	batchNorm(x, channels) {
		const [scale, shift, mean] = [
			this.tensor([channels], 0.2, 1),
			this.tensor([channels], 0.1),
			this.tensor([channels], 0.1),
		];
		return this.node("BatchNormalization", [x, scale, shift, mean, this.tensor([channels], 0.3, 1)]);
	}

	layerNorm(x, width) {
		return this.node("LayerNormalization", [x, this.tensor([width], 0.2, 1), this.tensor([width], 0.1)], {
			axis: -1,
			epsilon: 1e-5,
		});
	}

	linear(x, into, out) {
		const product = this.node("MatMul", [x, this.tensor([into, out], Math.sqrt(3 / into))]);
		return this.node("Add", [product, this.tensor([out], 0.05)]);
	}

	/** Attention of heads and a layer of four times the width, each added to what comes in. */
	block(x, width, heads, steps, isCausal) {
		const size = width / heads;
		const split = this.node("Reshape", [
			this.linear(this.layerNorm(x, width), width, 3 * width),
			this.integers(0, steps, 3, heads, size),
		]);
		const [q, k, v] = [0, 1, 2].map((index) => {
			const part = this.node("Gather", [split, this.#index(index)], { axis: 2 });
			return this.node("Transpose", [part], { perm: index === 1 ? [0, 2, 3, 1] : [0, 2, 1, 3] });
		});
		const scores = this.node("Mul", [this.node("MatMul", [q, k]), this.#number(1 / Math.sqrt(size))]);
		const seen = isCausal ? this.node("Add", [scores, this.#causal(steps)]) : scores;
		const attended = this.node("MatMul", [this.node("Softmax", [seen], { axis: -1 }), v]);
		const joined = this.node("Reshape", [
			this.node("Transpose", [attended], { perm: [0, 2, 1, 3] }),
			this.integers(0, steps, width),
		]);
		const y = this.node("Add", [x, this.linear(joined, width, width)]);
		const wide = this.linear(this.layerNorm(y, width), width, 4 * width);
		return this.node("Add", [y, this.linear(this.#gelu(wide), 4 * width, width)]);
	}

	#gelu(x) {
		const erf = this.node("Erf", [this.node("Mul", [x, this.#number(Math.SQRT1_2)])]);
		const half = this.node("Mul", [x, this.#number(0.5)]);
		return this.node("Mul", [half, this.node("Add", [erf, this.#number(1)])]);
	}

	#causal(steps) {
		const name = `w${this.#initializers.length}`;
		const values = Float32Array.from({ length: steps * steps }, (_, i) =>
			i % steps > Math.floor(i / steps) ? -1e9 : 0,
		);
		this.#initializers.push({ name, shape: [steps, steps], values });
		return name;
	}

	#number(value) {
		const name = `w${this.#initializers.length}`;
		this.#initializers.push({ name, shape: [], values: Float32Array.of(value) });
		return name;
	}

	#index(value) {
		const name = `w${this.#initializers.length}`;
		this.#initializers.push({ name, shape: [], values: BigInt64Array.of(BigInt(value)) });
		return name;
	}

	/** The file, with open samples; `type` 7 for tokens. */
	finish(input, output) {
		return onnxFile({
			nodes: this.#nodes,
			initializers: this.#initializers,
			input: { name: "x", shape: ["n", ...input.shape], type: input.type ?? 1 },
			output: { name: output, shape: [] },
			opset: 17,
		});
	}

	get parameters() {
		return this.#initializers.reduce(
			(sum, { values }) => sum + (values instanceof Float32Array ? values.length : 0),
			0,
		);
	}
}

/** ResNet-18. @see He et al. 2016, table 1 */
export function resnet18(draft) {
	const normed = (x, ...settings) => draft.batchNorm(draft.conv(x, ...settings), settings[1]);
	let x = draft.node("Relu", [normed("x", 3, 64, 7, { stride: 2 })]);
	x = draft.node("MaxPool", [x], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
	let width = 64;
	for (const [stage, out] of [64, 128, 256, 512].entries())
		for (let block = 0; block < 2; block++) {
			const stride = stage > 0 && block === 0 ? 2 : 1;
			const first = draft.node("Relu", [normed(x, width, out, 3, { stride })]);
			const second = normed(first, out, out, 3);
			const beside = stride > 1 ? normed(x, width, out, 1, { stride }) : x;
			x = draft.node("Relu", [draft.node("Add", [second, beside])]);
			width = out;
		}
	const flat = draft.node("Flatten", [draft.node("GlobalAveragePool", [x])], { axis: 1 });
	return draft.linear(flat, 512, 1000);
}

/** MobileNetV2. @see Sandler et al. 2018, table 2 */
export function mobileNetV2(draft) {
	const [least, most] = [draft.tensor([], 0), draft.tensor([], 0, 6)];
	const clipped = (x) => draft.node("Clip", [x, least, most]);
	const normed = (x, ...settings) => draft.batchNorm(draft.conv(x, ...settings), settings[1]);
	let x = clipped(normed("x", 3, 32, 3, { stride: 2 }));
	let width = 32;
	for (const [expansion, out, count, first] of [
		[1, 16, 1, 1],
		[6, 24, 2, 2],
		[6, 32, 3, 2],
		[6, 64, 4, 2],
		[6, 96, 3, 1],
		[6, 160, 3, 2],
		[6, 320, 1, 1],
	])
		for (let block = 0; block < count; block++) {
			const stride = block === 0 ? first : 1;
			const wide = width * expansion;
			const before = expansion === 1 ? x : clipped(normed(x, width, wide, 1));
			const deep = clipped(normed(before, wide, wide, 3, { stride, groups: wide }));
			const y = normed(deep, wide, out, 1);
			x = stride === 1 && width === out ? draft.node("Add", [x, y]) : y;
			width = out;
		}
	const last = clipped(normed(x, width, 1280, 1));
	return draft.linear(draft.node("Flatten", [draft.node("GlobalAveragePool", [last])], { axis: 1 }), 1280, 1000);
}

/** A vision transformer of small size, patches of 16. @see Dosovitskiy et al. 2021; Touvron et al. 2021, table 1 */
export function vitSmall(draft) {
	const width = 384;
	const kernel = draft.tensor([width, 3, 16, 16], Math.sqrt(3 / 768));
	const patches = draft.node("Conv", ["x", kernel, draft.tensor([width], 0.05)], {
		kernel_shape: [16, 16],
		strides: [16, 16],
	});
	const rows = draft.node("Transpose", [draft.node("Reshape", [patches, draft.integers(0, width, 196)])], {
		perm: [0, 2, 1],
	});
	const count = draft.node("Slice", [draft.node("Shape", ["x"]), draft.integers(0), draft.integers(1)]);
	const shape = draft.node("Concat", [count, draft.integers(1, width)], { axis: 0 });
	const first = draft.node("Expand", [draft.tensor([1, 1, width], 0.5), shape]);
	let x = draft.node("Add", [draft.node("Concat", [first, rows], { axis: 1 }), draft.tensor([1, 197, width], 0.5)]);
	for (let layer = 0; layer < 12; layer++) x = draft.block(x, width, 6, 197, false);
	const normed = draft.layerNorm(x, width);
	return draft.linear(draft.node("Gather", [normed, draft.integers(0)], { axis: 1 }), width, 1000);
}

/** Tokens that a GPT reads at once. */
export const CONTEXT = 256;

/** A decoder of tokens, half as deep and half as wide as the smallest GPT-2. @see Radford et al. 2019, table 2 */
export function gpt(draft) {
	const [width, vocabulary] = [384, 8192];
	const table = draft.tensor([vocabulary, width], 0.5);
	let x = draft.node("Add", [draft.node("Gather", [table, "x"]), draft.tensor([1, CONTEXT, width], 0.2)]);
	for (let layer = 0; layer < 6; layer++) x = draft.block(x, width, 6, CONTEXT, true);
	const turned = draft.node("Transpose", [table], { perm: [1, 0] });
	return draft.node("MatMul", [draft.layerNorm(x, width), turned]);
}
