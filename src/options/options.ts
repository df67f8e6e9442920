import { availableParallelism } from "node:os";
import { checkChoice } from "../check/choice.js";
import type { BatchNormMode } from "../compute/evaluator.js";
import { OptionError } from "../errors.js";
import type { Split } from "../formats/idx.js";
import type { Precision } from "../kernels/precision.js";
import { type LossName, lossNamed } from "../objective/losses/index.js";
import { type MetricName, metricNamed } from "../objective/metrics/index.js";
import type { OwnLoss } from "../objective/module.js";
import { type BiasRule, type Normalization, normalizationNames } from "../section/normalize.js";
import type { Axis } from "../surface/grid.js";

/** What to sweep. Every option has the default that `node scripts/sweep.js --help` shows. */
export interface PlaneOptions {
	/** A network of the zoo, or a file that holds one (.onnx, Keras model.json). */
	readonly model?: string;
	/** A file of the network's parameters (.safetensors, .pt, .npz, .onnx); those that come with it by default. */
	readonly weights?: string;
	/** A data set by name, a directory of IDX files, a folder of images, or a file (.npz, .npy, .csv). */
	readonly data?: string;
	readonly split?: Split;
	/** Subtracted from each channel of the samples, and divided by: one number for all channels or one for each. */
	readonly mean?: readonly number[];
	readonly std?: readonly number[];
	/** The column of a table that is the target. */
	readonly target?: string;
	/**
	 * What suits the network and its targets by default. Of one's own: the URL of a module whose default export is a `Loss`
	 * (`name` and `add` are enough), such as `new URL("./my-loss.js", import.meta.url)`.
	 */
	readonly loss?: LossName | URL;
	readonly metric?: MetricName;
	/** Everything that is measured at a point, the loss first; in place of `metric`. */
	readonly fields?: readonly string[];
	readonly batchNorm?: BatchNormMode;
	/** How many samples of the seeded shuffle; by default 256, or all where there are fewer. */
	readonly samples?: number | "all";
	readonly directions?: DirectionKind;
	/**
	 * The other networks, each a safetensors file or `init:SEED` for fresh parameters: one for an interpolation, two for a
	 * plane through three networks, none for random directions.
	 */
	readonly to?: string | readonly string[];
	readonly norm?: Normalization;
	readonly bias?: BiasRule;
	/** Of the random directions: a whole number from 0 to 2^53 - 1. */
	readonly seed?: number;
	readonly x?: Axis;
	/** Null for a line. */
	readonly y?: Axis | null;
	/** Which kernels compute: ours (`fast`), ours with fused multiply-add (`relaxed`), or the stock ones (`exact`). */
	readonly precision?: Precision;
}

export const directionKinds = ["random", "interpolate", "plane"] as const;
export type DirectionKind = (typeof directionKinds)[number];

export const splits = ["train", "test"] as const satisfies readonly Split[];
export const biasRules = ["zero", "keep"] as const satisfies readonly BiasRule[];

export const precisions = ["fast", "exact", "relaxed"] as const satisfies readonly Precision[];

export const batchNormModes = ["running", "fixed", "batch", "reestimate"] as const satisfies readonly BatchNormMode[];

export const defaults = {
	model: "mnist-cnn",
	data: "mnist",
	split: "train",
	samples: 256,
	directions: "random",
	norm: "filter",
	bias: "zero",
	seed: 0,
	precision: "fast",
	batchNorm: "running",
	threads: availableParallelism(),
} as const;

/** The axes of each kind of plane, where none are given. */
export const defaultAxes: Readonly<Record<DirectionKind, { x: Axis; y: Axis | null }>> = {
	random: { x: { min: -1, max: 1, steps: 25 }, y: { min: -1, max: 1, steps: 25 } },
	interpolate: { x: { min: -0.5, max: 1.5, steps: 41 }, y: null },
	plane: { x: { min: -0.5, max: 1.5, steps: 25 }, y: { min: -0.5, max: 1.5, steps: 25 } },
};

const MAX_POINTS = 1e8;

/**
 * Checks options that come from outside the type system.
 *
 * @throws {OptionError} for the first that is not allowed
 */
