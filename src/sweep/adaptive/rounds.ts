import { gridPoints, pointNumber } from "../../surface/grid.js";
import type { Surface } from "../../surface/surface.js";
import { type Audit, auditPoints, largestShare, pointsAround } from "./audit.js";
import { pointsToCompute } from "./choose.js";
import { firstPoints, type Lattice, latticeOf } from "./lattice.js";
import { mainHeights, type Sampled, sampled, unknownPoints } from "./sampled.js";
import { ErrorPerCell } from "./tolerance.js";

/** Of all that decides which points are computed: other numbers there are other surfaces. */
export const RULE = 1;

/** What points are computed for. */
export type Purpose = "first grid" | "refinement" | "audit" | "refinement after an audit";

/** Points that must be known before others are chosen. */
export interface Round {
	readonly purpose: Purpose;
	/** Of the grid, in rising order; none of them was asked for before. */
	readonly points: readonly number[];
}

/** What is known when a surface is as good as was asked for. */
export interface AdaptiveOutcome {
	readonly report: AdaptiveReport;
	/** The values of every field at the points that were not computed, field by field, in the order of `points`. */
	readonly predicted: { readonly points: readonly number[]; readonly fields: readonly Float64Array[] };
}

/** How a surface was computed at a part of its points only, and how good the rest is. */
export interface AdaptiveReport {
	/** The shift of isolines, in cells, that is tolerated. */
	readonly cells: number;
	/** Points of the grid, and how many of them were computed. */
	readonly points: number;
	readonly evaluated: number;
	/** The trials at random, in their order; of one that failed the surroundings were refined. None where all points were computed. */
	readonly audits: readonly Audit[];
	/**
	 * With 95 % confidence no larger a share of the interpolated points is off by more than is tolerated; null where all were
	 * computed.
	 */
	readonly bound: number | null;
	/** The plain grid that it began with, and by how much cubics through it shift lines, at worst, at all points computed since. */
	readonly coarse: { readonly columns: number; readonly rows: number; readonly worst: number };
}

/**
 * An adaptive sweep of a plane as a row of rounds: which points must be computed, each time as those before have come out. What is
 * decided depends on the values of points that have been asked for, and on nothing else: not on what else is there, not on order or
 * interruptions. So a sweep that was killed goes through its rounds again, at no cost where their points are there.
 *
 * @param cells the shift of isolines that is tolerated
 * @param seed  of the audits' draws
 */
export function* adaptiveRounds(
	surface: Pick<Surface, "grid" | "fields" | "anchors">,
	cells: number,
	seed: number,
): Generator<Round, AdaptiveOutcome, void> {
	const { grid } = surface;
	const isKnown = new Uint8Array(gridPoints(grid));
	function* ask(purpose: Purpose, points: readonly number[]): Generator<Round, void, void> {
		const asked = [...new Set(points)].filter((point) => isKnown[point] !== 1).sort((a, b) => a - b);
		yield { purpose, points: asked };
		for (const point of asked) isKnown[point] = 1;
	}
	const lattice = latticeOf(grid);
	const anchors = surface.anchors.map(({ at }) => pointNumber(grid, at)).filter((point) => point >= 0);
	yield* ask("first grid", [...firstPoints(lattice), ...anchors]);
	const coarse = cubicsOfFirst(surface, isKnown);
	const audits: Audit[] = [];
	for (;;) {
		let known = sampled(surface, isKnown);
		for (;;) {
			const next = pointsToCompute(known, cells);
			if (next.length === 0) break;
			yield* ask(audits.length === 0 ? "refinement" : "refinement after an audit", next);
			known = sampled(surface, isKnown);
		}
		const before = unknownPoints(isKnown);
		const tried = auditPoints(before, seed, audits.length);
		yield* ask("audit", tried);
		const points = unknownPoints(isKnown);
		if (points.length > 0) {
			const { audit, wrong } = judge(surface, tried, known, coarse, cells);
			audits.push(audit);
			if (wrong.length > 0) {
				yield* ask(
					"refinement after an audit",
					wrong.flatMap((point) => pointsAround(grid, point)),
				);
				continue;
			}
		}
		return outcome(surface, { known, isKnown, points, coarse, cells, audits });
	}
}

/** Heights of the main field by cubics through the points of the first level alone: what the plain coarse grid would give. */
interface Coarse {
	readonly lattice: Lattice;
	readonly heights: Float64Array;
}

function cubicsOfFirst(surface: Pick<Surface, "grid" | "fields">, isKnown: Uint8Array): Coarse {
	const { lattice, fields } = sampled(surface, isKnown);
	return { lattice, heights: mainHeights({ fields }) };
}

/** By how many cells two heights at a point are apart: errors shift lines by so much. */
function shiftsOf(surface: Pick<Surface, "fields">, known: Sampled, points: readonly number[], cells: number) {
	const { lattice, fields } = known;
	const perCell = new ErrorPerCell(mainHeights(known), lattice, cells);
	const values = surface.fields[0]?.values ?? new Float64Array();
	const scale = fields[0]?.scale;
	return (heights: Float64Array): number[] =>
		points.map((point) => {
			const [column, row] = [point % lattice.columns, Math.floor(point / lattice.columns)];
			const height = scale?.heightOf(values[point] ?? Number.NaN) ?? Number.NaN;
			const error = Math.abs(height - (heights[point] ?? Number.NaN));
			const shift = error === 0 ? 0 : error / perCell.at(column, row, 1);
			return Number.isNaN(shift) ? Number.POSITIVE_INFINITY : shift;
		});
}

function judge(
	surface: Pick<Surface, "fields">,
	tried: readonly number[],
	known: Sampled,
	coarse: Coarse,
	cells: number,
): { readonly audit: Audit; readonly wrong: readonly number[] } {
	const shiftsBy = shiftsOf(surface, known, tried, cells);
	const shifts = shiftsBy(mainHeights(known));
	const wrong = tried.filter((_, i) => !((shifts[i] ?? 0) <= cells));
	const audit = {
		points: tried.length,
		over: wrong.length,
		worst: Math.max(0, ...shifts),
		worstOfCoarse: Math.max(0, ...shiftsBy(coarse.heights)),
	};
	return { audit, wrong };
}

function outcome(
	surface: Pick<Surface, "grid" | "fields">,
	parts: {
		/** What was audited. */
		readonly known: Sampled;
		readonly isKnown: Uint8Array;
		readonly points: readonly number[];
		readonly coarse: Coarse;
		readonly cells: number;
		readonly audits: readonly Audit[];
	},
): AdaptiveOutcome {
	const { known, isKnown, points, coarse, cells, audits } = parts;
	const first = new Set(firstPoints(coarse.lattice));
	const since = Array.from(isKnown.keys()).filter((point) => isKnown[point] === 1 && !first.has(point));
	const all = sampled(surface, isKnown);
	const { columns, rows, stride } = coarse.lattice;
	const last = audits.at(-1);
	const report: AdaptiveReport = {
		cells,
		points: isKnown.length,
		evaluated: isKnown.length - points.length,
		audits,
		bound: points.length === 0 || last === undefined ? null : largestShare(last.points, audits.length - 1),
		coarse: {
			columns: (columns - 1) / stride + 1,
			rows: (rows - 1) / stride + 1,
			worst: Math.max(0, ...shiftsOf(surface, all, since, cells)(coarse.heights)),
		},
	};
	const fields = known.fields.map(({ heights, scale }) =>
		Float64Array.from(points, (point) => scale.valueOf(heights[point] ?? Number.NaN)),
	);
	return { report, predicted: { points, fields } };
}
