import {
	BufferGeometry,
	CanvasTexture,
	Color,
	DoubleSide,
	Float32BufferAttribute,
	LineBasicMaterial,
	LineSegments,
	Mesh,
	MeshBasicMaterial,
	type Object3D,
	Points,
	PointsMaterial,
	RepeatWrapping,
	SRGBColorSpace,
	Vector3,
} from "three";
import { LineMaterial } from "three/examples/jsm/lines/LineMaterial.js";
import { LineSegments2 } from "three/examples/jsm/lines/LineSegments2.js";
import { LineSegmentsGeometry } from "three/examples/jsm/lines/LineSegmentsGeometry.js";
import { isolines } from "../../render/isolines.js";
import { tableIndex } from "../../render/parts/colormap.js";
import { hatchTile, type Ink } from "./paper.js";
import { heightAt, lossColour, type Plane } from "./plane.js";
import { boxEdges, FLOOR, HEIGHT, inBox, isOn, PIN } from "./relief-box.js";
import type { Settings } from "./settings.js";
import { type Stop, standingOn, trainingsOn } from "./standing.js";

/** Lines, floor and signs of a relief, and what lets go of the graphics card's part of them. */
export interface ReliefLines {
	readonly objects: readonly Object3D[];
	/** The box's edges as they are seen from a place. */
	readonly turn: (eye: Vector3) => void;
	readonly release: () => void;
}

type Drawn = LineSegments2 | LineSegments | Points | Mesh;

export function reliefLines(plane: Plane, settings: Settings, ink: Ink): ReliefLines {
	const edges = new LineSegments(new BufferGeometry(), new LineBasicMaterial({ color: ink.axis }));
	edges.frustumCulled = false;
	const ends = new Float32BufferAttribute(boxEdges(plane, new Vector3(1, 1, 1)), 3);
	edges.geometry.setAttribute("position", ends);
	const drawn: Drawn[] = [edges, ...levelLines(plane, ink), ...holes(plane, ink), ...bareEdges(plane)];
	if (settings.level !== null) drawn.push(...levelTraced(plane, settings.level, ink));
	if (settings.marks) drawn.push(...signs(plane, settings, ink));
	return {
		objects: drawn,
		turn(eye) {
			ends.array.set(boxEdges(plane, eye));
			ends.needsUpdate = true;
		},
		release() {
			for (const { geometry, material } of drawn) {
				geometry.dispose();
				for (const each of [material].flat()) each.dispose();
			}
		},
	};
}

/** Lines so many pixels wide: pairs of ends, three coordinates each. */
function lines(ends: readonly number[], width: number, colour: string, opacity = 1): LineSegments2[] {
	if (ends.length === 0) return [];
	const geometry = new LineSegmentsGeometry().setPositions(Float32Array.from(ends));
	const material = new LineMaterial({ color: new Color(colour), linewidth: width, transparent: opacity < 1, opacity });
	return [new LineSegments2(geometry, material)];
}

/** The ends of the stretches of a level's lines, at a height of the box. */
function levelEnds({ heights, depth }: Plane, position: number, up: number): number[] {
	const { columns, rows } = heights;
	const ends: number[] = [];
	for (const line of isolines(heights, position)) {
		for (let i = 0; i + 3 < line.length; i += 2) {
			for (const at of [i, i + 2]) {
				const [column, row] = [line[at] ?? 0, line[at + 1] ?? 0];
				ends.push(column / (columns - 1) - 0.5, up, (0.5 - row / (rows - 1)) * depth);
			}
		}
	}
	return ends;
}

/** Levels on the surface, dark and thin, and on the floor in the colours of their heights. */
function levelLines(plane: Plane, ink: Ink): Drawn[] {
	const below = plane.levels.filter(({ value }) => value < plane.scale.max);
	const on = below.flatMap(({ position }) => levelEnds(plane, position, position * HEIGHT));
	const floor = below.flatMap(({ position }) =>
		lines(levelEnds(plane, position, FLOOR), 1.3, legibleOn(plane.map(position), ink)),
	);
	return [...lines(on, 1.1, "#000", 0.5), ...floor];
}

/** A colour of a map as it can be seen on the page's ground: half-way to the text's where the two are near. */
function legibleOn(colour: string, ink: Ink): string {
	const [own, paper] = [new Color(colour), new Color(ink.paper)];
	const lightness = ({ r, g, b }: Color) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
	const near = Math.abs(lightness(own) - lightness(paper)) < 0.25;
	return `#${(near ? own.lerp(new Color(ink.text), 0.45) : own).getHexString()}`;
}

function levelTraced(plane: Plane, level: number, ink: Ink): Drawn[] {
	return [
		...lines(levelEnds(plane, level, level * HEIGHT + 0.002), 3, ink.accent),
		...lines(levelEnds(plane, level, FLOOR), 2.4, ink.accent),
	];
}

/** Lines between neighbouring points that no tile lies beside, as of the first rows of a sweep, in the colours of their heights. */
function bareEdges({ points, depth, table }: Plane): Drawn[] {
	const { columns, rows, values } = points;
	const at = (column: number, row: number) =>
		column < 0 || row < 0 || column >= columns || row >= rows
			? Number.NaN
			: (values[row * columns + column] ?? Number.NaN);
	const hasTile = (column: number, row: number) =>
		!Number.isNaN(at(column, row) + at(column + 1, row) + at(column, row + 1) + at(column + 1, row + 1));
	const ends: number[] = [];
	const colours: number[] = [];
	const add = (column: number, row: number) => {
		const height = Math.min(1, at(column, row));
		ends.push(column / (columns - 1) - 0.5, height * HEIGHT, (0.5 - row / (rows - 1)) * depth);
		const from = tableIndex(height) * 3;
		const [red = 0, green = 0, blue = 0] = table.subarray(from, from + 3);
		colours.push(...new Color().setRGB(red / 255, green / 255, blue / 255, SRGBColorSpace).toArray());
	};
	for (let row = 0; row < rows; row++) {
		for (let column = 0; column < columns; column++) {
			for (const [right, up] of [
				[1, 0],
				[0, 1],
			] as const) {
				if (Number.isNaN(at(column, row) + at(column + right, row + up))) continue;
				if (hasTile(column, row) || hasTile(column - up, row - right)) continue;
				add(column, row);
				add(column + right, row + up);
			}
		}
	}
	if (ends.length === 0) return [];
	const geometry = new LineSegmentsGeometry().setPositions(ends).setColors(colours);
	return [new LineSegments2(geometry, new LineMaterial({ linewidth: 2.5, vertexColors: true }))];
}

