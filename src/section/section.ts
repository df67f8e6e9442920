import { isListOf, isNumber, isObject, isOneOf, isText, isVector } from "../check/values.js";
import type { NumberReader, NumberSource } from "../compute/program/point-writer.js";
import { OptionError } from "../errors.js";
import type { State } from "../network/parameters.js";
import type { Coordinates } from "../surface/grid.js";
import type { Anchor } from "../surface/surface.js";
import { isStored, type PlacedVector, partOf, readNumbers, stretchesOf, type Vector } from "./vector.js";
import { type Weighting, weightings } from "./weights.js";

/**
 * Which networks are looked at: each place on it is a state, θ(c) = fround(Σ wₖ(c)·vₖ), computed in double, in order, and
 * rounded once. A plane has the vectors (θ0, δ, η) and the weights (1, α, β).
 */
export interface Section<V extends PlacedVector = Vector> {
	/** Of the parameters; shared, however many workers there are. */
	readonly vectors: readonly V[];
	/** Of the running statistics, by the same weights; those of the origin alone where they stay as they are. */
	readonly statistics: readonly Vector[];
	readonly weighting: Weighting;
	/** How many coordinates a place has. */
	readonly dimensions: 1 | 2;
	readonly anchors: readonly Anchor[];
}

/** A section whose vectors are in memory, or some of them in files. */
export type AnySection = Section<PlacedVector>;

const isSectionShape = isObject("a section, as affineSection makes one", {
	vectors: isListOf(isVector, 1),
	statistics: isListOf(isVector, 1),
	weighting: isOneOf(Object.keys(weightings)),
	anchors: isListOf(
		isObject("an anchor", { label: isText, at: isListOf(isNumber, 1), role: isOneOf(["origin", "end"]) }),
	),
});

/**
 * Checks a section that someone has in memory.
 *
 * @throws {OptionError} when it is none, or its vectors are not as many as its dimensions ask for
 */
export function checkSection(name: string, section: unknown): asserts section is Section {
	isSectionShape(name, section);
	const { vectors, dimensions, anchors, weighting } = section as Section;
	if (dimensions !== 1 && dimensions !== 2)
		throw new OptionError(`${name}.dimensions`, `expected 1 or 2, got ${dimensions}`);
	if (weighting === "affine" && vectors.length !== dimensions + 1)
		throw new OptionError(
			`${name}.vectors`,
			`expected ${dimensions + 1}, the origin and ${dimensions === 1 ? "a direction" : "two directions"}, got ${vectors.length}`,
		);
	const odd = anchors.findIndex(({ at }) => at.length !== dimensions);
	if (odd >= 0) throw new OptionError(`${name}.anchors[${odd}].at`, `expected ${dimensions} coordinates`);
}

/** Whether statistics move with the parameters. */
export function movesStatistics({ statistics }: AnySection): boolean {
	return statistics.length > 1;
}

/** Puts the state at a place of a section into `out`. */
export function formState(out: State, section: AnySection, at: Coordinates): void {
	const { vectors, statistics } = section;
	formPoint(out.parameters, ...termsOf(section, vectors, at));
	formPoint(out.statistics, ...termsOf(section, statistics, at));
}

/** Puts the statistics at a place of a section into `out`. */
export function formStatistics(out: Vector, section: AnySection, at: Coordinates): void {
	formPoint(out, ...termsOf(section, section.statistics, at));
}

/** The parameters at a place of a section, for whoever wants them part by part. */
export function parametersAt(section: AnySection, at: Coordinates): NumberSource {
	const [vectors, weights] = termsOf(section, section.vectors, at);
	const isSum = vectors.length <= 3 && vectors.every(isOfFloats);
	return {
		write: (target, first) => formPoint(target, vectors, weights, first),
		sum: isSum ? { terms: vectors.map(readerOf), weights } : undefined,
	};
}

function isOfFloats(vector: PlacedVector): boolean {
	return isStored(vector) ? vector.type === "float32" : vector instanceof Float32Array;
}

/** A vector's reader is the same one at every point. */
const readers = new WeakMap<PlacedVector, NumberReader>();

function readerOf(vector: PlacedVector): NumberReader {
	const known = readers.get(vector);
	if (known !== undefined) return known;
	const reader: NumberReader = {
		length: vector.length,
		read: (target, first) => readNumbers(vector, first, target),
	};
	readers.set(vector, reader);
	return reader;
}

/** The vectors and their weights at a place; of a chain those alone that have one, so that others' NaN stay with them. */
function termsOf(
	{ weighting }: AnySection,
	vectors: readonly PlacedVector[],
	at: Coordinates,
): readonly [readonly PlacedVector[], readonly number[]] {
	const weights = weightings[weighting](at, vectors.length);
	if (weighting === "affine") return [vectors, weights];
	const there = vectors.filter((_, k) => weights[k] !== 0);
	return [there, weights.filter((weight) => weight !== 0)];
}

/**
 * θ = fround(Σ wₖ·vₖ) over as many vectors as there are: computed in double, in this order, and rounded once. A weight of
 * 1 is exact, so a plane's θ is fround(θ0 + α·δ + β·η).
 *
 * @param out  receives as many numbers of θ as it holds. Of float64 they are not rounded.
 * @param from the first of them
 */
export function formPoint(out: Vector, vectors: readonly PlacedVector[], weights: readonly number[], from = 0): void {
	if (!vectors.some(isStored)) {
		formStretch(out, numbersOf(vectors, from, out.length), weights);
		return;
	}
	for (const [first, count] of stretchesOf(out.length, vectors))
		formStretch(out.subarray(first, first + count), numbersOf(vectors, from + first, count), weights);
}

function numbersOf(vectors: readonly PlacedVector[], first: number, count: number): Vector[] {
	return vectors.map((vector) => partOf(vector, first, count));
}

function formStretch(out: Vector, vectors: readonly Vector[], weights: readonly number[]): void {
	const [origin = out, x, y, ...more] = vectors;
	const [one = 1, alpha = 0, beta = 0] = weights;
	if (more.length > 0) {
		formGeneral(out, vectors, weights);
		return;
	}
	if (x === undefined) {
		for (let i = 0; i < out.length; i++) out[i] = one * (origin[i] ?? 0);
		return;
	}
	if (y === undefined) {
		for (let i = 0; i < out.length; i++) out[i] = one * (origin[i] ?? 0) + alpha * (x[i] ?? 0);
		return;
	}
	// Two at a time: the engine does not unroll, and this is the largest part of a point outside the kernels.
	const even = out.length - (out.length % 2);
	for (let i = 0; i < even; i += 2) {
		const j = i + 1;
		out[i] = one * (origin[i] ?? 0) + alpha * (x[i] ?? 0) + beta * (y[i] ?? 0);
		out[j] = one * (origin[j] ?? 0) + alpha * (x[j] ?? 0) + beta * (y[j] ?? 0);
	}
	if (even < out.length) out[even] = one * (origin[even] ?? 0) + alpha * (x[even] ?? 0) + beta * (y[even] ?? 0);
}

/** The same for any number of vectors, element by element. The sum starts at its first term: 0 + −0 would be +0. */
function formGeneral(out: Vector, vectors: readonly Vector[], weights: readonly number[]): void {
	const [first = out, ...others] = vectors;
	const [one = 1, ...rest] = weights;
	for (let i = 0; i < out.length; i++) {
		let sum = one * (first[i] ?? 0);
		for (let k = 0; k < others.length; k++) sum += (rest[k] ?? 0) * (others[k]?.[i] ?? 0);
		out[i] = sum;
	}
}
