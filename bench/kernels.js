/**
 * Times each kernel beside the stock one, one thread, on the shapes of the article's network and of a deeper one.
 * GFLOP/s counts the multiplications and additions of the plain definition, whatever way they are saved; beside it its share of
 * what the engine multiplies and adds on registers alone in the same seconds.
 *
 * usage: node bench/kernels.js [rounds, default 31]
 */
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { UNARY_KINDS } from "../dist/src/kernels/instructions.js";
import { compileKernels, hasRelaxedSimd } from "../dist/src/kernels/module.js";
import { registerKernels, unregisterKernels } from "../dist/src/kernels/register.js";
import { machine, quickest, report, settle } from "./measure.js";
import { uniform } from "./network.js";
import { peakMeter } from "./peak.js";

const ROUNDS = Number(process.argv[2] ?? 31);

await tf.setBackend("wasm");
const next = uniform(1);
const sizeOf = (shape) => shape.reduce((size, length) => size * length, 1);
const tensor = (shape) => tf.tensor(Float32Array.from({ length: sizeOf(shape) }, next), shape);

const convAttrs = { strides: 1, dilations: 1, dataFormat: "NHWC", dimRoundingMode: undefined };

/** A convolution of a batch of square images, and its gradients. */
function convolution(title, { batch, side, inputs, outputs, size = 3, strides = 1, pad = "valid" }) {
	const attrs = { ...convAttrs, strides, pad, activation: "relu" };
	const x = tensor([batch, side, side, inputs]);
	const filter = tensor([size, size, inputs, outputs]);
	const out = pad === "valid" ? Math.ceil((side - size + 1) / strides) : Math.ceil(side / strides);
	const dy = tensor([batch, out, out, outputs]);
	const flop = 2 * batch * out * out * size * size * inputs * outputs;
	return [
		{ title: `${title}, forward`, kernel: "FusedConv2D", inputs: { x, filter, bias: tensor([outputs]) }, attrs, flop },
		{
			title: `${title}, filter gradient`,
			kernel: "Conv2DBackpropFilter",
			inputs: { x, dy },
			attrs: { ...attrs, filterShape: filter.shape },
			flop,
		},
		{
			title: `${title}, input gradient`,
			kernel: "Conv2DBackpropInput",
			inputs: { dy, filter },
			attrs: { ...attrs, inputShape: x.shape },
			flop,
		},
	];
}

function product(title, rows, depth, columns, transposeA = false, transposeB = false) {
	return {
		title: `${title} ${rows}×${depth}×${columns}`,
		kernel: "BatchMatMul",
		inputs: {
			a: tensor([1, ...(transposeA ? [depth, rows] : [rows, depth])]),
			b: tensor([1, ...(transposeB ? [columns, depth] : [depth, columns])]),
		},
		attrs: { transposeA, transposeB },
		flop: 2 * rows * depth * columns,
	};
}

