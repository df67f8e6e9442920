/**
 * Writes the few parts of an ONNX file that a feed-forward network needs, straight as protobuf wire format.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto for the field numbers named here
 */

/** A varint: seven bits a byte, lowest first. */
function varint(value) {
	const bytes = [];
	let rest = BigInt.asUintN(64, BigInt(value));
	do {
		const low = Number(rest & 127n);
		rest >>= 7n;
		bytes.push(rest > 0n ? low | 128 : low);
	} while (rest > 0n);
	return Buffer.from(bytes);
}

const integer = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
const bytes = (field, value) => Buffer.concat([varint((field << 3) | 2), varint(value.length), value]);
const text = (field, value) => bytes(field, Buffer.from(value, "utf8"));
const message = (field, ...parts) => bytes(field, Buffer.concat(parts));

const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

const float = (field, value) => {
	const bytes = Buffer.alloc(4);
	bytes.writeFloatLE(value);
	return Buffer.concat([varint((field << 3) | 5), bytes]);
};

/** A whole number is an int, one with a fraction a float. */
function attribute(name, value) {
	if (typeof value === "number" && !Number.isInteger(value))
		return message(5, text(1, name), float(2, value), integer(20, ATTRIBUTE_FLOAT));
	const values = Array.isArray(value)
		? [...value.map((one) => integer(8, one)), integer(20, ATTRIBUTE_INTS)]
		: [integer(3, value), integer(20, ATTRIBUTE_INT)];
	return message(5, text(1, name), ...values);
}

const node = ({ op, inputs, output, attributes = {} }) =>
	message(
		1,
		...inputs.map((name) => text(1, name)),
		text(2, output),
		text(4, op),
		...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
	);

const initializer = ({ name, shape, values }) =>
	message(
		5,
		...shape.map((size) => integer(1, size)),
		integer(2, values instanceof BigInt64Array ? INT64 : FLOAT),
		text(8, name),
		bytes(9, Buffer.from(values.buffer, values.byteOffset, values.byteLength)),
	);

/** A graph input or output (`type` 7 for int64); a dimension given as a string is a free one of that name. */
const valueInfo = (field, { name, shape, type = FLOAT }) => {
	const dimensions = shape.map((size) => message(1, typeof size === "string" ? text(2, size) : integer(1, size)));
	return message(field, text(1, name), message(2, message(1, integer(1, type), message(2, ...dimensions))));
};

/**
 * @param {{nodes: object[], initializers: object[], input?: object, inputs?: object[], output: object}} graph `inputs` where
 *   it has several
 * @returns {Uint8Array} an ONNX file
 */
export function onnxFile({ nodes, initializers, input, inputs = [input], output, opset = 13 }) {
	return new Uint8Array(
		Buffer.concat([
			integer(1, 8),
			message(
				7,
				...nodes.map(node),
				text(2, "network"),
				...initializers.map(initializer),
				...inputs.map((each) => valueInfo(11, each)),
				valueInfo(12, output),
			),
			message(8, text(1, ""), integer(2, opset)),
		]),
	);
}
