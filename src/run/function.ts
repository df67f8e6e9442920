import {
	type Check,
	checkCall,
	isA,
	isFunction,
	isListOf,
	isObject,
	isOneOf,
	isPerhaps,
	isShape,
	isText,
	isVector,
	isWhole,
	shown,
} from "../check/values.js";
import { OptionError } from "../errors.js";
import { sha256 } from "../exact/digest.js";
import type { Layout, Slot } from "../network/parameters.js";
import { sizeOf } from "../network/shape.js";
import { axis, cells, orNone } from "../options/kinds.js";
import { biasRules, defaultAxes, defaults } from "../options/plane/index.js";
import { adaptiveCells, describeAdaptive } from "../resolve/adaptive.js";
import { type BiasRule, type Normalization, normalizationNames } from "../section/normalize.js";
import { cosine } from "../section/products.js";
import { randomDirection } from "../section/random.js";
import { formPoint } from "../section/section.js";
import type { Vector } from "../section/vector.js";
import { weightings } from "../section/weights.js";
import { type FieldSpec, units } from "../surface/field.js";
import { type Axis, axesOf, type Grid, regularGrid } from "../surface/grid.js";
import { emptySurface, type Surface } from "../surface/surface.js";
import { type EvaluateAt, HereExecutor } from "../sweep/here.js";
import { version } from "../version.js";
import { carryOutRun, originExtras, type RunOptions, type RunResult, runChecks } from "./run.js";

/** A function of parameters, and where to look at it. */
export interface FunctionOptions<V extends Vector> extends RunOptions {
	/** θ0, flat. */
	readonly parameters: V;
	/**
	 * The value at θ, or one for each of `fields` by its name. It is called in this thread, point after point, and may be
	 * asynchronous. The array is its to keep.
	 */
	readonly evaluate: (parameters: V) => Values | Promise<Values>;
	/** What people call it; needed with `out`, where it stands for the function: one of another kind has another name. */
	readonly name?: string;
	/** What `evaluate` gives; a loss where nothing is said. */
	readonly fields?: readonly FieldSpec[];
	/**
	 * The tensors that the parameters consist of, in order, for normalisation: those of rank 2 and more are kernels whose first
	 * axis counts the filters, the others biases. One tensor of one filter where nothing is said.
	 */
	readonly tensors?: readonly { readonly name: string; readonly shape: readonly number[] }[];
	/** One direction for a line, two for a plane; random ones where nothing is said. */
	readonly directions?: readonly [Vector] | readonly [Vector, Vector];
	/** How random directions are scaled by the parameters; `filter` where nothing is said. */
	readonly norm?: Normalization;
	/** What becomes of tensors of rank 1 in random directions; `zero` where nothing is said. */
	readonly bias?: BiasRule;
	/** Of the random directions; 0 where nothing is said. */
	readonly seed?: number;
	/** The values of α. */
	readonly x?: Axis;
	/** Null for a line. */
	readonly y?: Axis | null;
	/** Whether only the points that isolines need are computed, as `sweep` has it: to so many cells, or to half a cell. */
	readonly adaptive?: boolean | number;
}

/** A number, or numbers by the names of fields. */
export type Values = number | Readonly<Record<string, number>>;

export interface FunctionResult extends RunResult {
	/** Of the angle between the two directions; null for a line. */
	readonly cosine: number | null;
}

const LOSS: FieldSpec = { name: "loss", label: "loss", unit: "loss" };

/**
 * Evaluates any function of θ at θ0 + α·δ + β·η over a grid of (α, β): θ is computed in double and, for float32 parameters,
 * rounded once.
 *
 * @throws {OptionError} for options that can't be used
 * @throws {WorkerError} when the function throws; its error is the cause
 * @throws {InterruptedError} when the signal stops it; what is finished is in the run file
 */
export async function sweepFunction<V extends Vector>(options: FunctionOptions<V>): Promise<FunctionResult> {
	check(options);
	const { parameters, fields = [LOSS] } = options;
	const directions = options.directions ?? drawDirections(options);
	const grid = gridOf(options, directions.length);
	const [x, y] = directions;
	const angle = x === undefined || y === undefined ? null : cosine(x, y);
	const adaptive = adaptiveCells(options, grid);
	const problem = evaluateAt(options, directions, fields);
	const result = await carryOutRun(
		{ surface: outline(options, directions, grid, fields), problem, ...(adaptive !== undefined && { adaptive }) },
		new HereExecutor(),
		options,
		{ cosine: angle, parameters: parameters.length, samples: 0, data: "no data", threads: 1 },
	);
	return { ...result, cosine: angle };
}

