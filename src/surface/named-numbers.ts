/** Numbers that JSON has no way to write, by what stands for them. */
const named: ReadonlyMap<string, number> = new Map([
	["NaN", Number.NaN],
	["Infinity", Number.POSITIVE_INFINITY],
	["-Infinity", Number.NEGATIVE_INFINITY],
	["-0", -0],
]);

/** A number as JSON has it: with all its digits, as a text where JSON has none for it. */
export function numberText(value: number): string {
	if (Object.is(value, -0)) return '"-0"';
	return Number.isFinite(value) ? String(value) : `"${value}"`;
}

/** For `JSON.stringify`: numbers that JSON has no way to write as texts. */
export function nameNumber(_: string, value: unknown): unknown {
	if (typeof value !== "number") return value;
	return Object.is(value, -0) ? "-0" : Number.isFinite(value) ? value : String(value);
}

/** A number that `numberText` or `nameNumber` has written; undefined of anything else. */
export function numberOf(value: unknown): number | undefined {
	if (typeof value === "number") return value;
	return typeof value === "string" ? named.get(value) : undefined;
}

/** Names of files and of trainings are text whatever they say. */
const texts = ["file", "label", "origin"];

/** For `JSON.parse` of trajectories: the numbers that `nameNumber` has made texts. */
export function numberNamed(key: string, value: unknown): unknown {
	return typeof value === "string" && !texts.includes(key) ? (numberOf(value) ?? value) : value;
}