const pool = { filterSize: 2, strides: 2, pad: "valid" };
const wide = tensor([64, 24, 24, 64]);
const pooled = tf.maxPool(wide, 2, 2, "valid");
const channels = tensor([16, 28, 28, 64]);
const narrow = tensor([16, 28, 28, 16]);
const cases = [
	...convolution("conv 3×3 1→32, 28×28", { batch: 64, side: 28, inputs: 1, outputs: 32 }),
	...convolution("conv 3×3 32→64, 26×26", { batch: 64, side: 26, inputs: 32, outputs: 64 }),
	...convolution("conv 3×3 128→128 same, 14×14", { batch: 16, side: 14, inputs: 128, outputs: 128, pad: "same" }),
	...convolution("conv 1×1 64→128, 14×14", { batch: 16, side: 14, inputs: 64, outputs: 128, size: 1 }),
	...convolution("conv 5×5 6→16, 14×14", { batch: 64, side: 14, inputs: 6, outputs: 16, size: 5 }),
	...convolution("conv 3×3 /2 32→64, 28×28", { batch: 16, side: 28, inputs: 32, outputs: 64, strides: 2, pad: "same" }),
	...convolution("conv 7×7 /2 3→64, 112×112", {
		batch: 4,
		side: 112,
		inputs: 3,
		outputs: 64,
		size: 7,
		strides: 2,
		pad: "same",
	}),
	...convolution("conv 1×1 384→64, 14×14", { batch: 16, side: 14, inputs: 384, outputs: 64, size: 1 }),
	product("product", 64, 9216, 128),
	product("product Aᵀ·B", 9216, 64, 128, true),
	product("product A·Bᵀ", 64, 128, 9216, false, true),
	product("product", 512, 512, 512),
	{
		title: "products 24 of 197×64×197, as of attention",
		kernel: "BatchMatMul",
		inputs: { a: tensor([24, 197, 64]), b: tensor([24, 64, 197]) },
		attrs: { transposeA: false, transposeB: false },
		flop: 2 * 24 * 197 * 64 * 197,
	},
	{ title: "max-pool 2×2, 24×24×64", kernel: "MaxPool", inputs: { x: wide }, attrs: pool, flop: wide.size },
	{
		title: "max-pool 2×2 gradient",
		kernel: "MaxPoolGrad",
		inputs: { dy: tensor(pooled.shape), input: wide, output: pooled },
		attrs: pool,
		flop: wide.size,
	},
	{ title: "mean-pool 2×2, 24×24×64", kernel: "AvgPool", inputs: { x: wide }, attrs: pool, flop: wide.size },
	{
		title: "mean-pool 1×1 /2 gradient, 28×28×16",
		kernel: "AvgPoolGrad",
		inputs: { dy: tensor([16, 14, 14, 16]), input: narrow },
		attrs: { filterSize: 1, strides: 2, pad: "valid" },
		flop: narrow.size,
	},
	{
		title: "batch normalisation, 28×28×16",
		kernel: "FusedBatchNorm",
		inputs: {
			x: narrow,
			mean: tensor([16]),
			variance: tf.abs(tensor([16])),
			offset: tensor([16]),
			scale: tensor([16]),
		},
		attrs: { varianceEpsilon: 1e-5 },
		flop: 3 * narrow.size,
	},
	{
		title: "depthwise 3×3, 28×28×64",
		kernel: "DepthwiseConv2dNative",
		inputs: { x: channels, filter: tensor([3, 3, 64, 1]) },
		attrs: { ...convAttrs, pad: "same" },
		flop: 18 * channels.size,
	},
	{
		title: "slice 28×28×16 of 28×28×64",
		kernel: "Slice",
		inputs: { x: channels },
		attrs: { begin: [0, 0, 0, 16], size: [16, 28, 28, 16] },
		flop: channels.size / 4,
	},
	{
		title: "rows of a table, 12544 of 64",
		kernel: "GatherV2",
		inputs: {
			x: tensor([1000, 64]),
			indices: tf.tensor1d(
				Int32Array.from({ length: 12_544 }, (_, i) => i % 1000),
				"int32",
			),
		},
		attrs: { axis: 0, batchDims: 0 },
		flop: channels.size,
	},
	{
		title: "error function, 28×28×64",
		kernel: "Erf",
		inputs: { x: channels },
		attrs: {},
		flop: channels.size,
	},
	{
		title: "sum of rows, 36864×64",
		kernel: "Sum",
		inputs: { x: wide },
		attrs: { axis: [0, 1, 2], keepDims: false },
		flop: wide.size,
	},
];

const modules = { fast: await compileKernels("fast") };
if (hasRelaxedSimd()) modules.relaxed = await compileKernels("relaxed");

const peak = peakMeter(false);

function use(engine) {
	if (engine === "stock") return unregisterKernels();
	const result = registerKernels(engine, modules[engine]);
	if (!result.ok) throw new Error(result.reason);
}