export function checkOptions(options: PlaneOptions & { readonly threads?: number }): void {
	const { samples, seed, threads, x, y } = options;
	if (samples !== undefined && samples !== "all") checkWhole("samples", samples, 1);
	if (seed !== undefined) checkWhole("seed", seed, 0);
	if (threads !== undefined) checkWhole("threads", threads, 1);
	if (options.split !== undefined) checkChoice("split", options.split, splits);
	if (options.directions !== undefined) checkChoice("directions", options.directions, directionKinds);
	if (options.norm !== undefined) checkChoice("norm", options.norm, normalizationNames);
	if (options.bias !== undefined) checkChoice("bias", options.bias, biasRules);
	const zero = options.std?.find((value) => !(value > 0));
	if (zero !== undefined) throw new OptionError("std", `expected numbers above 0, got ${zero}`);
	if (options.batchNorm !== undefined) checkChoice("batchNorm", options.batchNorm, batchNormModes);
	if (options.loss !== undefined && !(options.loss instanceof URL)) lossNamed(options.loss);
	if (options.metric !== undefined) metricNamed(options.metric);
	if (options.precision !== undefined) checkChoice("precision", options.precision, precisions);
	if (x) checkAxis("x", x);
	if (y) checkAxis("y", y);
	if ((x?.steps ?? 1) * (y?.steps ?? 1) > MAX_POINTS)
		throw new OptionError("x", `expected at most ${MAX_POINTS} points`);
	const kind = options.directions ?? defaults.directions;
	if (kind === "interpolate" && y) throw new OptionError("y", "expected none for directions interpolate");
	if (kind === "plane" && y === null)
		throw new OptionError("y", "expected min:max:steps for directions plane, got none");
}

function checkWhole(option: string, value: number, least: number): void {
	if (!Number.isSafeInteger(value) || value < least)
		throw new OptionError(option, `expected a whole number from ${least}, got "${value}"`);
}

function checkAxis(option: string, axis: Axis, text = `${axis.min}:${axis.max}:${axis.steps}`): void {
	const { min, max, steps } = axis;
	const fail = (expected: string): never => {
		throw new OptionError(option, `expected min:max:steps with ${expected}, got "${text}"`);
	};
	if (!(Number.isFinite(min) && Number.isFinite(max))) fail("finite numbers");
	if (!(Number.isSafeInteger(steps) && steps >= 2)) fail("at least 2 whole steps");
	if (!(min < max)) fail("min below max");
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * An axis from its text, `MIN:MAX:STEPS`.
 *
 * @throws {OptionError} when it is anything else
 */
export function parseAxis(option: string, text: string): Axis {
	const parts = text.split(":");
	if (parts.length !== 3 || !parts.every((part) => NUMBER.test(part)))
		throw new OptionError(option, `expected min:max:steps with three numbers, got "${text}"`);
	const [min = 0, max = 0, steps = 0] = parts.map(Number);
	const axis = { min, max, steps };
	checkAxis(option, axis, text);
	return axis;
}

/**
 * A whole number from its text.
 *
 * @throws {OptionError} when it is anything else, or below `least`
 */
export function parseWhole(option: string, text: string, least: number): number {
	const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
	if (!Number.isSafeInteger(value) || value < least)
		throw new OptionError(option, `expected a whole number from ${least}, got "${text}"`);
	return value;
}

/**
 * A positive number from its text.
 *
 * @throws {OptionError} when it is anything else
 */
export function parsePositive(option: string, text: string): number {
	const value = NUMBER.test(text) ? Number(text) : Number.NaN;
	if (!(value > 0 && Number.isFinite(value)))
		throw new OptionError(option, `expected a positive number, got "${text}"`);
	return value;
}

/**
 * Numbers from a text that has commas between them.
 *
 * @throws {OptionError} when it is anything else
 */
export function parseNumbers(option: string, text: string): number[] {
	const parts = text.split(",").map((part) => part.trim());
	if (!parts.every((part) => NUMBER.test(part)))
		throw new OptionError(option, `expected numbers with commas between them, got "${text}"`);
	return parts.map(Number);
}

/** @throws {OptionError} when the URL is not that of a file */
export function lossReference(loss: LossName | URL): LossName | OwnLoss {
	if (!(loss instanceof URL)) return loss;
	if (loss.protocol !== "file:") throw new OptionError("loss", `expected the URL of a file, got ${loss.href}`);
	return loss.href as OwnLoss;
}
