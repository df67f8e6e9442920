import type { Path, PathPoint } from "../../surface/trajectory.js";
import { type LegendEntry, legendSymbol } from "./figure.js";
import type { Frame } from "./frame.js";
import { trailColourOf } from "./palette.js";
import { diamond, dot, drawRing, type Place, square } from "./path.js";
import { round } from "./text.js";
import { ink } from "./theme.js";

/** Dots nearer to each other than this, in user units, would hide the line. */
const APART = 22;

/** How a trail is drawn. */
export interface TrailStyle {
	readonly colour: string;
	/** The colour of a loss. */
	readonly lossColour: (loss: number) => string;
	/** The network it has come to. */
	readonly head: number;
}

/**
 * A training as far as it has come: a line in its colour through all networks so far, a square where it starts, dots in the colours
 * of their own losses where there is room between them, and a larger one, with the ring of its share off the plane, where it is; a diamond at its end.
 */
export function drawTrail(points: readonly PathPoint[], frame: Frame, style: TrailStyle): string {
	const { colour, lossColour, head } = style;
	const so = points.slice(0, head + 1);
	const places = so.map(({ at: [x = 0, y = 0] }) => ({ x: frame.toX(x), y: frame.toY(y) }));
	const line = lineThrough(places);
	const [start, last] = [places[0], places[head]];
	const [first, now] = [so[0], so[head]];
	if (start === undefined || last === undefined || first === undefined || now === undefined) return "";
	const shape = head === 0 ? square : head === points.length - 1 ? diamond : headDot(colour);
	return [
		`<path d="${line}" fill="none" stroke="${ink.halo}" stroke-opacity="0.85" stroke-width="5" stroke-linejoin="round" stroke-linecap="round"/>`,
		`<path d="${line}" fill="none" stroke="${colour}" stroke-width="2.4" stroke-linejoin="round" stroke-linecap="round"/>`,
		...spacedOut(places).map((i) => dot(places[i] ?? start, lossColour(so[i]?.loss ?? Number.NaN))),
		square(start, lossColour(first.loss)),
		drawRing(last, now),
		shape(last, lossColour(now.loss)),
	].join("\n");
}

/** Whole trainings, each in its colour. */
export function drawTrails(paths: readonly Path[], frame: Frame, lossColour: TrailStyle["lossColour"]): string {
	return paths
		.map(({ points }, i) => drawTrail(points, frame, { colour: trailColourOf(i), lossColour, head: points.length - 1 }))
		.join("\n");
}

/** What their lines stand for. */
export function trailsLegend(paths: readonly Path[]): LegendEntry[] {
	const { width } = legendSymbol;
	return paths.map((path, i) => ({
		label: trailName(path),
		symbol: (x, y) =>
			`<path d="M${round(x - width / 2)} ${round(y)}h${width}" stroke="${trailColourOf(i)}" stroke-width="2.4"/>`,
	}));
}

/** What a training is called: a file of snapshots by the name that the training was given. */
export function trailName({ label }: Path): string {
	return label.replace(/\.trajectory\.msgpack$/, "");
}

function headDot(colour: string): (place: Place, fill: string) => string {
	return ({ x, y }, fill) => {
		const circle = `<circle cx="${round(x)}" cy="${round(y)}" r="4.5"`;
		return `${circle} fill="none" stroke="${ink.halo}" stroke-width="4"/>${circle} fill="${fill}" stroke="${colour}" stroke-width="2.4"/>`;
	};
}

/** Path data through places; those within half a unit of the one before make no difference to see. */
function lineThrough(places: readonly Place[]): string {
	let data = "";
	let before: Place = { x: Number.NaN, y: Number.NaN };
	for (const [i, place] of places.entries()) {
		if (i > 0 && i < places.length - 1 && distance(place, before) < 0.5) continue;
		data += `${i === 0 ? "M" : "L"}${round(place.x)} ${round(place.y)}`;
		before = place;
	}
	return data;
}

/** The places between the first and the last that stand clear of each other and of the first. */
function spacedOut(places: readonly Place[]): number[] {
	const chosen: number[] = [];
	let before = places[0];
	for (const [i, place] of places.entries()) {
		if (before === undefined || distance(place, before) < APART || i === places.length - 1) continue;
		chosen.push(i);
		before = place;
	}
	return chosen;
}

function distance(a: Place, b: Place): number {
	return Math.hypot(a.x - b.x, a.y - b.y);
}
