/**
 * Our SVG documents as PDF: one page of exactly the picture's size, in vectors but for the cells of heat maps. Text is outlines
 * already, so that there are no fonts to embed. Only what our drawings consist of is known; another element is an error.
 */
import { type PictureText, pixelsOf } from "../encode.js";
import { PdfObjects, real, textString } from "./objects.js";
import { colourOf, paint, type Resources } from "./paint.js";
import { type Element, elementsNamed, parseSvg } from "./xml.js";

/**
 * An SVG document of ours as PDF. Equal documents give equal bytes.
 *
 * @param points its width on paper, of 1/72 inch
 */
export async function svgToPdf(svg: string, points: number, text: PictureText): Promise<Uint8Array> {
	const root = parseSvg(svg);
	const [, , width = 1, height = 1] = (root.attributes.viewBox ?? "").split(" ").map(Number);
	const scale = points / width;
	const objects = new PdfObjects();
	const shared = objects.reserve();
	// y grows downwards in SVG.
	const base: Matrix = [scale, 0, 0, -scale, 0, height * scale];
	const images = await imagesIn(root, objects);
	const { resources, dictionary } = newResources(root, objects, { shared, base, width, height, images });
	const drawn = paint(root.children, resources);
	const content = objects.stream("", new TextEncoder().encode(`${base.map(precise).join(" ")} cm\n${drawn}\n`));
	objects.put(shared, dictionary());
	const pages = objects.reserve();
	const page = objects.add(
		`<< /Type /Page /Parent ${pages} 0 R /MediaBox [0 0 ${precise(points)} ${precise(height * scale)}] /Resources ${shared} 0 R /Contents ${content} 0 R >>`,
	);
	objects.put(pages, `<< /Type /Pages /Kids [${page} 0 R] /Count 1 >>`);
	const catalog = objects.add(`<< /Type /Catalog /Pages ${pages} 0 R >>`);
	const info = objects.add(
		`<< /Title ${textString(text.Title)} /Subject ${textString(text.Description)} /Keywords ${textString(text.Source ?? "")} /Creator ${textString(text.Software)} >>`,
	);
	return objects.file(catalog, info);
}

/** a, b, c, d, e, f of x' = ax + cy + e, y' = bx + dy + f. */
type Matrix = readonly [number, number, number, number, number, number];

/** Sizes of pages and scales, which small errors would be multiplied by. */
const precise = (value: number) => String(Math.round(value * 1e6) / 1e6 || 0);

/** The images of a document, decoded, by their addresses: the numbers of their objects. */
async function imagesIn(root: Element, objects: PdfObjects): Promise<Map<string, number>> {
	const images = new Map<string, number>();
	for (const { attributes } of elementsNamed(root, "image")) {
		const { href = "" } = attributes;
		const { width, height, data } = await pixelsOf(Buffer.from(href.slice(href.indexOf(",") + 1), "base64"));
		const channel = (offset: number) => data.filter((_, i) => i % 4 === offset);
		const alpha = channel(3);
		const entries = `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /BitsPerComponent 8`;
		const mask = alpha.every((each) => each === 255)
			? ""
			: ` /SMask ${objects.stream(`${entries} /ColorSpace /DeviceGray`, alpha)} 0 R`;
		const colours = data.filter((_, i) => i % 4 !== 3);
		images.set(href, objects.stream(`${entries} /ColorSpace /DeviceRGB${mask}`, colours));
	}
	return images;
}

interface Page {
	/** The number of the object that page and patterns have their resources from. */
	readonly shared: number;
	/** From user units to points. */
	readonly base: Matrix;
	readonly width: number;
	readonly height: number;
	readonly images: ReadonlyMap<string, number>;
}

/** Gives names to what a drawing uses, once each, and writes the dictionary of them. */
function newResources(root: Element, objects: PdfObjects, { shared, base, width, height, images }: Page) {
	const named = new Map<string, Map<string, string>>();
	const nameOf = (kind: string, key: string, value: () => string) => {
		const known = named.get(kind) ?? new Map<string, string>();
		named.set(kind, known);
		if (!known.has(key)) known.set(key, value());
		return `${kind}${[...known.keys()].indexOf(key)}`;
	};
	const resources: Resources = {
		...{ width, height },
		opacity: (fill, stroke) =>
			nameOf("ExtGState", `${fill} ${stroke}`, () => `<< /ca ${real(fill)} /CA ${real(stroke)} >>`),
		image: ({ attributes: { href = "" } }) => nameOf("XObject", href, () => `${images.get(href)} 0 R`),
		shading: (gradient) => nameOf("Shading", gradient.attributes.id ?? "", () => shadingOf(gradient)),
		pattern: (pattern) =>
			nameOf("Pattern", pattern.attributes.id ?? "", () => {
				const drawn = new TextEncoder().encode(paint(pattern.children, resources));
				return `${objects.stream(patternEntries(pattern, base, shared), drawn)} 0 R`;
			}),
		referred(id) {
			const found = ["linearGradient", "pattern", "clipPath"]
				.flatMap((name) => elementsNamed(root, name))
				.find(({ attributes }) => attributes.id === id);
			if (found === undefined) throw new TypeError(`a drawing refers to ${id}, which it does not have`);
			return found;
		},
	};
	const dictionary = () => {
		const kinds = [...named].map(([kind, known]) => {
			const entries = [...known.values()].map((value, i) => `/${kind}${i} ${value}`);
			return `/${kind} << ${entries.join(" ")} >>`;
		});
		return `<< ${kinds.join(" ")} >>`;
	};
	return { resources, dictionary };
}

/** An axial shading over the unit square, from stop to stop (ISO 32000-1, 8.7.4.5.3 and 7.10.4). */
function shadingOf({ attributes, children }: Element): string {
	const ends = ["x1", "y1", "x2", "y2"].map((name) => real(Number(attributes[name] ?? 0)));
	const colours = children.map((stop) => colourOf(stop.attributes["stop-color"] ?? "#000"));
	const offsets = children.map((stop) => Number(stop.attributes.offset)).slice(1, -1);
	const pieces = colours
		.slice(1)
		.map((colour, i) => `<< /FunctionType 2 /Domain [0 1] /N 1 /C0 [${colours[i]}] /C1 [${colour}] >>`);
	const stitched = `<< /FunctionType 3 /Domain [0 1] /Functions [${pieces.join(" ")}] /Bounds [${offsets.map(precise).join(" ")}] /Encode [${pieces.map(() => "0 1").join(" ")}] >>`;
	return `<< /ShadingType 2 /ColorSpace /DeviceRGB /Coords [${ends.join(" ")}] /Function ${stitched} /Extend [true true] >>`;
}

/** A pattern repeats in the page's own units, wherever it fills (8.7.3.3). */
function patternEntries({ attributes }: Element, base: Matrix, shared: number): string {
	const [width, height] = [Number(attributes.width), Number(attributes.height)];
	const [, degrees = "0"] = /^rotate\((-?[\d.]+)\)$/.exec(attributes.patternTransform ?? "") ?? [];
	const angle = (Number(degrees) * Math.PI) / 180;
	const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
	const [scaleX, , , scaleY, toX, toY] = base;
	const matrix = [scaleX * cos, scaleY * sin, -scaleX * sin, scaleY * cos, toX, toY].map(precise).join(" ");
	return `/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 ${width} ${height}] /XStep ${width} /YStep ${height} /Matrix [${matrix}] /Resources ${shared} 0 R`;
}
