import { quoted } from "./csv.js";

/** The measures of one surface, by name. */
export interface MeasuredSurface {
	readonly label: string;
	/** SHA-256 of the surface. */
	readonly digest: string;
	readonly measures: Readonly<Record<string, number | null>>;
}

/**
 * Measures of several surfaces as text for spreadsheets: a header, then a line a surface. Numbers have all their digits, NaN
 * and Infinity are written as such, and what a surface does not determine is an empty field.
 */
export function formatMeasures(rows: readonly MeasuredSurface[]): string {
	const names = Object.keys(rows[0]?.measures ?? {});
	const lines = rows.map(({ label, digest, measures }) =>
		[quoted(label), digest, ...names.map((name) => String(measures[name] ?? ""))].join(","),
	);
	return `${[["label", "surface", ...names].join(","), ...lines].join("\n")}\n`;
}
