import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { NodeProtoSchema } from "./onnx_pb.js";

/** What things of an ONNX file take in memory once they are read, whatever they hold; measured with empty ones. */
const [MESSAGE_BYTES, NODE_BYTES, VARINT_BYTES, STRING_BYTES] = [600, 2600, 32, 32];

/**
 * How many bytes of memory an ONNX file will take besides its numbers and texts, from a walk through its fields that makes
 * nothing. An empty message has two bytes in the file and hundreds in memory.
 *
 * @param deepest how many messages may lie in each other
 * @throws {Error} when the bytes are no protocol buffer, or too deep
 */
export function weigh(schema: DescMessage, bytes: Uint8Array, deepest: number): number {
	if (deepest < 0) throw new RangeError("its messages lie too deep in each other");
	const fields = fieldsOf(schema);
	const reader = new BinaryReader(bytes);
	let weight = schema === NodeProtoSchema ? NODE_BYTES : MESSAGE_BYTES;
	while (reader.pos < reader.len) {
		const [number, wire] = reader.tag();
		const field = fields.get(number);
		if (wire !== WireType.LengthDelimited || field === undefined) {
			reader.skip(wire, number);
			weight += wire === WireType.Varint ? VARINT_BYTES : 0;
			continue;
		}
		const content = reader.bytes();
		if (field.message !== undefined) weight += weigh(field.message, content, deepest - 1);
		else weight += isPackedVarints(field) ? VARINT_BYTES * content.length : STRING_BYTES;
	}
	return weight;
}

const known = new Map<DescMessage, ReadonlyMap<number, DescField>>();

function fieldsOf(schema: DescMessage): ReadonlyMap<number, DescField> {
	const fields = known.get(schema) ?? new Map(schema.fields.map((field) => [field.number, field]));
	known.set(schema, fields);
	return fields;
}

/** Numbers of one to ten bytes; 64-bit ones become objects. */
function isPackedVarints({ fieldKind, scalar }: DescField): boolean {
	const fixed = [ScalarType.FLOAT, ScalarType.DOUBLE, ScalarType.STRING, ScalarType.BYTES];
	return fieldKind === "list" && scalar !== undefined && !fixed.includes(scalar);
}
