import { OptionError } from "../errors.js";
import { USUAL_CELLS } from "../options/plane/index.js";
import type { Grid } from "../surface/grid.js";
import { whyWithoutLevels } from "../sweep/adaptive/lattice.js";
import { RULE } from "../sweep/adaptive/rounds.js";

/**
 * By how many cells isolines may shift; undefined where all points of the grid are computed.
 *
 * @throws {OptionError} where a grid has no levels
 */
export function adaptiveCells(
	{ adaptive = false, confidence = false }: { readonly adaptive?: boolean | number; readonly confidence?: boolean },
	grid: Grid,
): number | undefined {
	if (adaptive === false) return undefined;
	if (confidence)
		throw new OptionError("adaptive", "expected either this or confidence, which takes samples for all points");
	const reason = whyWithoutLevels(grid);
	if (reason !== null) throw new OptionError("adaptive", reason);
	return adaptive === true ? USUAL_CELLS : adaptive;
}

/** What decides which points of a grid are computed, and so which values it has between them. */
export function describeAdaptive(cells: number): string {
	return `${cells} cells, rule ${RULE}`;
}
