import { axesAround } from "../resolve/trajectory.js";
import type { CurveShape } from "../section/curve.js";
import { axesOf, axisValue, type Grid, regularGrid } from "../surface/grid.js";
import type { Path, Trajectories } from "../surface/trajectory.js";
import type { MeasuredLine } from "./table.js";

/** Of the places that have been measured, one in so many is drawn. */
const DRAWN = 3;

/**
 * The curve and the straight line as ways on the plane through both ends: each place with the loss that it has been measured to have.
 */
export function waysOnPlane(
	{ plane, chord }: CurveShape,
	lines: readonly MeasuredLine[],
	origin: string,
): Trajectories | undefined {
	if (plane === undefined) return undefined;
	const paths = lines.map(({ way, surface }): Path => {
		const { x } = axesOf(surface.grid);
		const losses = surface.fields[0]?.values ?? new Float64Array();
		return {
			label: way === "curve" ? "curve" : "straight line",
			points: Array.from({ length: Math.floor((x.steps - 1) / DRAWN) + 1 }, (_, k) => {
				const i = k * DRAWN;
				const t = axisValue(x, i);
				const place = way === "curve" ? plane.at(t) : { at: [t * chord, 0], offPlane: 0, offPlaneShare: 0 };
				const loss = losses[i] ?? Number.NaN;
				return { file: `t = ${Number(t.toFixed(4))}`, ...place, loss, lossOwnStatistics: loss };
			}),
		};
	});
	return { origin, principal: null, paths };
}

/** A grid around some ways, of which the first network is a point. */
export function gridAround({ paths }: Trajectories, steps: number): Grid {
	const [x = { min: 0, max: 1, steps }, y = null] = axesAround(paths, 2, steps);
	return regularGrid(x, y);
}
