import { OptionError } from "../errors.js";

/**
 * The value as one of the choices.
 *
 * @throws {OptionError} when it is none of them, with the one that was probably meant
 */
export function checkChoice<T extends string>(option: string, value: unknown, choices: readonly T[]): T {
	const choice = choices.find((candidate) => candidate === value);
	if (choice !== undefined) return choice;
	throw new OptionError(option, `expected one of ${choices.join(", ")}, got "${value}"${suggestion(value, choices)}`);
}

/** `; did you mean accuracy?` for a word that is nearly one of some others; else nothing. */
export function suggestion(word: unknown, choices: readonly string[]): string {
	const meant = typeof word === "string" ? nearest(word, choices) : undefined;
	return meant === undefined ? "" : `; did you mean ${meant}?`;
}

/** The choice that is the fewest slips of the finger away from a word, where those are few for its length. */
export function nearest(word: string, choices: readonly string[]): string | undefined {
	const ranked = choices
		.map((choice) => ({ choice, slips: slipsBetween(word.toLowerCase(), choice.toLowerCase()) }))
		.sort((a, b) => a.slips - b.slips);
	const [best] = ranked;
	return best !== undefined && best.slips <= Math.max(1, Math.floor(word.length / 3)) ? best.choice : undefined;
}

/**
 * How many letters must be put in, left out, changed or exchanged with their neighbour to make one word the other: the optimal
 * string alignment distance (Damerau 1964).
 */
function slipsBetween(a: string, b: string): number {
	const rows = Array.from({ length: a.length + 1 }, (_, i) =>
		Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : i)),
	);
	const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
	for (let i = 1; i <= a.length; i++)
		for (let j = 1; j <= b.length; j++) {
			const same = a[i - 1] === b[j - 1];
			let least = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (same ? 0 : 1));
			if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
				least = Math.min(least, at(i - 2, j - 2) + 1);
			(rows[i] as number[])[j] = least;
		}
	return at(a.length, b.length);
}