const { cpu, cores, node } = machine();
console.log(`${cpu}, ${cores} cores, Node ${node}; one thread, the quickest of ${ROUNDS}\n`);
const rows = [];
for (const { title, kernel, inputs, attrs, flop } of cases) {
	const competitors = ["stock", ...Object.keys(modules)]
		.map((name) => ({
			name,
			run: () => {
				use(name);
				tf.engine().runKernel(kernel, inputs, attrs).dispose();
			},
		}))
		.filter(({ name, run }) => {
			// The stock backend has no gradient for filters.
			use(name);
			if (!tf.getKernel(kernel, "wasm")) return false;
			for (let warm = 0; warm < 2; warm++) run();
			return true;
		});
	await settle();
	const peaks = [];
	const meter = {
		name: "peak",
		run: () => {
			peaks.push(peak());
		},
	};
	const times = await quickest([...competitors, meter], ROUNDS);
	const speed = (name) => (times.has(name) ? flop / times.get(name) / 1e6 : undefined);
	rows.push({
		kernel: title,
		"fast, ms": times.get("fast"),
		"stock GFLOP/s": speed("stock"),
		"fast GFLOP/s": speed("fast"),
		...(modules.relaxed ? { "relaxed GFLOP/s": speed("relaxed") } : {}),
		"fast, % of the peak": (100 * speed("fast")) / Math.max(...peaks),
		"fast × stock": times.has("stock") ? times.get("stock") / times.get("fast") : undefined,
	});
}
report("kernels", rows);
console.log(
	"\nWhat goes along rows, or from value to value, in programs; a copy moves as many bytes and does nothing:",
);
await reportRows();

/** Kernels that only programs call, beside what the stock backend makes of the same. */
async function reportRows() {
	const { context } = registerKernels("fast", modules.fast);
	const unary = (name) => (from, to, count, length) =>
		context.kernels.unary(UNARY_KINDS.indexOf(name), from, to, count * length, 1, 0);
	const normalised = (x) => {
		const centred = tf.sub(x, tf.mean(x, 1, true));
		return tf.div(centred, tf.sqrt(tf.add(tf.mean(tf.square(centred), 1, true), 1e-5)));
	};
	const gelu = (x) => tf.mul(tf.mul(x, tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)), 0.5);
	const { softmax, logSoftmax, standardize } = context.kernels;
	const kinds = [
		["softmax, 2364 rows of 197", 2364, 197, softmax, tf.softmax],
		["log-softmax, 4096 rows of 10", 4096, 10, logSoftmax, tf.logSoftmax],
		["layer normalisation, 788 rows of 768", 788, 768, (...all) => standardize(...all, 1e-5), normalised],
		["GELU, 788 rows of 3072", 788, 3072, unary("gelu"), gelu],
		["GELU by tanh, 788 rows of 3072", 788, 3072, unary("geluTanh")],
		["SiLU, 28×28×64 of 16", 12544, 64, unary("silu"), (x) => tf.mul(x, tf.sigmoid(x))],
		["sigmoid, 28×28×64 of 16", 12544, 64, unary("sigmoid"), tf.sigmoid],
		["tanh, 28×28×64 of 16", 12544, 64, unary("tanh"), tf.tanh],
	];
	const measured = [];
	for (const [title, count, length, kernel, stock] of kinds) {
		const x = tensor([count, length]);
		const out = tensor([count, length]);
		const [from, to] = [context.address(x), context.address(out)];
		const competitors = [
			{ name: "fast", run: () => kernel(from, to, count, length) },
			{ name: "copy", run: () => context.copy(to, from, count * length * 4) },
			...(stock === undefined ? [] : [{ name: "stock", run: () => tf.tidy(() => void stock(x)) }]),
		];
		for (const { name, run } of competitors) {
			use(name === "stock" ? "stock" : "fast");
			run();
		}
		unregisterKernels();
		await settle();
		const times = await quickest(competitors, ROUNDS);
		measured.push({
			kernel: title,
			"fast, ms": times.get("fast"),
			"ns a value": (1e6 * times.get("fast")) / (count * length),
			"fast × stock": times.has("stock") ? times.get("stock") / times.get("fast") : undefined,
			"× the time of a copy": times.get("fast") / times.get("copy"),
		});
		tf.dispose([x, out]);
	}
	report("kernels-rows", measured);
}
