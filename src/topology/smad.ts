import type { Topology } from "./topology.js";

/** What a mean of depths is taken of. */
export interface SmadOptions {
	/** Divides by the field's finite range, so that fields of other units can be compared. */
	readonly range?: number;
	/** Weighs each depth by its basin's share of the area. */
	readonly weighted?: boolean;
}

/**
 * The saddle–minimum average distance: the mean of |f(saddle) − f(minimum)| over all pairs of minima that are not essential, in units of
 * the field; 0 for a single basin. Pairs that die at +∞, behind a wall, do not count.
 *
 * What Landscaper calls SMAD is the same in spirit only: it joins points by a β-skeleton and moves maxima by noise, so that its pairs are
 * others.
 */
export function smad(
	{ minima, basinAreas }: Pick<Topology, "minima" | "basinAreas">,
	options: SmadOptions = {},
): number {
	const { range = 1, weighted = false } = options;
	const all = basinAreas.reduce((sum, area) => sum + area, 0);
	const depths = minima.flatMap(({ essential, persistence }, i) => {
		if (essential || persistence === Number.POSITIVE_INFINITY) return [];
		return [persistence * (weighted ? (basinAreas[i] ?? 0) / all : 1)];
	});
	if (depths.length === 0) return 0;
	return depths.reduce((sum, depth) => sum + depth, 0) / depths.length / range;
}
