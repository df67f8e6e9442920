import { randomUUID } from "node:crypto";
import { create, toBinary } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { Source } from "../../files/frames.js";
import type { Apart } from "../format.js";
import { GraphProtoSchema, ModelProtoSchema, TensorProto_DataLocation, TensorProtoSchema } from "./onnx_pb.js";

/** Bytes from which on the numbers of a tensor stay in the file. */
const LEAST = 1 << 16;

const graphField = ModelProtoSchema.field.graph.number;
const initialiserField = GraphProtoSchema.field.initializer.number;
const rawField = TensorProtoSchema.field.rawData.number;
const placeFields: ReadonlySet<number> = new Set([
	TensorProtoSchema.field.externalData.number,
	TensorProtoSchema.field.dataLocation.number,
]);

/**
 * An ONNX file without the numbers of its large tensors, which lie in the one graph it has: in their stead stands where in the file
 * they are, as of numbers in another file. Who reads a file whole holds them a second time, next to the network's own, and a third
 * time those that lie at odd places.
 *
 * @param least bytes from which on a tensor is large
 * @returns undefined of a file without large tensors, or one that is no plain ONNX model: what is wrong with it is told by who
 *   reads it whole
 */
export function onnxApart(source: Source, least = LEAST): Apart | undefined {
	const location = `:${randomUUID()}`;
	const cut = withShorter(source, 0, source.length, graphField, (graph) =>
		withShorter(source, graph.content, graph.end, initialiserField, (tensor) =>
			tensor.end - tensor.content < least ? undefined : withoutNumbers(source, tensor, least, location),
		),
	);
	return cut && { bytes: cut, left: { location, source } };
}

/** A field of a message: where it begins, and, where its length is told, its content. */
interface Field {
	readonly number: number;
	readonly wire: number;
	readonly start: number;
	readonly content: number;
	readonly end: number;
}

/**
 * A message whose fields of one number are replaced by shorter ones, where there are any.
 *
 * @returns undefined where none is, or it is no message
 */
function withShorter(
	source: Source,
	from: number,
	to: number,
	number: number,
	shorten: (field: Field) => Uint8Array | undefined,
): Uint8Array | undefined {
	const fields = fieldsOf(source, from, to);
	if (fields === undefined) return undefined;
	const parts: Uint8Array[] = [];
	let kept = from;
	for (const field of fields) {
		const shorter = field.number === number && field.wire === WireType.LengthDelimited ? shorten(field) : undefined;
		if (shorter === undefined) continue;
		if (kept < field.start) parts.push(source.slice(kept, field.start));
		parts.push(new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(shorter).finish());
		kept = field.end;
	}
	if (parts.length === 0) return undefined;
	return Buffer.concat([...parts, source.slice(kept, to)]);
}

/** A tensor that says where its numbers are; undefined where it says so already, or has them otherwise. */
function withoutNumbers(
	source: Source,
	{ content, end }: Field,
	least: number,
	location: string,
): Uint8Array | undefined {
	const fields = fieldsOf(source, content, end) ?? [];
	const raw = fields.filter(({ number }) => number === rawField);
	const [numbers] = raw;
	if (numbers === undefined || raw.length > 1 || fields.some(({ number }) => placeFields.has(number))) return undefined;
	const [offset, length] = [numbers.content, numbers.end - numbers.content];
	if (length < least) return undefined;
	const place = create(TensorProtoSchema, {
		dataLocation: TensorProto_DataLocation.EXTERNAL,
		externalData: Object.entries({ location, offset, length }).map(([key, value]) => ({ key, value: String(value) })),
	});
	// A message's fields may come in any order, so that what is appended is part of it.
	return Buffer.concat([
		source.slice(content, numbers.start),
		source.slice(numbers.end, end),
		toBinary(TensorProtoSchema, place),
	]);
}

/** The fields of a message; undefined where the bytes are none. */
function fieldsOf(source: Source, from: number, to: number): readonly Field[] | undefined {
	const fields: Field[] = [];
	for (let at = from; at < to; ) {
		const field = fieldAt(source, at);
		if (field === undefined || field.end > to) return undefined;
		fields.push(field);
		at = field.end;
	}
	return fields;
}

/** The most bytes that a tag and a number take. */
const HEAD = 20;

/** Bytes after a tag; a number's follow from itself. Groups, which have gone out of use, are left out. */
const fixedBytes: ReadonlyMap<WireType, number> = new Map([
	[WireType.Varint, 0],
	[WireType.Bit64, 8],
	[WireType.Bit32, 4],
]);

function fieldAt(source: Source, start: number): Field | undefined {
	const reader = new BinaryReader(source.slice(start, start + HEAD));
	try {
		const [number, wire] = reader.tag();
		const bytes = wire === WireType.LengthDelimited ? reader.uint32() : fixedBytes.get(wire);
		const content = start + reader.pos;
		if (wire === WireType.Varint) reader.skip(wire);
		return bytes === undefined ? undefined : { number, wire, start, content, end: start + reader.pos + bytes };
	} catch {
		// No field: who reads the file whole says so.
		return undefined;
	}
}
