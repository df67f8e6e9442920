import { patternOf } from "../check/pattern.js";
import { OptionError } from "../errors.js";

/**
 * The names that patterns stand for.
 *
 * @param option how errors call the patterns
 * @throws {OptionError} when a pattern stands for none
 */
export function namesMatching(patterns: readonly string[], names: readonly string[], option: string): Set<string> {
	const found = new Set<string>();
	for (const text of patterns) {
		const pattern = patternOf(text);
		const own = names.filter((name) => pattern.test(name));
		if (own.length === 0)
			throw new OptionError(option, `expected a pattern of tensors' names (${listed(names)}), got "${text}"`);
		for (const name of own) found.add(name);
	}
	return found;
}

function listed(names: readonly string[]): string {
	return names.length <= 8 ? names.join(", ") : `${names.slice(0, 8).join(", ")} and ${names.length - 8} more`;
}