const checks = {
	...runChecks,
	parameters: isA(
		"a Float32Array or Float64Array with at least one value",
		(value) => (value instanceof Float32Array || value instanceof Float64Array) && value.length > 0,
	),
	evaluate: isFunction,
	name: isPerhaps(isText),
	fields: isPerhaps(
		isListOf(isObject("a field, { name, label, unit }", { name: isText, label: isText, unit: isOneOf(units) }), 1),
	),
	tensors: isPerhaps(isListOf(isObject("a tensor, { name, shape }", { name: isText, shape: isShape }), 1)),
	directions: isPerhaps(isListOf(isVector, 1)),
	norm: isPerhaps(isOneOf(normalizationNames)),
	bias: isPerhaps(isOneOf(biasRules)),
	seed: isPerhaps(isWhole(0)),
	x: isPerhaps(axis.check),
	y: isPerhaps(orNone(axis).check),
	adaptive: isPerhaps(cells.check),
} satisfies Record<keyof FunctionOptions<Vector>, Check>;

function check<V extends Vector>(options: FunctionOptions<V>): void {
	checkCall(options, checks);
	const { parameters, name, out, directions, y } = options;
	if (directions !== undefined && directions.length > 2)
		throw new OptionError("directions", `expected one or two, got ${directions.length}`);
	if (out !== undefined && name === undefined)
		throw new OptionError("name", "expected one with out: a run file can't tell one function from another");
	const odd = directions?.find((direction) => direction.length !== parameters.length);
	if (odd !== undefined)
		throw new OptionError(
			"directions",
			`expected ${parameters.length} values, as many as parameters, got ${odd.length}`,
		);
	if (directions?.length === 2 && y === null) throw new OptionError("y", "expected an axis for the second direction");
}

function drawDirections<V extends Vector>(options: FunctionOptions<V>): Float32Array[] {
	const { parameters, seed = defaults.seed, norm = defaults.norm, bias = defaults.bias, y } = options;
	const layout = layoutOf(options);
	if (layout.length !== parameters.length)
		throw new OptionError("tensors", `expected ${parameters.length} values in all, got ${layout.length}`);
	const values = Float32Array.from(parameters);
	const axes = y === null ? (["x"] as const) : (["x", "y"] as const);
	return axes.map((axis) => randomDirection(axis, values, layout, { seed, norm, bias }));
}

function layoutOf<V extends Vector>({ parameters, tensors }: FunctionOptions<V>): Layout {
	let offset = 0;
	const slots = (tensors ?? [{ name: "parameters", shape: [1, parameters.length] }]).map(({ name, shape }): Slot => {
		const kind = shape.length > 1 ? "kernel" : "bias";
		const native = { shape, view: shape, permutation: shape.map((_, axis) => axis) };
		const filterAxes = kind === "kernel" ? [0] : [];
		const slot: Slot = { name, shape, kind, filterAxes, fanIn: 1, native, offset, size: sizeOf(shape) };
		offset += slot.size;
		return slot;
	});
	return { slots, length: offset };
}

function gridOf<V extends Vector>({ x, y }: FunctionOptions<V>, dimensions: number): Grid {
	const axes = defaultAxes.random;
	return regularGrid(x ?? axes.x, dimensions === 1 ? null : (y ?? axes.x));
}

function outline<V extends Vector>(
	options: FunctionOptions<V>,
	directions: readonly Vector[],
	grid: Grid,
	fields: readonly FieldSpec[],
): Surface {
	const { parameters, name = "function", notes = {} } = options;
	const text = ({ min, max, steps }: Axis) => `${min}:${max}:${steps}`;
	const { x, y } = axesOf(grid);
	const adaptive = adaptiveCells(options, grid);
	const plan = {
		model: name,
		parameters: sha256(parameters),
		directions: sha256(...directions),
		fields: fields.map((field) => field.name).join(","),
		x: text(x),
		y: y === null ? "none" : text(y),
		...(adaptive !== undefined && { adaptive: describeAdaptive(adaptive) }),
	};
	const caption = [name, `${parameters.length} parameters`];
	const origin = { label: "origin", at: grid.axes.map(() => 0), role: "origin" } as const;
	const provenance = { plan, version, caption, assumptions: [], notes };
	const interpolates = adaptive !== undefined;
	return emptySurface({ grid, extras: originExtras(grid), fields, anchors: [origin], interpolates, provenance });
}

function evaluateAt<V extends Vector>(
	{ parameters, evaluate }: FunctionOptions<V>,
	directions: readonly Vector[],
	fields: readonly FieldSpec[],
): EvaluateAt {
	const vectors = [parameters, ...directions];
	return async (at) => {
		const point = new (parameters.constructor as new (length: number) => V)(parameters.length);
		formPoint(point, vectors, weightings.affine(at));
		return valuesFrom(await evaluate(point), fields);
	};
}

/** @throws {OptionError} when a field has no number */
function valuesFrom(values: Values, fields: readonly FieldSpec[]): number[] {
	const single = fields.length === 1 && (values === null || typeof values !== "object");
	return fields.map(({ name }) => {
		const value: unknown = single ? values : values?.[name as keyof Values];
		if (typeof value === "number") return value;
		throw new OptionError("evaluate", `expected a number for ${name}, got ${shown(value)}`);
	});
}
