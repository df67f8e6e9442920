import type { KerasLayer } from "../topology.js";

const image = ["data_format"];
const windows = [...image, "activation", "dilation_rate", "groups", "padding", "strides", "use_bias"];
const pools = [...image, "padding", "pool_size", "strides"];
const recurrent = [
	"activation",
	"go_backwards",
	"recurrent_activation",
	"reset_after",
	"return_sequences",
	"return_state",
	"stateful",
	"use_bias",
];

/** The settings that each layer goes by. */
const read: Readonly<Record<string, readonly string[]>> = {
	Activation: ["activation"],
	AveragePooling1D: pools,
	AveragePooling2D: pools,
	AveragePooling3D: pools,
	BatchNormalization: ["axis", "center", "epsilon", "scale"],
	Bidirectional: ["backward_layer", "layer", "merge_mode"],
	Concatenate: ["axis"],
	Conv1D: windows,
	Conv2D: windows,
	Conv2DTranspose: [...windows, "output_padding"],
	Conv3D: windows,
	Cropping1D: ["cropping"],
	Cropping2D: [...image, "cropping"],
	Dense: ["activation", "use_bias"],
	DepthwiseConv2D: windows,
	Dot: ["axes", "normalize"],
	Dropout: ["rate"],
	ELU: ["alpha"],
	Flatten: image,
	GRU: recurrent,
	GlobalAveragePooling1D: [...image, "keepdims"],
	GlobalAveragePooling2D: [...image, "keepdims"],
	GlobalAveragePooling3D: [...image, "keepdims"],
	GlobalMaxPooling1D: [...image, "keepdims"],
	GlobalMaxPooling2D: [...image, "keepdims"],
	GlobalMaxPooling3D: [...image, "keepdims"],
	GroupNormalization: ["axis", "center", "epsilon", "groups", "scale"],
	LSTM: recurrent,
	LayerNormalization: ["axis", "center", "epsilon", "scale"],
	LeakyReLU: ["alpha", "negative_slope"],
	MaxPooling1D: pools,
	MaxPooling2D: pools,
	MaxPooling3D: pools,
	Normalization: ["axis", "mean", "variance"],
	Permute: ["dims"],
	RMSNormalization: ["axis", "epsilon"],
	ReLU: ["max_value", "negative_slope", "threshold"],
	RepeatVector: ["n"],
	Rescaling: ["offset", "scale"],
	Reshape: ["target_shape"],
	SeparableConv2D: windows,
	SimpleRNN: recurrent,
	Softmax: ["axis"],
	TimeDistributed: ["layer"],
	UpSampling1D: ["size"],
	UpSampling2D: [...image, "interpolation", "size"],
	UpSampling3D: [...image, "size"],
	ZeroPadding1D: ["padding"],
	ZeroPadding2D: [...image, "padding"],
	ZeroPadding3D: [...image, "padding"],
};

/** What describes a layer, its training, or the shapes of weights, which are those of the file. */
const descriptive = new Set([
	...["autocast", "batch_input_shape", "batch_shape", "dtype", "input_dtype", "name", "optional", "ragged", "sparse"],
	...["trainable", "build_config", "module", "registered_name", "num_constants", "batch_size", "shape"],
	...["depth_multiplier", "filters", "input_dim", "input_length", "kernel_size", "output_dim", "rank", "units"],
	...["dropout", "implementation", "momentum", "noise_shape", "rate", "recurrent_dropout", "seed", "stddev"],
	...[
		"unit_forget_bias",
		"init_values",
		"projection_dim",
		"drop_path_rate",
		"unroll",
		"use_cudnn",
		"zero_output_for_mask",
		"shared_axes",
		"l1",
		"l2",
		"renorm_momentum",
	],
]);

/** What is not said, or said not to be so, is as if nothing were said. */
function saysNothing(value: unknown): boolean {
	return value === null || value === undefined || value === false;
}

/** @throws {RangeError} when a layer has a setting that it would not be carried out by */
export function checkSettings({ kind, config }: KerasLayer): void {
	const own = read[kind] ?? [];
	for (const [name, value] of Object.entries(config)) {
		const isKnown = own.includes(name) || descriptive.has(name) || /_(initializer|regularizer|constraint)$/.test(name);
		if (!isKnown && !saysNothing(value)) throw new RangeError(`its setting ${name} is not supported`);
	}
}
