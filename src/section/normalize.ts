import { LayoutMismatchError } from "../errors.js";
import { filterCount, filterNumbers, type Layout, type Slot, slice } from "../network/parameters.js";
import { norm } from "./products.js";

/** How a random direction d is scaled by the parameters θ. */
export type Normalization = "filter" | "layer" | "weight" | "whole" | "none";

/** What becomes of biases, and of the scale and shift of normalisation layers. */
export type BiasRule = "zero" | "keep";

interface Rule {
	/** Scales the direction's part for one tensor of rank 2 or more, in place. */
	tensor?(direction: Float64Array, parameters: Float32Array, slot: Slot): void;
	/** The reference code sets kept tensors of rank 1 to the parameters themselves under every rule that scales. */
	biasFromParameters?: boolean;
	/** Scales the whole direction in place, after the tensors. */
	whole?(direction: Float64Array, parameters: Float32Array): void;
}

/** Every normalisation there is, one line each. */
const normalizations: Readonly<Record<Normalization, Rule>> = {
	filter: { tensor: scaleFilters, biasFromParameters: true },
	layer: { tensor: scaleTensor, biasFromParameters: true },
	weight: { tensor: scaleElements, biasFromParameters: true },
	whole: { whole: scaleWhole },
	none: {},
};

export const normalizationNames = Object.keys(normalizations) as Normalization[];

/**
 * Scales a random direction to the size of the parameters, in place.
 *
 * @param direction  flat vector, one value a parameter
 * @param parameters flat vector θ*, same layout
 * @param layout     where each tensor lies and which axes count its filters
 * @param bias       `zero`: tensors of biases, scales and shifts become zero; `keep`: they become a copy of the parameters
 *   under filter, layer and weight normalisation (as in the reference code), and stay Gaussian under the others
 * @throws {LayoutMismatchError} when the vectors differ in length from the layout
 * @see Li et al. 2018 (arXiv 1712.09913), section 4, for filter and layer; Im et al. (arXiv 1612.04010) for whole
 */
export function normalize(
	direction: Float64Array,
	parameters: Float32Array,
	layout: Layout,
	normalization: Normalization,
	bias: BiasRule,
): void {
	if (direction.length !== layout.length || parameters.length !== layout.length)
		throw new LayoutMismatchError(
			`expected vectors of ${layout.length} values, got a direction of ${direction.length} and parameters of ${parameters.length}`,
		);
	const rule: Rule = normalizations[normalization];
	for (const slot of layout.slots) {
		const part = slice(direction, slot);
		const values = slice(parameters, slot);
		if (slot.kind === "kernel") rule.tensor?.(part, values, slot);
		else if (bias === "zero") part.fill(0);
		else if (rule.biasFromParameters) part.set(values);
	}
	rule.whole?.(direction, parameters);
}

/** Keeps a filter of zeros from dividing by zero; the reference code adds the same. */
const FILTER_EPSILON = 1e-10;

/** d[k] ← d[k] · ‖w[k]‖ / (‖d[k]‖ + 1e-10) for each filter k. */
function scaleFilters(direction: Float64Array, parameters: Float32Array, { shape, filterAxes }: Slot): void {
	const filters = filterNumbers(shape, filterAxes);
	const count = filterCount(shape, filterAxes);
	const target = filterNorms(parameters, filters, count);
	const current = filterNorms(direction, filters, count);
	const factors = target.map((length, k) => length / ((current[k] ?? 0) + FILTER_EPSILON));
	for (let i = 0; i < filters.length; i++) direction[i] = (direction[i] ?? 0) * (factors[filters[i] ?? 0] ?? 0);
}

/** The Euclidean norm of each filter of a tensor. */
function filterNorms(values: Float32Array | Float64Array, filters: Uint32Array, count: number): Float64Array {
	const squares = new Float64Array(count);
	for (let i = 0; i < filters.length; i++) {
		const k = filters[i] ?? 0;
		const value = values[i] ?? 0;
		squares[k] = (squares[k] ?? 0) + value * value;
	}
	return squares.map(Math.sqrt);
}

/** d ← d · ‖w‖ / ‖d‖ for a whole tensor. */
function scaleTensor(direction: Float64Array, parameters: Float32Array): void {
	scaleBy(direction, norm(parameters) / norm(direction));
}

/** d ← d · w, element by element. */
function scaleElements(direction: Float64Array, parameters: Float32Array): void {
	for (const [i, value] of parameters.entries()) direction[i] = (direction[i] ?? 0) * value;
}

/** d ← d · ‖θ‖ / ‖d‖ over all parameters at once. */
function scaleWhole(direction: Float64Array, parameters: Float32Array): void {
	scaleBy(direction, norm(parameters) / norm(direction));
}

function scaleBy(direction: Float64Array, factor: number): void {
	for (let i = 0; i < direction.length; i++) direction[i] = (direction[i] ?? 0) * factor;
}
