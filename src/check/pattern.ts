/** A pattern of names: a star stands for anything, a question mark for one letter, all else for itself. */
export function patternOf(text: string): RegExp {
	const escaped = text.replace(/[.+^${}()|[\]\\]/g, "\\$&");
	return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}
