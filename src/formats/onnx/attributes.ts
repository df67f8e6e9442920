import type { OnnxAttribute, OnnxNode } from "./model.js";

/** What becomes of an operator's attributes; one that is none of these is refused by its name. */
interface Attributes {
	/** Its importer goes by them. */
	readonly reads?: readonly string[];
	/** They change nothing of what comes out, but for outputs and types that are refused anyway. */
	readonly ignores?: readonly string[];
	/** They may have only these values, with which they change nothing. */
	readonly only?: Readonly<Record<string, readonly OnnxAttribute[]>>;
}

const windows = ["auto_pad", "dilations", "kernel_shape", "pads", "strides"];
const recurrent = ["activation_alpha", "activation_beta", "activations", "clip", "direction", "layout"];
const reduction: Attributes = { reads: ["axes", "keepdims", "noop_with_empty_axes"] };
const alongAxis: Attributes = { reads: ["axis"] };

/** The type in which a norm is worked out; float32 is ours. */
const stash = { stash_type: [1] };

/**
 * The attributes that the standard gives each operator, in whichever version from opset 7 on; a test walks through the standard's
 * own list of them.
 */
const operators: Readonly<Record<string, Attributes>> = {
	Attention: {
		reads: ["is_causal", "kv_num_heads", "q_num_heads", "scale"],
		only: { left_window_size: [-1], qk_matmul_output_mode: [0], right_window_size: [-1], softcap: [0] },
		ignores: ["softmax_precision"],
	},
	AveragePool: { reads: [...windows, "ceil_mode", "count_include_pad"] },
	BatchNormalization: { reads: ["epsilon", "training_mode"], ignores: ["momentum"], only: { spatial: [1] } },
	Cast: { reads: ["to"], ignores: ["round_mode", "saturate"] },
	CastLike: { ignores: ["round_mode", "saturate"] },
	Celu: { reads: ["alpha"] },
	Clip: { reads: ["max", "min"] },
	Concat: alongAxis,
	Constant: {
		reads: ["value", "value_float", "value_floats", "value_int", "value_ints"],
		// Texts and sparse tensors are no numbers of a network; a constant of them is refused as a whole.
		ignores: ["sparse_value", "value_string", "value_strings"],
	},
	ConstantOfShape: { reads: ["value"] },
	Conv: { reads: [...windows, "group"] },
	ConvTranspose: { reads: [...windows, "group", "output_padding", "output_shape"] },
	CumSum: { reads: ["exclusive", "reverse"] },
	DepthToSpace: { reads: ["blocksize", "mode"] },
	DequantizeLinear: { reads: ["axis", "block_size"], ignores: ["output_dtype"] },
	Dropout: { reads: ["ratio"], ignores: ["seed"] },
	Einsum: { reads: ["equation"] },
	Elu: { reads: ["alpha"] },
	Flatten: alongAxis,
	GRU: { reads: [...recurrent, "linear_before_reset"], ignores: ["hidden_size"] },
	Gather: alongAxis,
	GatherElements: alongAxis,
	GatherND: { only: { batch_dims: [0] } },
	Gelu: { reads: ["approximate"] },
	Gemm: { reads: ["alpha", "beta", "transA", "transB"] },
	GroupNormalization: { reads: ["epsilon", "num_groups"], only: stash },
	HardSigmoid: { reads: ["alpha", "beta"] },
	If: { reads: ["else_branch", "then_branch"] },
	InstanceNormalization: { reads: ["epsilon"] },
	LRN: { reads: ["alpha", "beta", "bias", "size"] },
	LSTM: { reads: [...recurrent, "input_forget"], ignores: ["hidden_size"] },
	LayerNormalization: { reads: ["axis", "epsilon"], only: stash },
	LeakyRelu: { reads: ["alpha"] },
	LogSoftmax: alongAxis,
	LpNormalization: { reads: ["axis"], only: { p: [1, 2] } },
	MaxPool: { reads: [...windows, "ceil_mode"], ignores: ["storage_order"] },
	MeanVarianceNormalization: { reads: ["axes"] },
	Mod: { reads: ["fmod"] },
	Pad: { reads: ["mode", "pads", "value"] },
	QuantizeLinear: {
		reads: ["axis", "output_dtype"],
		ignores: ["saturate"],
		only: { block_size: [0], precision: [0, 1] },
	},
	RMSNormalization: { reads: ["axis", "epsilon"], only: stash },
	RNN: { reads: recurrent, ignores: ["hidden_size"] },
	Range: { ignores: ["stash_type"] },
	ReduceL1: reduction,
	ReduceL2: reduction,
	ReduceLogSum: reduction,
	ReduceLogSumExp: reduction,
	ReduceMax: reduction,
	ReduceMean: reduction,
	ReduceMin: reduction,
	ReduceProd: reduction,
	ReduceSum: reduction,
	ReduceSumSquare: reduction,
	Reshape: { reads: ["allowzero"] },
	Resize: {
		reads: [
			"antialias",
			"axes",
			"coordinate_transformation_mode",
			"cubic_coeff_a",
			"exclude_outside",
			"keep_aspect_ratio_policy",
			"mode",
			"nearest_mode",
		],
		ignores: ["extrapolation_value"],
	},
	RotaryEmbedding: { reads: ["interleaved", "num_heads", "rotary_embedding_dim"] },
	ScatterND: { only: { reduction: ["none"] } },
	Selu: { reads: ["alpha", "gamma"] },
	Shape: { reads: ["end", "start"] },
	Shrink: { reads: ["bias", "lambd"] },
	Slice: { reads: ["axes", "ends", "starts"] },
	Softmax: alongAxis,
	SpaceToDepth: { reads: ["blocksize"], only: { mode: ["DCR"] } },
	Split: { reads: ["axis", "split"], ignores: ["num_outputs"] },
	Squeeze: { reads: ["axes"] },
	Swish: { reads: ["alpha"] },
	ThresholdedRelu: { reads: ["alpha"] },
	Transpose: { reads: ["perm"] },
	Trilu: { reads: ["upper"] },
	Unsqueeze: { reads: ["axes"] },
	Upsample: { reads: ["mode", "scales"] },
};

/** Whether an attribute is read, or known to change nothing or little enough to be checked. */
export function isKnownAttribute(op: string, name: string): boolean {
	const { reads = [], ignores = [], only = {} } = operators[op] ?? {};
	return reads.includes(name) || ignores.includes(name) || Object.hasOwn(only, name);
}

/** What of a node's attributes can't be carried out, in words; nothing where all can. */
export function attributeProblem({ op, attributes }: OnnxNode): string | undefined {
	for (const [name, value] of attributes) {
		if (!isKnownAttribute(op, name)) return `its attribute ${name} is not supported`;
		const allowed = operators[op]?.only?.[name];
		if (allowed !== undefined && !allowed.includes(value)) return `${name} ${String(value)} is not supported`;
	}
	return undefined;
}
