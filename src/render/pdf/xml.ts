/** An element of an SVG document of ours; what stands between tags as text is left out. */
export interface Element {
	readonly name: string;
	readonly attributes: Readonly<Record<string, string>>;
	readonly children: readonly Element[];
}

interface OpenElement extends Element {
	readonly children: Element[];
}

/** The root of a document that `svgDocument` wrote: tags, attributes in double quotes, and text, nothing else of XML. */
export function parseSvg(svg: string): Element {
	const top: OpenElement = { name: "", attributes: {}, children: [] };
	const open: OpenElement[] = [top];
	for (const [, closing, name = "", given = "", empty] of svg.matchAll(
		/<(\/?)([\w]+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>/g,
	)) {
		if (closing) {
			open.pop();
			continue;
		}
		const attributes = Object.fromEntries(
			[...given.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]),
		);
		const element: OpenElement = { name, attributes, children: [] };
		open.at(-1)?.children.push(element);
		if (!empty) open.push(element);
	}
	const [root] = top.children;
	if (root === undefined) throw new TypeError("a drawing has no root");
	return root;
}

/** All elements of a name, whatever they are in. */
export function elementsNamed(root: Element, name: string): Element[] {
	return root.children.flatMap((child) => [...(child.name === name ? [child] : []), ...elementsNamed(child, name)]);
}
