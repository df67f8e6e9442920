import { type Check, isA, isObject } from "../check/values.js";
import { FileFormatError, OptionError } from "../errors.js";

/** Vectors as bytes, each of whose numbers has some width. */
export function isBytes(width: number): Check {
	return isA(`bytes, ${width} a number`, (value) => value instanceof Uint8Array && value.length % width === 0);
}

/** An object with facts: texts, numbers and the like, by name. */
export const isFacts: Check = (name, value) => {
	isObject("an object", {})(name, value);
	for (const [fact, content] of Object.entries(value as object))
		isA("a text or a number", (given) => given === null || ["string", "number", "boolean"].includes(typeof given))(
			`${name}.${fact}`,
			content,
		);
};

/**
 * Checks what a checksum can't: that a record, whoever wrote it, is what it says it is.
 *
 * @param what how errors call the record
 * @throws {FileFormatError} with what would be right
 */
export function checkRecord(
	path: string,
	what: string,
	record: unknown,
	properties: Readonly<Record<string, Check>>,
): void {
	try {
		isObject("an object", properties)(what, record);
	} catch (error) {
		if (error instanceof OptionError) throw new FileFormatError(path, `holds something else: ${error.message}`);
		throw error;
	}
}
