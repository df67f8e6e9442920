import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import test from "ava";
import { FileFormatError } from "../../../src/errors.js";
import { sourceOfBytes } from "../../../src/files/frames.js";
import { readNetwork, readTensors } from "../../../src/formats/index.js";
import { onnxApart } from "../../../src/formats/onnx/apart.js";
import { importOnnx, onnxTensors } from "../../../src/formats/onnx/index.js";
import { ModelProtoSchema } from "../../../src/formats/onnx/onnx_pb.js";
import { gaussians, root, temporaryDirectory } from "../../fixtures.js";
import { onnxFile } from "./onnx-file.js";

const noFile = (): Uint8Array => {
	throw new FileFormatError("no file", "is not beside it");
};

for (const network of ["mlp", "regression", "vgg", "resnet8", "transformer"])
	test(`${network}, read without its numbers, is the same network once they are asked for`, (t) => {
		const bytes = readFileSync(join(root, "test", "corpus", "pytorch", network, "a.onnx"));
		const apart = onnxApart(sourceOfBytes(bytes), 16);
		if (apart === undefined) return t.fail("nothing was taken out");
		t.true(apart.bytes.length < bytes.length / 2);
		const beside = Object.assign(noFile, { left: apart.left });
		t.deepEqual(importOnnx(apart.bytes, "a.onnx", beside), importOnnx(bytes, "a.onnx"));
		t.deepEqual(onnxTensors(apart.bytes, "a.onnx", beside), onnxTensors(bytes, "a.onnx"));
	});

test("a file without large tensors, one cut short and one of other bytes are left to who reads them whole", (t) => {
	const bytes = readFileSync(join(root, "test", "corpus", "pytorch", "mlp", "a.onnx"));
	t.is(onnxApart(sourceOfBytes(bytes)), undefined);
	t.is(onnxApart(sourceOfBytes(bytes.subarray(0, bytes.length - 1)), 16), undefined);
	t.is(onnxApart(sourceOfBytes(Buffer.from("no protocol buffer at all")), 1), undefined);
	t.is(onnxApart(sourceOfBytes(new Uint8Array()), 1), undefined);
});

test("a tensor that names another file keeps to it", (t) => {
	const bytes = readFileSync(join(root, "test", "corpus", "pytorch", "mlp", "a.onnx"));
	const apart = onnxApart(sourceOfBytes(bytes), 16);
	if (apart === undefined) return t.fail("nothing was taken out");
	// The place that stands in the file is that of one cut alone: no file can name it beforehand.
	const other = onnxApart(sourceOfBytes(bytes), 16);
	t.throws(() => importOnnx(apart.bytes, "a.onnx", Object.assign(noFile, { left: other?.left })), {
		instanceOf: FileFormatError,
		message: /which is not a file beside the model/,
	});
});

test("a file of 17 MB is read by its parts, as a network and as weights", async (t) => {
	const [rows, columns] = [2100, 2000];
	const model = fromBinary(
		ModelProtoSchema,
		onnxFile([rows], [{ op: "MatMul", inputs: ["x", "w"] }], { w: { shape: [rows, columns], values: [] } }),
	);
	const [tensor] = model.graph?.initializer ?? [];
	if (tensor !== undefined) tensor.rawData = new Uint8Array(gaussians(rows * columns).buffer);
	const bytes = toBinary(ModelProtoSchema, model);
	const path = join(await temporaryDirectory(t), "large.onnx");
	await writeFile(path, bytes);
	t.true(bytes.length > 16 << 20);
	const whole = importOnnx(bytes, path);
	const read = await readNetwork(path);
	t.deepEqual(read.graph, whole.graph);
	t.true(Buffer.from(read.state.parameters.buffer).equals(Buffer.from(whole.state.parameters.buffer)));
	const weights = (await readTensors(path)).get("w");
	t.true(weights?.values.every((value, i) => value === whole.state.parameters[i]));
});
