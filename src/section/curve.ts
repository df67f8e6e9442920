import { symmetricEigenpairs } from "../exact/symmetric.js";
import type { State } from "../network/parameters.js";
import type { Anchor } from "../surface/surface.js";
import { affineSection, type Direction } from "./affine.js";
import { addTimes, dot } from "./products.js";
import type { Projection } from "./project.js";
import type { Section } from "./section.js";
import { interpolationDirection } from "./towards.js";
import { weightings } from "./weights.js";

/** How a curve goes by its bends: a Bezier curve, which they pull towards them, or straight pieces from one to the next. */
export type CurveKind = "bezier" | "polygonal";

export const curveKinds: readonly CurveKind[] = ["bezier", "polygonal"];

/** A curve between two networks, and the networks it goes by: the first and the last lie on it. */
export interface Curve {
	readonly kind: CurveKind;
	/** Its ends and, between them, its bends. */
	readonly networks: readonly State[];
}

/** Bends this much nearer to the straight line than the ends are to each other lie on it but for rounding. */
const STRAIGHT = 1e-6;

/** The curve as a line of its own, t from 0 to 1; statistics go the same way. */
export function curveSection({ kind, networks }: Curve, ends: readonly [string, string]): Section {
	return {
		vectors: networks.map(({ parameters }) => parameters),
		statistics: networks.map(({ statistics }) => statistics),
		weighting: kind,
		dimensions: 1,
		anchors: ends.map((label, i): Anchor => ({ label, at: [i], role: i === 0 ? "origin" : "end" })),
	};
}

/** What is known of a curve's shape: from dot products of its networks, in float64. */
export interface CurveShape {
	/** From one end to the other, straight. */
	readonly chord: number;
	/** Between two places of the curve, straight. */
	distance(s: number, t: number): number;
	/** The plane through both ends that lies nearest to the bends; undefined where those lie on the straight line. */
	readonly plane: CurvePlane | undefined;
}

/** A plane with axes of length 1: along the straight line, and at right angles to it. */
export interface CurvePlane {
	readonly section: Section;
	/** Where a place of the curve is nearest to the plane. Of a curve with one bend the distance is 0: it lies in it. */
	at(t: number): Projection;
}

/** @param labels of the ends, on the plane */
export function shapeOf(curve: Curve, labels: readonly [string, string]): CurveShape {
	const [origin, ...others] = curve.networks;
	if (origin === undefined) throw new RangeError("a curve without networks");
	const differences = others.map(({ parameters }) => interpolationDirection(origin.parameters, parameters));
	const gram = differences.map((a, i) => differences.slice(0, i + 1).map((b) => dot(a, b)));
	const product: Products = (i, j) => gram[Math.max(i, j)]?.[Math.min(i, j)] ?? 0;
	/** Of the differences from the origin, at a place of the curve. */
	const weightsAt = (t: number) => weightings[curve.kind]([t], curve.networks.length).slice(1);
	const last = differences.length - 1;
	const across = acrossTheChord(product, last);
	return {
		chord: Math.sqrt(product(last, last)),
		distance(s, t) {
			const from = weightsAt(s);
			return lengthOf(
				weightsAt(t).map((weight, i) => weight - (from[i] ?? 0)),
				product,
			);
		},
		plane: across && {
			section: planeSection(curve, differences, across, labels),
			at: (t) => placeOf(weightsAt(t), across, product),
		},
	};
}

/** Dot products of the differences between the networks and the first, by their numbers. */
type Products = (i: number, j: number) => number;

/** How far each difference reaches along an axis of length 1, and the mixture of the differences that it is. */
interface Across {
	readonly along: readonly number[];
	readonly heights: readonly number[];
	readonly mixture: readonly number[];
}

function planeSection(
	{ networks }: Curve,
	differences: readonly Float64Array[],
	{ along, mixture }: Across,
	labels: readonly [string, string],
): Section {
	const [origin = { parameters: new Float32Array(), statistics: new Float32Array() }, ...others] = networks;
	const chord = along.at(-1) ?? 0;
	const statistics = others.map((network) => interpolationDirection(origin.statistics, network.statistics));
	const axisOf = (weights: readonly number[]): Direction => ({
		parameters: combination(differences, weights),
		...(origin.statistics.length > 0 && { statistics: combination(statistics, weights) }),
	});
	const x = axisOf(along.map((_, i) => (i === along.length - 1 ? 1 / chord : 0)));
	return affineSection(
		origin,
		[x, axisOf(mixture)],
		[
			{ label: labels[0], at: [0, 0], role: "origin" },
			{ label: labels[1], at: [chord, 0], role: "end" },
		],
	);
}

function placeOf(weights: readonly number[], { along, heights }: Across, product: Products): Projection {
	const off: Products = (i, j) =>
		product(i, j) - (along[i] ?? 0) * (along[j] ?? 0) - (heights[i] ?? 0) * (heights[j] ?? 0);
	// One bend is in the plane by construction: what the difference leaves of it is rounding.
	const offPlane = weights.length <= 2 ? 0 : lengthOf(weights, off);
	const whole = lengthOf(weights, product);
	return {
		at: [total(weights, along), total(weights, heights)],
		offPlane,
		offPlaneShare: whole === 0 ? 0 : offPlane / whole,
	};
}

/**
 * The direction at right angles to the chord along which the bends lie widest apart from it: the first principal component of what
 * of them is off the chord.
 *
 * @returns undefined where no bend is off the chord
 */
function acrossTheChord(product: Products, last: number): Across | undefined {
	if (last < 1) return undefined;
	const chord = product(last, last);
	const rest: Products = (i, j) => product(i, j) - (product(i, last) * product(j, last)) / chord;
	const bends = Array.from({ length: last }, (_, i) => i);
	const { values, vectors } = symmetricEigenpairs(bends.map((i) => Float64Array.from(bends, (j) => rest(i, j))));
	const [value = 0, vector = new Float64Array()] = [values.at(-1), vectors.at(-1)];
	if (!(value > STRAIGHT * STRAIGHT * chord)) return undefined;
	// The first bend lies above the chord, whatever sign the eigenvector came with.
	const scale = ((vector[0] ?? 0) < 0 ? -1 : 1) / Math.sqrt(value);
	const weights = bends.map((i) => (vector[i] ?? 0) * scale);
	const heightOf = (i: number) =>
		total(
			weights,
			bends.map((j) => rest(i, j)),
		);
	const alongChord = total(
		weights,
		bends.map((i) => product(i, last) / chord),
	);
	return {
		along: [...bends, last].map((i) => product(i, last) / Math.sqrt(chord)),
		heights: [...bends.map(heightOf), 0],
		mixture: [...weights, -alongChord],
	};
}

function combination(vectors: readonly Float64Array[], weights: readonly number[]): Float64Array {
	const sum = new Float64Array(vectors[0]?.length ?? 0);
	for (const [i, vector] of vectors.entries()) addTimes(sum, weights[i] ?? 0, vector);
	return sum;
}

/** The length of a mixture of the differences, by their dot products. */
function lengthOf(weights: readonly number[], product: Products): number {
	const squared = weights.reduce((sum, a, i) => sum + a * weights.reduce((row, b, j) => row + b * product(i, j), 0), 0);
	return Math.sqrt(Math.max(0, squared));
}

function total(weights: readonly number[], values: readonly number[]): number {
	return weights.reduce((sum, weight, i) => sum + weight * (values[i] ?? 0), 0);
}
