import { sha256 } from "../exact/digest.js";
import { samplesField } from "../measure/margin.js";
import type { FieldSpec } from "../surface/field.js";
import { pointNumber } from "../surface/grid.js";
import { emptySurface, fieldNamed, placeOf, type Surface } from "../surface/surface.js";
import type { EvaluateAt } from "../sweep/here.js";
import { planDigest } from "../sweep/plan.js";
import { version } from "../version.js";

/** A sweep of an ensemble, by the seed of its directions. */
export interface Member {
	readonly seed: number;
	readonly surface: Surface;
}

/** What the field of a field's spread over an ensemble is called. */
export function nameOfSpread(field: string): string {
	return `${field}-spread`;
}

/** The fields of an ensemble: of each field that is no error, its mean over the members, and then its spread. */
export function combinedFields({ fields }: Surface): FieldSpec[] {
	const shared = sharedFields(fields);
	return [
		...shared.map(({ name, label, unit }) => ({ name, label: `mean ${label}`, unit })),
		...shared.map(({ name, label, unit }) => ({ name: nameOfSpread(name), label: `spread of ${label}`, unit })),
	];
}

function sharedFields(fields: readonly FieldSpec[]): readonly FieldSpec[] {
	return fields.filter(({ name, errorOf }) => errorOf === undefined && name !== samplesField.name);
}

/** The surface of an ensemble, with nothing done. */
export function combinedOutline(members: readonly Member[], first: Surface): Surface {
	const { plan, caption, assumptions } = first.provenance;
	const seeds = `${members[0]?.seed} to ${members.at(-1)?.seed}`;
	return emptySurface({
		grid: first.grid,
		extras: first.extras,
		fields: combinedFields(first),
		anchors: first.anchors,
		provenance: {
			plan: {
				...plan,
				directions: `random, seeds ${seeds}`,
				ensemble: members.length,
				members: sha256(...members.map(({ surface }) => planDigest(surface.provenance.plan))),
				fields: combinedFields(first)
					.map(({ name }) => name)
					.join(","),
			},
			version,
			caption: caption.map((fact) => (fact.startsWith("seed ") ? `mean of ${members.length} seeds, ${seeds}` : fact)),
			assumptions,
			notes: { ensemble: members.length },
		},
	});
}

/**
 * The mean of each field over the members at a place, and then the standard deviations with n − 1: how much the value at (α, β) depends on
 * which directions α and β are along.
 */
export function combined(members: readonly Member[]): EvaluateAt {
	return (at) => {
		const [first] = members;
		if (first === undefined) return [];
		const names = sharedFields(first.surface.fields).map(({ name }) => name);
		const values = names.map((name) =>
			members.map(({ surface }) => fieldNamed(surface, name).values[numberAt(surface, at)] ?? Number.NaN),
		);
		const means = values.map((each) => sum(each) / each.length);
		const spreads = values.map((each, i) => {
			const squares = each.map((value) => square(value - (means[i] ?? 0)));
			return Math.sqrt(sum(squares) / (each.length - 1));
		});
		return [...means, ...spreads];
	};
}

function numberAt(surface: Surface, at: readonly number[]): number {
	const inGrid = pointNumber(surface.grid, at);
	if (inGrid >= 0) return inGrid;
	return surface.done.findIndex((_, point) => String(placeOf(surface, point)) === String(at));
}

function square(value: number): number {
	return value * value;
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}
