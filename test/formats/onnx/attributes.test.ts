import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { GraphError } from "../../../src/errors.js";
import { isKnownAttribute } from "../../../src/formats/onnx/attributes.js";
import { importOnnx } from "../../../src/formats/onnx/index.js";
import { importers } from "../../../src/formats/onnx/ops/index.js";
import { root } from "../../fixtures.js";
import { onnxFile, type TestAttribute } from "./onnx-file.js";

interface Schemas {
	readonly opset: number;
	/** Attributes by operator and the opset since which it has them. */
	readonly operators: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

const { operators } = JSON.parse(readFileSync(join(root, "test/formats/onnx/schemas.json"), "utf8")) as Schemas;

test("every operator that is read is one of the standard's, and each attribute it has there is read, checked, or known to change nothing", (t) => {
	const unknown: string[] = [];
	let count = 0;
	for (const op of importers.keys()) {
		if (operators[op] === undefined) unknown.push(op);
		for (const [opset, attributes] of Object.entries(operators[op] ?? {}))
			for (const name of attributes) {
				count += 1;
				if (!isKnownAttribute(op, name)) unknown.push(`${op} ${opset} ${name}`);
			}
	}
	t.deepEqual(unknown, []);
	t.true(count > 300, `${count} attributes`);
});

const refused: readonly (readonly [
	op: string,
	attributes: Readonly<Record<string, TestAttribute>>,
	message: RegExp,
])[] = [
	["Relu", { slope: 0.5 }, /Relu\): its attribute slope is not supported/],
	["LpNormalization", { p: 3 }, /p 3 is not supported/],
	["LayerNormalization", { stash_type: 16 }, /stash_type 16 is not supported/],
];

for (const [op, attributes, message] of refused)
	test(`${op} with ${JSON.stringify(attributes)} is refused by the attribute's name`, (t) => {
		const bytes = onnxFile([4], [{ op, inputs: ["x"], attributes }], {}, 17);
		t.throws(() => importOnnx(bytes, "test.onnx"), { instanceOf: GraphError, message });
	});

test("a file for an opset of other operators is refused, with how to convert it", (t) => {
	const bytes = onnxFile([4], [{ op: "Relu", inputs: ["x"] }], {}, 6);
	t.throws(() => importOnnx(bytes, "old.onnx"), { instanceOf: GraphError, message: /opset 6.*onnx.version_converter/ });
});
