import type { Surface } from "../surface/surface.js";
import { cellArea, descents } from "./basins.js";
import { checkTopology, fieldOf, landscapeOf, type TopologyOptions } from "./landscape.js";
import { mergeTree, withoutPlateaus } from "./merge-tree.js";
import { fullCount, usualNeighbours } from "./neighbours.js";
import { type PersistencePair, pairsOf } from "./pairs.js";
import { type Significance, significanceOf } from "./significance.js";

/** The minima and maxima of a field on its grid, what separates them, and which of them stand out. */
export interface Topology {
	/** The name of the field. */
	readonly field: string;
	/** Largest persistence first. */
	readonly minima: readonly PersistencePair[];
	readonly maxima: readonly PersistencePair[];
	/** How many parts the points with a value fall into that no path joins: several are separated by missing points. */
	readonly domains: number;
	/** Grid points without a value: holes. */
	readonly missing: number;
	/**
	 * By what a pair is significant: its persistence is above the one asked for; above twice the standard error of the difference of its
	 * two values, where the surface has a field of these; else above a hundredth of the field's finite range.
	 */
	readonly rule: Significance["rule"];
	/** Of each grid point the number in `minima` of the one that steepest descent comes to; −1 for holes. */
	readonly basins: Int32Array;
	/** Of each minimum the area of its basin, α·β; on a line its length. */
	readonly basinAreas: readonly number[];
}

/**
 * The topology of a field on its grid: the merge tree of its sublevel sets as pairs of minima and saddles, maxima in the same way, and
 * basins. Points not computed and NaN are holes: nothing is filled in or moved, and paths go around them. Of equal values the point with the
 * lower number counts as lower; a plateau is one minimum.
 *
 * @throws {OptionError} for a field that there is not, for −∞, and where no point has a value
 * @see Edelsbrunner and Harer, Computational Topology (2010), chapter VII
 */
export function topology(surface: Surface, options: TopologyOptions = {}): Topology {
	checkTopology(surface, options);
	const { grid } = surface;
	const up = landscapeOf(surface, options);
	const down = { ...up, values: up.values.map((value) => -value) };
	const significance = significanceOf(surface, up, options);
	const full = fullCount(grid, options.neighbours ?? usualNeighbours);
	const isBorder = (point: number) => up.neighboursOf(point).filter(up.isVertex).length < full;
	const branches = mergeTree(up);
	const { kept, keptOf } = withoutPlateaus(branches, up.values);
	const { pairs: minima, placeOf } = pairsOf("minimum", kept, up, significance, isBorder);
	const peaks = withoutPlateaus(mergeTree(down), down.values).kept;

	const numberOf = new Map(branches.map(({ leaf }, i) => [leaf, placeOf[keptOf[i] ?? 0] ?? 0]));
	const basins = descents(grid, up).map((leaf) => numberOf.get(leaf) ?? -1);
	const areas = new Float64Array(minima.length);
	for (const [point, basin] of basins.entries())
		if (basin >= 0) areas[basin] = (areas[basin] ?? 0) + cellArea(grid, point);
	return {
		field: fieldOf(surface, options).name,
		minima,
		maxima: pairsOf("maximum", peaks, up, significance, isBorder).pairs,
		domains: minima.filter(({ essential }) => essential).length,
		missing: up.values.filter(Number.isNaN).length,
		rule: significance.rule,
		basins,
		basinAreas: [...areas],
	};
}

/**
 * Of each minimum the significant one that its basin belongs to once those that are not significant have become part of what they
 * meet; itself for a significant one, and for one that meets none.
 */
export function significantOf(minima: readonly PersistencePair[]): number[] {
	return minima.map((pair, i) => {
		let [number, into] = [i, pair.significant ? null : pair.into];
		while (into !== null) {
			number = into;
			const next = minima[into];
			into = next === undefined || next.significant ? null : next.into;
		}
		return number;
	});
}
