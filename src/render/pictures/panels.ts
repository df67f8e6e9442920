import { OptionError } from "../../errors.js";
import type { FieldSpec } from "../../surface/field.js";
import type { Axis } from "../../surface/grid.js";
import type { ComparisonOptions, NamedSurface } from "../comparison.js";
import { isSmooth } from "../options.js";
import { comparedTitle, describe, interpolationNote, provenanceLine } from "../parts/caption.js";
import { colormap } from "../parts/colormap.js";
import { colourBar } from "../parts/colour-bar.js";
import { type Frame, frameAspect, planeRanges } from "../parts/frame.js";
import { networkMarks, originLegend } from "../parts/marks.js";
import { noValueColours, noValueDefinitions, noValueLegend } from "../parts/no-value.js";
import { aboutWide, panelColumns, planeFigure, upTicks } from "../parts/plane-figure.js";
import { planeScale, type ScaleName, type ValueScale, valueScale, withScale } from "../parts/scale.js";
import { pixelRatioOf } from "../parts/size.js";
import { paperOf } from "../parts/theme.js";
import { drawUnsettled, unsettledLegend, withinMargins } from "../parts/unsettled.js";
import { type DrawnField, differenceField, drawnField, finiteValues } from "../parts/values.js";
import type { Drawing } from "../picture.js";
import { drawHeat } from "./heatmap.js";

/** What differences are drawn in: white at 0, blue below, red above. */
const diverging = "rdbu";

/** A field with its name and what is marked on it. */
interface NamedField extends NamedSurface {
	readonly of: DrawnField;
	/** Of a difference whose margins of error are known: at which points it is within them. */
	readonly within?: readonly boolean[] | null;
}

/** Heat maps of planes, in the order given, on shared axes and one scale. */
export async function panels(surfaces: readonly NamedSurface[], options: ComparisonOptions): Promise<Drawing> {
	const { field } = options;
	const fields = surfaces.map((each) => ({ ...each, of: drawnField(each.surface, field.name) }));
	const scale = sharedScale(fields, field, options.scale);
	return drawPanels(fields, surfaces, scale, {
		...options,
		title: options.title ?? comparedTitle(surfaces, field),
		label: withScale(fields[0]?.of.label ?? field.label, scale),
		map: options.colormap,
	});
}

/** One scale over the values of all fields. */
function sharedScale(fields: readonly NamedField[], field: FieldSpec, scale: ScaleName | undefined): ValueScale {
	return planeScale(
		field,
		fields.flatMap(({ of }) => [...finiteValues(of)]),
		scale,
	);
}

/**
 * Heat maps of each plane less the first one, on a scale with 0 in its middle: linear where that of the panels is, else
 * symlog. Null where no other plane has the first one's axes.
 */
export async function differences(
	surfaces: readonly NamedSurface[],
	options: ComparisonOptions,
): Promise<Drawing | null> {
	const { field } = options;
	const [first, ...others] = surfaces.map((each) => ({ ...each, of: drawnField(each.surface, field.name) }));
	if (first === undefined) return null;
	const alike = others.filter(({ of }) => sameAxis(of.x, first.of.x) && sameAxis(of.y, first.of.y));
	if (alike.length === 0) return null;
	const fields = alike.map((each) => {
		const of = differenceField(each.of, first.of);
		return { ...each, of, within: withinMargins(of, each, first) };
	});
	const values = fields.flatMap(({ of }) => [...finiteValues(of)]);
	const kind = sharedScale([first, ...alike], field, options.scale).kind === "linear" ? "linear" : "symlog";
	const scale = valueScale([...values, ...values.map((value) => -value)], kind);
	return drawPanels(fields, [first, ...alike], scale, {
		...options,
		title: `${options.title ?? comparedTitle(surfaces, field)}, less that of ${first.label}`,
		label: withScale(`difference in ${first.of.label}`, scale),
		map: diverging,
	});
}

function sameAxis(a: Axis | null, b: Axis | null): boolean {
	return a === b || (a !== null && b !== null && a.min === b.min && a.max === b.max && a.steps === b.steps);
}

/** A panel this wide has room for five ticks. */
const PANEL_WIDTH = 250;
/** A narrower one has no room for its own ticks. */
const LEAST_WIDTH = 60;

/** Panels of fields; the foot and the description are of the surfaces that they were made from. */
async function drawPanels(
	fields: readonly NamedField[],
	sources: readonly NamedSurface[],
	scale: ValueScale,
	style: ComparisonOptions & { title: string; label: string; map: string | undefined },
): Promise<Drawing> {
	const { title, field } = style;
	const columns = panelColumns(fields.length);
	const width = style.width ?? Math.max(600, 170 + columns * PANEL_WIDTH);
	if (aboutWide(width, columns) < LEAST_WIDTH)
		throw style.size === undefined
			? new OptionError("width", `expected more for ${columns} panels side by side, got ${width}`)
			: new OptionError("size", `expected more for ${columns} panels side by side, got "${style.size}"`);
	const map = colormap(style.map);
	const colours = noValueColours(map, paperOf(style));
	const smooth = isSmooth(style);
	const ranges = holdingAll(fields.map(({ of }) => planeRanges(of, !smooth)));
	const only = fields.map(({ of }) => of);
	const allMarks = fields.map(({ surface }) => networkMarks(surface) ?? []);
	const rows = Math.ceil(fields.length / columns);
	const ticks = scale.ticks(upTicks(rows * aboutWide(width, columns) * frameAspect(ranges)));
	const description = sources
		.map(({ label, surface }) => `${label}: ${describe(surface, `Heat map of the ${field.label}`, [field])}`)
		.join(" ");
	const svg = await planeFigure({
		...ranges,
		look: style,
		title,
		width,
		description,
		foot: sources.map(({ label, surface }) => {
			const note = interpolationNote(drawnField(surface, field.name), smooth);
			return [`${label}: ${provenanceLine(surface)}`, ...note].join(" · ");
		}),
		// Where only some panels mark a network at the origin, the others still have the cross.
		legend: [
			...originLegend(ranges, commonMarks(allMarks)),
			...(fields.some(({ within }) => within) ? [unsettledLegend] : []),
			...noValueLegend(only, colours),
		],
		beside: colourBar({ map, ticks, label: style.label }),
		definitions: noValueDefinitions(only),
		panels: fields.map(({ label, of, within }, i) => ({
			label,
			draw: (frame) =>
				drawHeat(of, frame, {
					scale,
					map,
					smooth,
					pixelRatio: pixelRatioOf(style),
					colours,
					levels: ticks,
					marks: allMarks[i] ?? [],
					...(within && { over: drawUnsettled(of, within, frame) }),
				}),
		})),
	});
	return { svg, title, description };
}

/** The marks of all panels where each panel has some; none otherwise. */
function commonMarks(all: readonly (readonly { alpha: number; beta?: number }[])[]) {
	return all.every((marks) => marks.length > 0) ? all.flat() : [];
}

type Ranges = Pick<Frame, "xRange" | "yRange">;

/** The smallest stretch of the plane that holds all of some. */
function holdingAll(all: readonly Ranges[]): Ranges {
	const range = (axis: keyof Ranges): [number, number] => [
		Math.min(...all.map((each) => each[axis][0])),
		Math.max(...all.map((each) => each[axis][1])),
	];
	return { xRange: range("xRange"), yRange: range("yRange") };
}
