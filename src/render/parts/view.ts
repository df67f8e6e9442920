import { OptionError } from "../../errors.js";
import { cosineOfHalfTurns } from "../../exact/elementary.js";
import type { Rect } from "./figure.js";
import type { Place } from "./path.js";

/** From where a relief is seen, in degrees. */
export interface View {
	/** Around the upright, from α towards β: at 0 one looks against α, at -90 along β. */
	readonly azimuth: number;
	/** Above the plane. */
	readonly elevation: number;
}

/** α to the right, β to the back, and high enough to see into a bowl. */
export const usualView: View = { azimuth: -60, elevation: 42 };

/** Lower, the surface hides itself; higher, heights can't be seen. */
export const [LEAST_ELEVATION, MOST_ELEVATION] = [5, 80];

/** @throws {OptionError} for an elevation out of range and an azimuth that is no angle */
export function checkView(property: string, { azimuth, elevation }: View, given = `${azimuth}:${elevation}`): void {
	const isFine = Math.abs(azimuth) <= 360 && elevation >= LEAST_ELEVATION && elevation <= MOST_ELEVATION;
	if (isFine) return;
	const expected = `azimuth:elevation with -360 to 360 and ${LEAST_ELEVATION} to ${MOST_ELEVATION} degrees`;
	throw new OptionError(property, `expected ${expected}, got "${given}"`);
}

/** A box around 0 that is 1 long in α, its floor at `floor`, the lowest value at height 0. */
export interface Box {
	/** Length in β. */
	readonly depth: number;
	readonly height: number;
	readonly floor: number;
}

/** A box seen in parallel lines, within a figure. */
export interface Projection {
	/** What points of the box are in the figure: x from -0.5 to 0.5 along α, y from -depth / 2 along β, z up. */
	readonly place: (x: number, y: number, z: number) => Place;
	/** Which way along x and y is nearer to who looks: 1 or -1. */
	readonly nearX: 1 | -1;
	readonly nearY: 1 | -1;
	/** What surrounds the box in the figure. */
	readonly bounds: Rect;
}

/** The box as wide as `width`, its left end at `left` and its upper at `top`, in user units. */
export function projectionOf(view: View, box: Box, left: number, top: number, width: number): Projection {
	const [cosine, sine] = [cosineOf(view.azimuth), sineOf(view.azimuth)];
	const [flat, steep] = [cosineOf(view.elevation), sineOf(view.elevation)];
	const across = (x: number, y: number) => y * cosine - x * sine;
	const down = (x: number, y: number, z: number) => steep * (x * cosine + y * sine) - flat * z;
	const corners = [-0.5, 0.5].flatMap((x) => [-0.5, 0.5].map((y) => [x, y * box.depth] as const));
	const xs = corners.map(([x, y]) => across(x, y));
	const ys = corners.flatMap(([x, y]) => [down(x, y, box.floor), down(x, y, box.height)]);
	const [minX, minY] = [Math.min(...xs), Math.min(...ys)];
	const unit = width / (Math.max(...xs) - minX);
	return {
		place: (x, y, z) => ({ x: left + (across(x, y) - minX) * unit, y: top + (down(x, y, z) - minY) * unit }),
		nearX: cosine < 0 ? -1 : 1,
		nearY: sine < 0 ? -1 : 1,
		bounds: { x: left, y: top, width, height: (Math.max(...ys) - minY) * unit },
	};
}

/** The cosine of an angle in degrees, the same on every machine. */
function cosineOf(degrees: number): number {
	const turned = ((degrees % 360) + 360) % 360;
	return cosineOfHalfTurns((turned > 180 ? 360 - turned : turned) / 180);
}

function sineOf(degrees: number): number {
	return cosineOf(degrees - 90);
}
