import { Vector3 } from "three";
import { linearTicks } from "../../render/parts/ticks.js";
import { axisName, type Plane, shareOf } from "./plane.js";
import type { PlanePlace } from "./reading.js";

/** Of a box 1 long in α: what the surface rises, and how far below it the floor is; as in the figures. */
export const [HEIGHT, FLOOR] = [0.48, -0.26];

/** How high the heads of pins stand. */
export const PIN = HEIGHT * 1.1;

/** Where a place of the plane lies in the box, at a height. */
export function inBox(plane: Plane, alpha: number, beta: number, height: number): Vector3 {
	const v = shareOf(beta, plane.yRange);
	const up = Number.isNaN(height) ? FLOOR : Math.min(1, height) * HEIGHT;
	return new Vector3(shareOf(alpha, plane.xRange) - 0.5, up, (0.5 - v) * plane.depth);
}

/** Whether a place lies on the plane. */
export function isOn({ xRange, yRange }: Plane, { alpha, beta }: PlanePlace): boolean {
	return alpha >= xRange[0] && alpha <= xRange[1] && beta >= yRange[0] && beta <= yRange[1];
}

/** A word at an edge of the box. */
export interface EdgeLabel {
	readonly text: string;
	readonly place: Vector3;
	/** A place further out, towards which it stands. */
	readonly away: Vector3;
	readonly size: "tick" | "name";
}

/** Numbers and names along the floor's two edges that are nearest to who looks, and up the edge of the height at its left. */
export function edgesOf(plane: Plane, eye: Vector3): EdgeLabel[] {
	const half = plane.depth / 2;
	const [x, z] = [eye.x >= 0 ? 0.5 : -0.5, eye.z >= 0 ? half : -half];
	const floor = (atX: number, atZ: number) => new Vector3(atX, FLOOR, atZ);
	const alpha = linearTicks(...plane.xRange, 5).map(({ value, label }): EdgeLabel => {
		const at = shareOf(value, plane.xRange) - 0.5;
		return { text: label, place: floor(at, z), away: floor(at, z * 1.4), size: "tick" };
	});
	const beta = linearTicks(...plane.yRange, 5).map(({ value, label }): EdgeLabel => {
		const at = (0.5 - shareOf(value, plane.yRange)) * plane.depth;
		return { text: label, place: floor(x, at), away: floor(x * 1.4, at), size: "tick" };
	});
	const names: EdgeLabel[] = [
		{ text: axisName(plane.surface, 0), place: floor(0, z), away: floor(0, z * 1.4), size: "name" },
		{ text: axisName(plane.surface, 1), place: floor(x, 0), away: floor(x * 1.4, 0), size: "name" },
	];
	const [leftX, leftZ] = leftCorner(eye, half);
	const heights = plane.scale.ticks(5).map(({ position, label }): EdgeLabel => {
		const place = new Vector3(leftX, position * HEIGHT, leftZ);
		return { text: label, place, away: new Vector3(leftX * 1.4, position * HEIGHT, leftZ * 1.4), size: "tick" };
	});
	return [...alpha, ...beta, ...names, ...heights];
}

/** The corner furthest to the left of who looks. */
function leftCorner(eye: Vector3, half: number): readonly [number, number] {
	const corners = [-0.5, 0.5].flatMap((x) => [-half, half].map((z) => [x, z] as const));
	// To the right of who looks at the middle is (eye.z, -eye.x).
	const right = ([x, z]: readonly [number, number]) => x * eye.z - z * eye.x;
	return corners.reduce((left, corner) => (right(corner) < right(left) ? corner : left));
}

/** The edges of the box that are drawn: around the floor, and up at the left. */
export function boxEdges(plane: Plane, eye: Vector3): number[] {
	const half = plane.depth / 2;
	const corners = [
		[-0.5, -half],
		[0.5, -half],
		[0.5, half],
		[-0.5, half],
	] as const;
	const around = corners.flatMap(([x, z], i) => {
		const [nextX, nextZ] = corners[(i + 1) % 4] ?? corners[0];
		return [x, FLOOR, z, nextX, FLOOR, nextZ];
	});
	const [x, z] = leftCorner(eye, half);
	return [...around, x, FLOOR, z, x, HEIGHT, z];
}
