import { measures } from "../measure/index.js";
import { planeLevels } from "../render/parts/levels.js";
import { planeScale } from "../render/parts/scale.js";
import { drawnField, finiteValues } from "../render/parts/values.js";
import { gridPoints, isLine } from "../surface/grid.js";
import { mainField, type Surface } from "../surface/surface.js";
import type { Member } from "./combine.js";

/** Of a level of the loss, the shares of the grid's points at which all members lie below it, all above, and some on either side. */
export interface LevelAgreement {
	readonly level: number;
	readonly below: number;
	readonly above: number;
	readonly differing: number;
}

/** A measure of shape over the members: null where one does not determine it. */
export interface MeasureAgreement {
	readonly name: string;
	readonly label: string;
	readonly unit: string;
	readonly mean: number;
	/** The standard deviation. */
	readonly spread: number;
	readonly lowest: number;
	readonly highest: number;
}

/** What all members of an ensemble say. */
export interface Agreement {
	/** At the levels of the mean's contour picture; none of a line. */
	readonly levels: readonly LevelAgreement[];
	/** Measures that every member determines. */
	readonly measures: readonly MeasureAgreement[];
}

/** @param mean the surface of their means */
export function agreementOf(members: readonly Member[], mean: Surface): Agreement {
	return { levels: levelAgreements(members, mean), measures: measureAgreements(members) };
}

function levelAgreements(members: readonly Member[], mean: Surface): LevelAgreement[] {
	if (isLine(mean.grid)) return [];
	const of = drawnField(mean, mainField(mean).name);
	const points = gridPoints(mean.grid);
	return planeLevels(of, planeScale(of.spec, finiteValues(of))).map(({ value: level }) => {
		// A value that is none lies on neither side.
		const countOf = (isThere: (value: number) => boolean) => {
			let count = 0;
			for (let point = 0; point < points; point++)
				if (members.every(({ surface }) => isThere(mainField(surface).values[point] ?? Number.NaN))) count++;
			return count / points;
		};
		const [below, above] = [countOf((value) => value < level), countOf((value) => value >= level)];
		return { level, below, above, differing: 1 - below - above };
	});
}

function measureAgreements(members: readonly Member[]): MeasureAgreement[] {
	return measures.flatMap(({ name, label, unit, of }) => {
		const values = members.map(({ surface }) => of(surface, {}));
		if (!values.every((value): value is number => value !== null && Number.isFinite(value))) return [];
		const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
		const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
		return [
			{
				...{ name, label, unit, mean },
				spread: Math.sqrt(squares / (values.length - 1)),
				lowest: Math.min(...values),
				highest: Math.max(...values),
			},
		];
	});
}
