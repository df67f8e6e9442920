import type { Ink } from "./paper.js";
import type { Plane } from "./plane.js";
import type { PlanePlace } from "./reading.js";
import type { Settings } from "./settings.js";

/** What a view draws. */
export interface Scene {
	readonly plane: Plane;
	readonly settings: Settings;
	readonly ink: Ink;
	/** A place that is pointed at. */
	readonly cursor: PlanePlace | null;
}

/** One way to look at a plane, in an element of its own. */
export interface View {
	readonly element: HTMLElement;
	/** Takes what is to be seen; drawn by `draw`. */
	show(scene: Scene): void;
	draw(): void;
	/** The place of the plane under a place of the element, in CSS pixels; null where there is none. */
	placeAt(x: number, y: number): PlanePlace | null;
	/** How far off a point still counts as on it. */
	reach(): PlanePlace;
	/** What is seen, pixel by pixel. */
	picture(): HTMLCanvasElement;
	/** Ends what it holds of the graphics card. */
	close(): void;
}

/** A place as far off as half a step of the grid, or eight pixels where these are less. */
export function reachOf({ of, xRange, yRange }: Plane, width: number, height: number): PlanePlace {
	const PIXELS = 8;
	const across = (xRange[1] - xRange[0]) * Math.min(PIXELS / width, 0.5 / (of.columns - 1));
	const up = (yRange[1] - yRange[0]) * Math.min(PIXELS / height, 0.5 / (of.rows - 1));
	return { alpha: across, beta: up };
}