/** Hatched on the floor, a cell for each point without a value. */
function holes({ of, depth }: Plane, ink: Ink): Drawn[] {
	const corners: number[] = [];
	const places: number[] = [];
	const clamp = (share: number) => Math.min(1, Math.max(0, share));
	for (const [point, kind] of of.kinds.entries()) {
		if (kind === "finite") continue;
		const [column, row] = [point % of.columns, Math.floor(point / of.columns)];
		const [u0, u1] = [clamp((column - 0.5) / (of.columns - 1)), clamp((column + 0.5) / (of.columns - 1))];
		const [v0, v1] = [clamp((row - 0.5) / (of.rows - 1)), clamp((row + 0.5) / (of.rows - 1))];
		for (const [u, v] of [
			[u0, v0],
			[u1, v0],
			[u1, v1],
			[u0, v0],
			[u1, v1],
			[u0, v1],
		] as const) {
			corners.push(u - 0.5, FLOOR, (0.5 - v) * depth);
			places.push(u * 40, v * 40 * depth);
		}
	}
	if (corners.length === 0) return [];
	const geometry = new BufferGeometry();
	geometry.setAttribute("position", new Float32BufferAttribute(corners, 3));
	geometry.setAttribute("uv", new Float32BufferAttribute(places, 2));
	const map = new CanvasTexture(hatchTile(ink, 64));
	map.wrapS = RepeatWrapping;
	map.wrapT = RepeatWrapping;
	map.anisotropy = 8;
	map.colorSpace = SRGBColorSpace;
	return [new Mesh(geometry, new MeshBasicMaterial({ map, side: DoubleSide }))];
}

/** Pins of the networks on the plane, and trainings over the surface with their networks as points. */
function signs(plane: Plane, settings: Settings, ink: Ink): Drawn[] {
	const pins = standingOn(plane.surface).flatMap(({ alpha, beta }) => {
		if (!isOn(plane, { alpha, beta })) return [];
		const foot = inBox(plane, alpha, beta, heightAt(plane, alpha, beta, settings.smooth));
		return [...foot.toArray(), foot.x, PIN, foot.z];
	});
	const trainings = trainingsOn(plane.surface).flatMap(({ stops }) => {
		const ends = stretchesOf(plane, stops, settings.smooth);
		return [...lines(ends, 4, ink.halo, 0.6), ...lines(ends, 2, ink.mark), ...networks(plane, stops, settings.smooth)];
	});
	return [...lines(pins, 1.6, ink.mark), ...trainings];
}

/** So far above the surface, lines over it are not half in it. */
const ABOVE = 0.004;

/** Ends of the pieces into which the ways between networks are cut, so that they lie on the surface. */
function stretchesOf(plane: Plane, stops: readonly Stop[], smooth: boolean): number[] {
	const PIECE = 1 / 80;
	const at = (alpha: number, beta: number) => {
		const height = isOn(plane, { alpha, beta }) ? heightAt(plane, alpha, beta, smooth) : Number.NaN;
		const place = inBox(plane, alpha, beta, height);
		return place.setY(place.y + ABOVE);
	};
	return stops.slice(1).flatMap((to, i) => {
		const from = stops[i] ?? to;
		const [start, end] = [at(from.alpha, from.beta), at(to.alpha, to.beta)];
		const pieces = Math.min(200, Math.max(1, Math.ceil(Math.hypot(end.x - start.x, end.z - start.z) / PIECE)));
		const places = Array.from({ length: pieces + 1 }, (_, piece) => {
			const share = piece / pieces;
			return { alpha: from.alpha + (to.alpha - from.alpha) * share, beta: from.beta + (to.beta - from.beta) * share };
		});
		return places.slice(1).flatMap((place, piece) => {
			const before = places[piece] ?? place;
			if (!isOn(plane, before) || !isOn(plane, place)) return [];
			return [...at(before.alpha, before.beta).toArray(), ...at(place.alpha, place.beta).toArray()];
		});
	});
}

/** Each network a point in the colour of its own loss. */
function networks(plane: Plane, stops: readonly Stop[], smooth: boolean): Drawn[] {
	const on = stops.filter((stop) => isOn(plane, stop));
	if (on.length === 0) return [];
	const places = on.flatMap(({ alpha, beta }) => {
		const { x, y, z } = inBox(plane, alpha, beta, heightAt(plane, alpha, beta, smooth));
		return [x, y + 2 * ABOVE, z];
	});
	const colours = on.flatMap(({ loss }) => new Color(lossColour(plane, loss, "#fff")).toArray());
	const geometry = new BufferGeometry();
	geometry.setAttribute("position", new Float32BufferAttribute(places, 3));
	geometry.setAttribute("color", new Float32BufferAttribute(colours, 3));
	return [new Points(geometry, new PointsMaterial({ size: 6, sizeAttenuation: false, vertexColors: true }))];
}
