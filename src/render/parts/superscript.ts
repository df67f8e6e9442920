/** An integer in superscript glyphs: -7 becomes ⁻⁷. */
export function superscript(integer: number): string {
	return [...String(integer)].map((c) => (c === "-" ? "⁻" : ("⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)] ?? c))).join("");
}
