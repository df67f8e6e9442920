/**
 * Runs every graph of test/formats/onnx/operators through onnxruntime-node and writes what comes out, for the tests to compare
 * with: `node bench/operators.js`. With `--check` it compares with what is written, and changes nothing.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { onnxModel } from "../dist/test/formats/onnx/onnx-file.js";
import { samplesOf } from "../dist/test/formats/onnx/operators/case.js";
import { operatorCases } from "../dist/test/formats/onnx/operators/index.js";

const file = new URL("../test/formats/onnx/operators/outputs.json", import.meta.url);

const arrays = {
	float: ["float32", (values) => Float32Array.from(values)],
	int64: ["int64", (values) => BigInt64Array.from(values, BigInt)],
	int32: ["int32", (values) => Int32Array.from(values)],
	uint8: ["uint8", (values) => Uint8Array.from(values)],
	bool: ["bool", (values) => Uint8Array.from(values)],
};

const outputs = {};
let failed = 0;
for (const each of operatorCases) {
	if (Object.hasOwn(outputs, each.name)) throw new Error(`two cases are called ${each.name}`);
	try {
		const session = await InferenceSession.create(onnxModel(each), { logSeverityLevel: 3 });
		const feeds = {};
		for (const [name, { shape, values, type }] of samplesOf(each)) {
			const [kind, make] = arrays[type];
			feeds[name] = new Tensor(kind, make(values), shape);
		}
		const result = (await session.run(feeds))[session.outputNames[0]];
		// Seven digits are more than two float32 computations agree on.
		outputs[each.name] = {
			shape: result.dims,
			values: Array.from(result.data, (value) => Number(Number(value).toPrecision(7))),
		};
	} catch (error) {
		failed += 1;
		console.error(`${each.name}: ${error.message.split("\n")[0]}`);
	}
}
const text = `{\n${Object.entries(outputs)
	.map(([name, output]) => `\t${JSON.stringify(name)}: ${JSON.stringify(output)}`)
	.join(",\n")}\n}\n`;
if (process.argv.includes("--check")) {
	const same = JSON.stringify(JSON.parse(readFileSync(file, "utf8"))) === JSON.stringify(outputs);
	console.log(`${Object.keys(outputs).length} graphs, ${same ? "the same as written" : "other than written"}`);
	process.exitCode = same && failed === 0 ? 0 : 1;
} else {
	writeFileSync(file, text);
	console.log(`${Object.keys(outputs).length} graphs written, ${failed} failed`);
}
