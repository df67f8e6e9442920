import { heightsOf } from "../../render/parts/interpolation.js";
import { drawnMargins } from "../../render/parts/margin-bands.js";
import { planeScale } from "../../render/parts/scale.js";
import { formatDigits, formatNumber } from "../../render/parts/ticks.js";
import { type DrawnField, drawnField, finiteValues, isPercentage } from "../../render/parts/values.js";
import { isInterpolated } from "../../surface/surface.js";
import { heightAt, nearestPoint, type Plane, valueAtPosition } from "./plane.js";
import type { Settings } from "./settings.js";

/** A place of the plane. */
export interface PlanePlace {
	readonly alpha: number;
	readonly beta: number;
}

const DIGITS = 6;

/** What is known at a place, and where that is: a point of the grid where one is near. */
export interface Reading {
	readonly words: string;
	readonly place: PlanePlace;
}

/**
 * What is known at a place, in words: the values of all fields, and whether they were computed there or lie between points.
 *
 * @param reach how far off a point, in α and β, its own values still stand for the place
 */
export function reading(plane: Plane, settings: Settings, place: PlanePlace, reach: PlanePlace): Reading {
	const point = nearestPoint(plane, place.alpha, place.beta);
	const isPoint = Math.abs(point.alpha - place.alpha) <= reach.alpha && Math.abs(point.beta - place.beta) <= reach.beta;
	const { alpha, beta } = isPoint ? point : place;
	// Errors are read with what they are of.
	const told = plane.surface.fields.filter(({ errorOf }) => errorOf === undefined);
	const fields = told.map(({ name }) => {
		const of = drawnField(plane.surface, name);
		const value = isPoint ? pointWords(of, point.number) : betweenWords(plane, settings, of, place);
		const margin = isPoint ? marginWords(drawnMargins(plane.surface, of)?.[point.number]) : "";
		return `${of.spec.label} ${value}${margin}${isPercentage(of.spec) && /\d/.test(value) ? " %" : ""}`;
	});
	const where = `α ${formatNumber(alpha)}, β ${formatNumber(beta)}`;
	const isComputed = isPoint && !isInterpolated(plane.surface, point.number);
	return { words: [where, ...fields, isComputed ? "computed" : "interpolated"].join(" · "), place: { alpha, beta } };
}

function pointWords(of: DrawnField, number: number): string {
	const kind = of.kinds[number] ?? "not computed";
	return kind === "finite" ? formatDigits(of.values[number] ?? Number.NaN, DIGITS) : kind;
}

/** A margin of error, half of the 95 % interval, to two digits. */
function marginWords(margin = Number.NaN): string {
	return margin > 0 ? ` ± ${formatDigits(margin, 2)}` : "";
}

/** A value of the surface that is drawn: on the field's own scale, which is the picture's for the field it shows. */
function betweenWords(plane: Plane, settings: Settings, of: DrawnField, { alpha, beta }: PlanePlace): string {
	const isShown = of.spec.name === plane.of.spec.name;
	const scale = isShown ? plane.scale : planeScale(of.spec, finiteValues(of), settings.scale);
	const points = isShown ? plane.points : heightsOf(of, scale.position);
	const height = heightAt({ ...plane, points }, alpha, beta, settings.smooth);
	if (Number.isNaN(height)) return "no value";
	if (height > 1) return `above ${formatNumber(scale.max)}`;
	return `≈ ${formatNumber(valueAtPosition(scale, height))}`;
}
