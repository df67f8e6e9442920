import type { Rect } from "./figure.js";
import { textWidth } from "./text.js";

/** A line in the figure's coordinates: x, y, x, y, ... */
export type Polyline = Float64Array;

/** Text set along a line, upright. */
export interface LineLabel {
	readonly text: string;
	readonly x: number;
	readonly y: number;
	/** Degrees clockwise, from -90 to 90. */
	readonly angle: number;
	readonly width: number;
	readonly line: number;
	/** Where on the line it stands: length along it at the label's middle. */
	readonly along: number;
}

/** Room between a label and the ends of its line, and around it to other labels. */
const clearance = 4;

/**
 * Finds a place for one label on each line that has one: straight enough to set text along it, inside `bounds`, clear of
 * `obstacles`, of the labels placed before it and, crossing no other line. A line without such a place gets none; so do
 * lines shorter than three labels. Of the places there are, the straightest and most level wins.
 * Lines are served longest first, each text `most` times at most.
 */
export function placeLabels(
	lines: readonly { readonly points: Polyline; readonly text: string }[],
	bounds: Rect,
	size: number,
	obstacles: readonly Rect[] = [],
	most = 2,
): LineLabel[] {
	const placed: LineLabel[] = [];
	const measured = lines.map(({ points }) => lengths(points));
	const order = lines.map((_, i) => i).sort((a, b) => total(measured[b]) - total(measured[a]) || a - b);
	const used = new Map<string, number>();
	for (const index of order) {
		const line = lines[index];
		const along = measured[index];
		if (line === undefined || along === undefined || (used.get(line.text) ?? 0) >= most) continue;
		const width = textWidth(line.text, size);
		const length = total(along);
		if (length < 3 * width) continue;
		const reach = width / 2 + clearance;
		const tries = Math.min(160, Math.max(8, Math.ceil(length / 6)));
		const candidates: { label: LineLabel; cost: number }[] = [];
		for (let i = 0; i <= tries; i++) {
			const middle = reach + ((length - 2 * reach) * i) / tries;
			const [x0, y0] = pointAt(line.points, along, middle - width / 2);
			const [x1, y1] = pointAt(line.points, along, middle + width / 2);
			const bend = deviation(line.points, along, middle - width / 2, middle + width / 2);
			if (bend > size * 0.3) continue;
			const slope = Math.atan2(y1 - y0, x1 - x0) * (180 / Math.PI);
			const angle = slope > 90 ? slope - 180 : slope <= -90 ? slope + 180 : slope;
			const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
			candidates.push({
				label: { text: line.text, x, y, angle, width, line: index, along: middle },
				cost: bend / size + Math.abs(angle) / 180,
			});
		}
		candidates.sort((a, b) => a.cost - b.cost || a.label.along - b.label.along);
		const found = candidates.find(
			({ label }) =>
				inside(label, size, bounds) &&
				obstacles.every((rect) => !touches(rectCorners(rect), corners(label, size))) &&
				placed.every((other) => !touches(corners(other, size), corners(label, size))) &&
				lines.every(({ points }, i) => i === index || !crosses(points, label, size)),
		);
		if (found === undefined) continue;
		placed.push(found.label);
		used.set(line.text, (used.get(line.text) ?? 0) + 1);
	}
	return placed;
}

/** The line without the stretch its label stands on. */
export function cutOut(points: Polyline, label: LineLabel): Polyline[] {
	const along = lengths(points);
	const [from, to] = [label.along - label.width / 2 - clearance, label.along + label.width / 2 + clearance];
	const before: number[] = [];
	const after: number[] = [...pointAt(points, along, to)];
	for (let i = 0; i < along.length; i++) {
		const point = [points[2 * i] ?? 0, points[2 * i + 1] ?? 0];
		if ((along[i] ?? 0) < from) before.push(...point);
		if ((along[i] ?? 0) > to) after.push(...point);
	}
	before.push(...pointAt(points, along, from));
	return [Float64Array.from(before), Float64Array.from(after)].filter((piece) => piece.length >= 4);
}

const total = (along: Float64Array | undefined) => along?.at(-1) ?? 0;

/** The length of the line up to each of its points. */
function lengths(points: Polyline): Float64Array {
	const along = new Float64Array(points.length / 2);
	for (let i = 1; i < along.length; i++) {
		const [dx, dy] = [
			(points[2 * i] ?? 0) - (points[2 * i - 2] ?? 0),
			(points[2 * i + 1] ?? 0) - (points[2 * i - 1] ?? 0),
		];
		along[i] = (along[i - 1] ?? 0) + Math.hypot(dx, dy);
	}
	return along;
}

