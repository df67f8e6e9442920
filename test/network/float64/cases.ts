import type { OpName } from "../../../src/network/ops/index.js";
import type { Case } from "./cases/draw.js";
import { binary, dropout, relu, unary, where } from "./cases/elementwise.js";
import {
	concat,
	embedding,
	expand,
	flatten,
	foldSamples,
	gather,
	pad,
	perSample,
	resample,
	reshape,
	slice,
	transpose,
	unfoldSamples,
} from "./cases/moving.js";
import { dense, matMul } from "./cases/products.js";
import { gru, lstm, rnn } from "./cases/recurrent.js";
import { batchNorm, logSoftmax, reduce, softmax, standardize } from "./cases/rows.js";
import {
	averagePool,
	conv2d,
	conv3d,
	convTranspose2d,
	depthwiseConv2d,
	maxPool,
	maxPoolTangent,
} from "./cases/windows.js";

export type { Case } from "./cases/draw.js";
export { valuesOf } from "./cases/rectified.js";

/**
 * Random cases of each op, tens of numbers each, that together go through its attributes.
 *
 * Where an op has a kink or a step, its numbers keep 0.05 away from it, so that derivatives can be tried with them: but for comparisons
 * of whole numbers (int32), of which some are equal, and for numbers that stand for truths. `random` is uniform on [0, 1).
 */
export const casesOf: Readonly<Record<OpName, (random: () => number) => Case[]>> = {
	averagePool,
	batchNorm,
	binary,
	concat,
	conv2d,
	conv3d,
	convTranspose2d,
	dense,
	depthwiseConv2d,
	dropout,
	embedding,
	expand,
	flatten,
	foldSamples,
	gather,
	gru,
	logSoftmax,
	lstm,
	matMul,
	maxPool,
	maxPoolTangent,
	pad,
	perSample,
	reduce,
	relu,
	resample,
	reshape,
	rnn,
	slice,
	softmax,
	standardize,
	transpose,
	unary,
	unfoldSamples,
	where,
};
