import { visible } from "../check/visible.js";

/** Lines for people: names in them come from files of others, which may hold codes that a terminal obeys. */

/** Prints results on standard output. */
export function print(text: string): void {
	console.log(visible(text));
}

/** Prints a value as JSON on standard output. */
export function printJson(value: unknown, indent?: string): void {
	// JSON has its own way to write them, and needs it only for those below a blank.
	const text = JSON.stringify(value, null, indent);
	console.log(text.replaceAll(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, jsonCode));
}

function jsonCode(control: string): string {
	return `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Prints what happens on standard error. */
export function tell(text: string): void {
	console.error(visible(text));
}
