import { littleEndian } from "../formats/npy.js";
import type { Surface } from "../surface/surface.js";

/** An array as VTK's files have them. */
export interface VtkArray {
	readonly name: string;
	readonly components?: number;
	readonly values: Float64Array | Uint8Array | BigInt64Array;
}

/** Parts of a piece in the order of the format: `PointData`, `CellData`, `Points`, `Polys` and the like, with their arrays. */
export interface VtkPiece {
	/** Attributes of the data set, `WholeExtent="0 2 0 1 0 0"`. */
	readonly whole: Readonly<Record<string, string>>;
	readonly piece: Readonly<Record<string, string | number>>;
	readonly parts: readonly { readonly tag: string; readonly arrays: readonly VtkArray[]; readonly scalars?: string }[];
}

const types = { Float64Array: "Float64", Uint8Array: "UInt8", BigInt64Array: "Int64" } as const;

/** Bytes before each array that say how long it is. */
const LENGTH_BYTES = 8;

/**
 * The bytes of a file of VTK in XML: a head that says what there is, then all arrays as they lie in memory, little-endian, each after
 * its length in eight bytes.
 *
 * @see https://docs.vtk.org/en/latest/vtk_file_formats/vtkxml_file_format.html, "Appended Data"
 */
export function formatVtk(
	kind: "StructuredGrid" | "PolyData",
	{ whole, piece, parts }: VtkPiece,
	surface: Surface,
): Uint8Array {
	const bodies: Uint8Array[] = [];
	let offset = 0;
	const declared = ({ name, components, values }: VtkArray) => {
		const bytes = values instanceof BigInt64Array ? integers(values) : littleEndian(values);
		const attributes = {
			type: types[values.constructor.name as keyof typeof types],
			Name: name,
			...(components !== undefined && { NumberOfComponents: components }),
			format: "appended",
			offset,
		};
		bodies.push(bytes);
		offset += LENGTH_BYTES + bytes.length;
		return `        <DataArray${attributesText(attributes)}/>`;
	};
	const { caption, version } = surface.provenance;
	const head = [
		'<?xml version="1.0"?>',
		// Two hyphens would end the comment.
		`<!-- ${escaped([...caption, `isoloss ${version}`].join(" · ")).replaceAll("--", "- -")} -->`,
		`<VTKFile type="${kind}" version="1.0" byte_order="LittleEndian" header_type="UInt64">`,
		`  <${kind}${attributesText(whole)}>`,
		`    <Piece${attributesText(piece)}>`,
		...parts.flatMap(({ tag, arrays, scalars }) => [
			`      <${tag}${scalars === undefined ? "" : attributesText({ Scalars: scalars })}>`,
			...arrays.map(declared),
			`      </${tag}>`,
		]),
		"    </Piece>",
		`  </${kind}>`,
		'  <AppendedData encoding="raw">',
		"_",
	].join("\n");
	return joined(head, bodies, "\n  </AppendedData>\n</VTKFile>\n");
}

function joined(head: string, bodies: readonly Uint8Array[], end: string): Uint8Array {
	const lengths = bodies.map(({ length }) => {
		const bytes = new Uint8Array(LENGTH_BYTES);
		new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
		return bytes;
	});
	const parts = [
		new TextEncoder().encode(head),
		...bodies.flatMap((body, i) => [lengths[i] ?? new Uint8Array(), body]),
		new TextEncoder().encode(end),
	];
	const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		bytes.set(part, at);
		at += part.length;
	}
	return bytes;
}

function integers(values: BigInt64Array): Uint8Array {
	const view = new DataView(new ArrayBuffer(8 * values.length));
	for (const [i, value] of values.entries()) view.setBigInt64(8 * i, value, true);
	return new Uint8Array(view.buffer);
}

function attributesText(attributes: Readonly<Record<string, string | number>>): string {
	return Object.entries(attributes)
		.map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll('"', "&quot;")}"`)
		.join("");
}

function escaped(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
