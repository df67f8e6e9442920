import { rgb } from "d3-color";
import { real } from "./objects.js";
import { circleOperators, pathOperators, rectOperators } from "./path.js";
import type { Element } from "./xml.js";

/** What a drawing refers to by name, and what gives it names in the file. */
export interface Resources {
	/** The name of a graphics state with these opacities, of fill and stroke. */
	opacity(fill: number, stroke: number): string;
	/** The names of images, shadings over a unit square, and patterns, by their elements. */
	image(element: Element): string;
	shading(gradient: Element): string;
	pattern(pattern: Element): string;
	/** An element by its `id`. */
	referred(id: string): Element;
	/** In user units, of what is written in per cent. */
	readonly width: number;
	readonly height: number;
}

type Attributes = Readonly<Record<string, string>>;

/** Attributes that elements take over from the group they are in. */
const INHERITED = new Set([
	...["fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width"],
	...["stroke-linecap", "stroke-linejoin", "stroke-dasharray", "paint-order"],
]);

/** What describes a document or is referred to is not drawn where it stands. */
const UNDRAWN = new Set(["title", "desc", "linearGradient", "pattern", "clipPath", "defs"]);

/** The operators that draw some elements, in their order. */
export function paint(elements: readonly Element[], resources: Resources, inherited: Attributes = {}): string {
	return elements
		.filter(({ name }) => !UNDRAWN.has(name))
		.map((element) => paintOne(element, resources, inherited))
		.filter((part) => part !== "")
		.join("\n");
}

function paintOne(element: Element, resources: Resources, inherited: Attributes): string {
	const { name, attributes, children } = element;
	const taken = Object.fromEntries(Object.entries(inherited).filter(([key]) => INHERITED.has(key)));
	const style: Attributes = { ...taken, ...attributes };
	if (name === "g") return clipped(attributes, resources, paint(children, resources, style));
	if (name === "image") return paintImage(element, resources);
	return paintShape(outlineOf(element, resources), style, resources, boxOf(element, resources));
}

function clipped({ "clip-path": clip }: Attributes, resources: Resources, drawn: string): string {
	if (clip === undefined) return drawn;
	const outlines = resources.referred(referenceIn(clip)).children.map((child) => outlineOf(child, resources));
	return ["q", ...outlines, "W n", drawn, "Q"].join("\n");
}

/** A rectangle's numbers: x, y, width, height. */
type Box = readonly [number, number, number, number];

function boxOf({ attributes }: Element, { width, height }: Resources): Box {
	const length = (text = "0", whole = 0) =>
		text.endsWith("%") ? (Number(text.slice(0, -1)) / 100) * whole : Number(text);
	const { x, y } = attributes;
	return [length(x, width), length(y, height), length(attributes.width, width), length(attributes.height, height)];
}

function outlineOf(element: Element, resources: Resources): string {
	const { name, attributes } = element;
	if (name === "path") return pathOperators(attributes.d ?? "");
	if (name === "rect") return rectOperators(...boxOf(element, resources));
	if (name === "circle") return circleOperators(Number(attributes.cx), Number(attributes.cy), Number(attributes.r));
	throw new TypeError(`a drawing with <${name}>, which src/render/pdf can't write`);
}

function paintImage(element: Element, resources: Resources): string {
	const [x, y, width, height] = boxOf(element, resources);
	// An image fills the unit square, its first row at the top, where y is 1.
	const place = [width, 0, 0, -height, x, y + height].map(real).join(" ");
	return `q\n${place} cm\n/${resources.image(element)} Do\nQ`;
}

function paintShape(outline: string, style: Attributes, resources: Resources, box: Box): string {
	const { fill = "#000", stroke = "none" } = style;
	if (outline === "" || (fill === "none" && stroke === "none")) return "";
	const state = stateOf(style, resources);
	const stroked = stroke === "none" ? "" : `${outline}\nS`;
	if (fill.startsWith("url("))
		return ["q", ...state, filledBy(referenceIn(fill), outline, box, resources), stroked, "Q"].join("\n");
	const filled = `${outline}\n${style["fill-rule"] === "evenodd" ? "f*" : "f"}`;
	const drawn =
		fill === "none"
			? stroked
			: stroke === "none"
				? filled
				: style["paint-order"] === "stroke"
					? `${stroked}\n${filled}`
					: `${outline}\nB`;
	return ["q", ...state, drawn, "Q"].join("\n");
}

/** An outline filled with what a gradient or a pattern says. */
function filledBy(id: string, outline: string, box: Box, resources: Resources): string {
	const paintServer = resources.referred(id);
	if (paintServer.name === "pattern") return `/Pattern cs\n/${resources.pattern(paintServer)} scn\n${outline}\nf`;
	const [x, y, width, height] = box;
	return `q\n${outline}\nW n\n${[width, 0, 0, height, x, y].map(real).join(" ")} cm\n/${resources.shading(paintServer)} sh\nQ`;
}

const CAPS: Readonly<Record<string, number>> = { butt: 0, round: 1, square: 2 };
const JOINS: Readonly<Record<string, number>> = { miter: 0, round: 1, bevel: 2 };

/** Colours, line and opacities, as far as they are not what a page begins with. */
function stateOf(style: Attributes, resources: Resources): string[] {
	const { fill = "#000", stroke = "none" } = style;
	const opacity = Number(style.opacity ?? 1);
	const [fillOpacity, strokeOpacity] = [style["fill-opacity"], style["stroke-opacity"]].map(
		(each) => opacity * Number(each ?? 1),
	) as [number, number];
	const line =
		stroke === "none"
			? []
			: [
					`${colourOf(stroke)} RG`,
					`${real(Number(style["stroke-width"] ?? 1))} w`,
					`${CAPS[style["stroke-linecap"] ?? "butt"] ?? 0} J ${JOINS[style["stroke-linejoin"] ?? "miter"] ?? 0} j`,
					...(style["stroke-dasharray"] ? [`[${style["stroke-dasharray"].replaceAll(",", " ")}] 0 d`] : []),
				];
	return [
		...(fillOpacity === 1 && strokeOpacity === 1 ? [] : [`/${resources.opacity(fillOpacity, strokeOpacity)} gs`]),
		...(fill === "none" || fill.startsWith("url(") ? [] : [`${colourOf(fill)} rg`]),
		...line,
	];
}

/** A CSS colour as red, green and blue from 0 to 1. */
export function colourOf(colour: string): string {
	const { r, g, b } = rgb(colour);
	if (Number.isNaN(r + g + b)) throw new TypeError(`a drawing with the colour ${colour}`);
	return [r, g, b].map((channel) => real(channel / 255)).join(" ");
}

/** The `id` in `url(#id)`. */
function referenceIn(url: string): string {
	return url.slice("url(#".length, -1);
}
