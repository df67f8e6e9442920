import { fittingTicks, type LegendEntry, overlap, type Rect } from "../parts/figure.js";
import type { Look } from "../parts/look.js";
import { colourOf } from "../parts/palette.js";
import { plotFigure } from "../parts/plot.js";
import { scaleOver, valueScale, withScale } from "../parts/scale.js";
import { drawText, round, textWidth } from "../parts/text.js";
import { ink } from "../parts/theme.js";

/** A thing with two numbers, by its name, among others of its group. */
export interface ScatterPoint {
	readonly label: string;
	readonly group: string;
	readonly x: number;
	readonly y: number;
}

/** What stands on an axis of points. */
export interface ScatterAxis {
	readonly label: string;
	/** By the values where nothing is said, as of curves. */
	readonly scale?: "linear" | "log";
}

/** How points are drawn: by default 600 user units wide. */
export interface ScatterOptions extends Look {
	readonly title: string;
	readonly x: ScatterAxis;
	readonly y: ScatterAxis;
	/** Where the numbers come from. */
	readonly foot?: string;
	readonly width?: number;
}

const [ASPECT, INSET, SIZE] = [0.62, 22, 11] as const;
/** Between a dot and its name. */
const GAP = 8;

/** Points that are finite in both numbers, with their names, a colour and a shape for each group. */
export function scatter(points: readonly ScatterPoint[], options: ScatterOptions): string {
	const { title, foot = "", width = 600 } = options;
	const shown = points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
	const missing = points.length - shown.length;
	const groups = [...new Set(shown.map(({ group }) => group))];
	const [across, upright] = (["x", "y"] as const).map((axis) =>
		valueScale(
			shown.map((point) => point[axis]),
			options[axis].scale,
		),
	);
	const [x, y] = [across ?? scaleOver("linear", 0, 1), upright ?? scaleOver("linear", 0, 1)];
	const legend = groups.map((group, i): LegendEntry => ({ label: group, symbol: (at, height) => dot(at, height, i) }));
	const said = [foot, missing > 0 ? `${missing} of ${points.length} have no such number` : ""].filter(Boolean);
	return plotFigure({
		...{ title, width, aspect: ASPECT, inset: { sideways: INSET, upright: INSET }, legend, look: options },
		...{ description: described(shown, options), foot: [said.join(" · ")] },
		bottom: {
			label: withScale(options.x.label, x),
			ticks: (length) => fittingTicks((count) => x.ticks(count), 6, length),
		},
		left: { label: withScale(options.y.label, y), ticks: y.ticks(5) },
		body: (inner, rect) => {
			const placed = shown.map(({ label, group, ...at }) => ({
				...{ label, group: groups.indexOf(group) },
				left: inner.x + x.position(at.x) * inner.width,
				top: inner.y + (1 - y.position(at.y)) * inner.height,
			}));
			return [
				...placed.map(({ left, top, group }) => dot(left, top, group)),
				...nameAll(placed, rect).map(({ label, at }) =>
					drawText(label, at.x, at.y + at.height / 2, { size: SIZE, middle: true, halo: ink.paper, fill: ink.text }),
				),
			];
		},
	});
}

function described(points: readonly ScatterPoint[], { x, y }: ScatterOptions): string {
	const list = points.map((point) => `${point.label} (${point.x.toPrecision(3)}, ${point.y.toPrecision(3)})`);
	return `Points of ${x.label} and ${y.label}: ${list.join(", ")}.`;
}

/** Groups are told apart by shape too. */
function dot(x: number, y: number, group: number): string {
	const shapes = [
		"m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z",
		"m-4 -4h8v8h-8z",
		"m0 -5.5l5 9h-10z",
		"m0 -5.5l5.5 5.5l-5.5 5.5l-5.5-5.5z",
	];
	return `<path d="M${round(x)} ${round(y)}${shapes[group % shapes.length]}" fill="${colourOf(group)}"/>`;
}

interface Placed {
	readonly label: string;
	readonly left: number;
	readonly top: number;
}

/** Each name to the right of its dot, or else left, above or below it, where it covers no other name and no dot; none where it has no room. */
function nameAll(points: readonly Placed[], frame: Rect): { readonly label: string; readonly at: Rect }[] {
	const dots = points.map(({ left, top }): Rect => ({ x: left - 5, y: top - 5, width: 10, height: 10 }));
	const names: { readonly label: string; readonly at: Rect }[] = [];
	for (const { label, left, top } of points) {
		const [width, height] = [textWidth(label, SIZE), SIZE + 1];
		const beside = top - height / 2;
		const middle = left - width / 2;
		const candidates: readonly Rect[] = [
			{ x: left + GAP, y: beside, width, height },
			{ x: left - GAP - width, y: beside, width, height },
			{ x: middle, y: top - GAP - height, width, height },
			{ x: middle, y: top + GAP, width, height },
			{ x: left + GAP - 2, y: beside - SIZE, width, height },
			{ x: left + GAP - 2, y: beside + SIZE, width, height },
			{ x: left - GAP + 2 - width, y: beside - SIZE, width, height },
			{ x: left - GAP + 2 - width, y: beside + SIZE, width, height },
		];
		const at = candidates.find(
			(place) =>
				place.x > frame.x &&
				place.x + place.width < frame.x + frame.width &&
				place.y > frame.y &&
				place.y + place.height < frame.y + frame.height &&
				![...dots, ...names.map((name) => name.at)].some((other) => overlap(place, other)),
		);
		if (at !== undefined) names.push({ label, at });
	}
	return names;
}
