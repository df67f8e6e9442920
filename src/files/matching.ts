import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { patternOf } from "../check/pattern.js";
import { FileFormatError } from "../errors.js";
import { describeSystemError } from "./read.js";

/**
 * The files that a pattern stands for, in natural order: `step-2` before `step-10`. A star stands for anything and a question mark for
 * one letter, in the name of the file alone; what has neither is a file.
 *
 * @throws {FileFormatError} when it stands for none, or its directory can't be read
 */
export async function filesMatching(pattern: string): Promise<string[]> {
	const name = pattern.slice(pattern.search(/[^\\/]*$/));
	if (!/[*?]/.test(name)) return [pattern];
	const directory = dirname(pattern);
	const names = await readdir(directory).catch((error: unknown) => {
		throw new FileFormatError(pattern, `expected files of that pattern; ${directory}: ${describeSystemError(error)}`);
	});
	const wanted = patternOf(name);
	const found = names.filter((each) => wanted.test(each)).sort(inNaturalOrder);
	if (found.length === 0)
		throw new FileFormatError(pattern, `expected files of that pattern, ${directory} has none of ${names.length}`);
	return found.map((each) => join(directory, each));
}

/** Numbers within names by their value, all else letter by letter. */
export function inNaturalOrder(a: string, b: string): number {
	const parts = (name: string) => name.split(/(\d+)/);
	const [ours, theirs] = [parts(a), parts(b)];
	for (let i = 0; i < Math.min(ours.length, theirs.length); i++) {
		const [one = "", other = ""] = [ours[i], theirs[i]];
		if (one === other) continue;
		const difference = i % 2 === 1 ? Number(one) - Number(other) : 0;
		if (difference !== 0) return difference;
		return one < other ? -1 : 1;
	}
	return ours.length - theirs.length;
}
