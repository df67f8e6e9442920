const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A text as it stands in HTML, or in an attribute within double quotes. */
export function escaped(text: string): string {
	return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** A file as a reference of its own: identifiers inside one SVG don't meet those of another, and nothing is loaded from elsewhere. */
export function dataUri(name: string, bytes: Uint8Array): string {
	const type = name.endsWith(".svg") ? "image/svg+xml" : name.endsWith(".webp") ? "image/webp" : "image/png";
	return `data:${type};base64,${Buffer.from(bytes).toString("base64")}`;
}
