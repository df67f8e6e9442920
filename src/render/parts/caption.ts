import { surfaceDigest } from "../../surface/digest.js";
import type { FieldSpec } from "../../surface/field.js";
import { type Axis, axesOf, gridPoints, isLine } from "../../surface/grid.js";
import { extrema, interpolatedCount, type Surface } from "../../surface/surface.js";
import { formatNumber } from "./ticks.js";
import { type DrawnField, isPercentage } from "./values.js";

/** What a picture of some fields is called when nobody says otherwise. */
export function defaultTitle(surface: Surface, shown: readonly FieldSpec[]): string {
	return `${fieldsTitle(shown)} of ${surface.provenance.plan.model}`;
}

/** The same for a picture of several surfaces: with the network where it is one and the same. */
export function comparedTitle(surfaces: readonly { readonly surface: Surface }[], shown: FieldSpec): string {
	const models = new Set(surfaces.map(({ surface }) => surface.provenance.plan.model));
	const what = fieldsTitle([shown]);
	return models.size === 1 ? `${what} of ${[...models][0]}` : what;
}

function fieldsTitle(shown: readonly FieldSpec[]): string {
	const name = shown.map(({ label }) => label).join(" and ");
	return name.charAt(0).toUpperCase() + name.slice(1);
}

/** What the picture shows in a sentence or two, for readers who cannot see it. */
export function describe(surface: Surface, kind: string, shown: readonly FieldSpec[]): string {
	const span = (name: string, axis: Axis) =>
		`${name} from ${formatNumber(axis.min)} to ${formatNumber(axis.max)} in ${axis.steps} steps`;
	const { x, y } = axesOf(surface.grid);
	const axes = [span("α", x), ...(y === null ? [] : [span("β", y)])].join(" and ");
	const ends = shown.map((field) => {
		const found = extrema(surface, field.name);
		if (found === null) return `No finite ${field.label}.`;
		const inPercent = isPercentage(field);
		const at = ({ value, alpha, beta }: typeof found.min) =>
			`${formatNumber(inPercent ? value * 100 : value)}${inPercent ? " %" : ""} at ` +
			(isLine(surface.grid) ? `α = ${formatNumber(alpha)}` : `(${formatNumber(alpha)}, ${formatNumber(beta)})`);
		return `Lowest ${field.label} ${at(found.min)}, highest ${at(found.max)}.`;
	});
	return [`${kind} over ${axes}.`, ...ends].join(" ");
}

/** The line at the foot of every picture: where the surface comes from, what of it is interpolated, its digest, and what made it. */
export function provenanceLine(surface: Surface): string {
	const { caption, version } = surface.provenance;
	return [
		...caption,
		...interpolatedPoints(surface),
		`surface ${surfaceDigest(surface).slice(0, 8)}`,
		`isoloss ${version}`,
	].join(" · ");
}

/** How many points of the grid are computed, and how many are not; nothing where all are. */
function interpolatedPoints(surface: Surface): string[] {
	const points = gridPoints(surface.grid);
	const count = interpolatedCount(surface);
	return count === 0 ? [] : [`${points - count} of ${points} points computed, ${count} interpolated`];
}

/** What the foot of a plane says of values that were not computed; nothing where there are none in the picture. */
export function interpolationNote({ columns, rows }: DrawnField, smooth: boolean): string[] {
	return smooth ? [`interpolated between ${columns} × ${rows} points`] : [];
}
