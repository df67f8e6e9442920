import { visible } from "../check/visible.js";

/** The longest line an error is told in: what is longer says no more to a person. */
const LONGEST = 1000;

/**
 * An error for a person, in one line; with its stack where ISOLOSS_DEBUG is set.
 *
 * @returns the line, and the exit status that goes with it
 */
export function report(error: unknown): { readonly line: string; readonly status: number } {
	if (process.env.ISOLOSS_DEBUG) console.error(error);
	if (!(error instanceof Error)) return { line: oneLine(String(error)), status: 1 };
	if ("exitCode" in error && typeof error.exitCode === "number")
		return { line: oneLine(error.message), status: error.exitCode };
	return { line: oneLine(`${error.name}: ${error.message} (ISOLOSS_DEBUG=1 shows where)`), status: 1 };
}

/** Text without what moves a terminal's cursor or ends its line, and not longer than anyone reads. */
export function oneLine(text: string): string {
	const plain = visible(text.replaceAll(/\s*\n\s*/g, " "));
	return plain.length <= LONGEST ? plain : `${plain.slice(0, LONGEST)} ...`;
}