function pointAt(points: Polyline, along: Float64Array, length: number): [number, number] {
	let i = 1;
	while (i + 1 < along.length && (along[i] ?? 0) < length) i++;
	const [start, end] = [along[i - 1] ?? 0, along[i] ?? 0];
	const fraction = end > start ? Math.min(1, Math.max(0, (length - start) / (end - start))) : 0;
	const mix = (a = 0, b = 0) => a + (b - a) * fraction;
	return [mix(points[2 * i - 2], points[2 * i]), mix(points[2 * i - 1], points[2 * i + 1])];
}

/** How far the line strays from the chord between two of its places; without bound where it turns back on itself. */
function deviation(points: Polyline, along: Float64Array, from: number, to: number): number {
	const [x0, y0] = pointAt(points, along, from);
	const [x1, y1] = pointAt(points, along, to);
	const chord = Math.hypot(x1 - x0, y1 - y0);
	if (chord < 0.9 * (to - from)) return Number.POSITIVE_INFINITY;
	let most = 0;
	for (let i = 0; i < along.length; i++) {
		if ((along[i] ?? 0) <= from || (along[i] ?? 0) >= to) continue;
		const [px, py] = [(points[2 * i] ?? 0) - x0, (points[2 * i + 1] ?? 0) - y0];
		most = Math.max(most, Math.abs(px * (y1 - y0) - py * (x1 - x0)) / chord);
	}
	return most;
}

type Corners = readonly (readonly [number, number])[];

function corners({ x, y, angle, width }: LineLabel, size: number): Corners {
	const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
	const [w, h] = [width / 2 + clearance, size / 2 + 1];
	return (
		[
			[-w, -h],
			[w, -h],
			[w, h],
			[-w, h],
		] as const
	).map(([u, v]) => [x + u * cos - v * sin, y + u * sin + v * cos]);
}

const rectCorners = ({ x, y, width, height }: Rect): Corners => [
	[x, y],
	[x + width, y],
	[x + width, y + height],
	[x, y + height],
];

const inside = (label: LineLabel, size: number, { x, y, width, height }: Rect) =>
	corners(label, size).every(([px, py]) => px >= x && px <= x + width && py >= y && py <= y + height);

/** Whether two convex quadrilaterals overlap: no side of either separates them. */
function touches(one: Corners, other: Corners): boolean {
	for (const shape of [one, other]) {
		for (let i = 0; i < shape.length; i++) {
			const [a, b] = [shape[i] ?? [0, 0], shape[(i + 1) % shape.length] ?? [0, 0]];
			const project = ([px, py]: readonly [number, number]) =>
				(px - a[0]) * (b[1] - a[1]) - (py - a[1]) * (b[0] - a[0]);
			const [mine, theirs] = [one.map(project), other.map(project)];
			if (Math.max(...mine) < Math.min(...theirs) || Math.max(...theirs) < Math.min(...mine)) return false;
		}
	}
	return true;
}

/** Whether a line passes through a label's box. */
function crosses(points: Polyline, label: LineLabel, size: number): boolean {
	const [cos, sin] = [Math.cos((label.angle * Math.PI) / 180), Math.sin((label.angle * Math.PI) / 180)];
	const [w, h] = [label.width / 2 + 1, size / 2];
	const reach = w + h;
	for (let i = 0; i + 3 < points.length; i += 2) {
		const [ax, ay] = [(points[i] ?? 0) - label.x, (points[i + 1] ?? 0) - label.y];
		const [bx, by] = [(points[i + 2] ?? 0) - label.x, (points[i + 3] ?? 0) - label.y];
		if (Math.min(ax, bx) > reach || Math.max(ax, bx) < -reach) continue;
		if (Math.min(ay, by) > reach || Math.max(ay, by) < -reach) continue;
		const [u0, v0, u1, v1] = [ax * cos + ay * sin, ay * cos - ax * sin, bx * cos + by * sin, by * cos - bx * sin];
		if (clips(u0, v0, u1, v1, w, h)) return true;
	}
	return false;
}

/** Whether a segment meets the box [-w, w] × [-h, h] (Liang and Barsky 1984). */
function clips(u0: number, v0: number, u1: number, v1: number, w: number, h: number): boolean {
	let [enter, leave] = [0, 1];
	for (const [start, step, half] of [
		[u0, u1 - u0, w],
		[v0, v1 - v0, h],
	] as const) {
		if (step === 0) {
			if (Math.abs(start) > half) return false;
			continue;
		}
		const [near, far] = [(-half - start) / step, (half - start) / step];
		enter = Math.max(enter, Math.min(near, far));
		leave = Math.min(leave, Math.max(near, far));
	}
	return enter <= leave;
}
