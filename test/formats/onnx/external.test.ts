import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import test from "ava";
import { FileFormatError } from "../../../src/errors.js";
import { readNetwork } from "../../../src/formats/index.js";
import {
	ModelProtoSchema,
	StringStringEntryProtoSchema,
	TensorProto_DataLocation,
} from "../../../src/formats/onnx/onnx_pb.js";
import { root, temporaryDirectory } from "../../fixtures.js";

const whole = join(root, "test", "corpus", "pytorch", "vgg", "a.onnx");

/** The file with its tensors' bytes in another, weights.bin, as PyTorch writes networks beyond 2 GB. */
function withExternalData(entries: (offset: number, length: number) => Record<string, string>) {
	const model = fromBinary(ModelProtoSchema, readFileSync(whole));
	const parts: Uint8Array[] = [];
	let offset = 0;
	for (const tensor of model.graph?.initializer ?? []) {
		const { rawData } = tensor;
		if (rawData.length === 0) continue;
		parts.push(Uint8Array.from(rawData));
		tensor.externalData = Object.entries(entries(offset, rawData.length)).map(([key, value]) =>
			create(StringStringEntryProtoSchema, { key, value }),
		);
		tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
		tensor.rawData = new Uint8Array();
		offset += rawData.length;
	}
	return { model: toBinary(ModelProtoSchema, model), weights: Buffer.concat(parts) };
}

const located = (location: string) => (offset: number, length: number) => ({
	location,
	offset: String(offset),
	length: String(length),
});

test("weights in a file beside the model are those of the model in one file", async (t) => {
	const directory = await temporaryDirectory(t);
	const { model, weights } = withExternalData(located("weights.bin"));
	t.true(weights.length > 100_000);
	writeFileSync(join(directory, "net.onnx"), model);
	writeFileSync(join(directory, "weights.bin"), weights);
	const read = await readNetwork(join(directory, "net.onnx"));
	const expected = await readNetwork(whole);
	t.deepEqual(read.state, expected.state);
	t.deepEqual(read.graph.nodes, expected.graph.nodes);
});

test("weights that are missing, cut off or in another folder are refused by name", async (t) => {
	const directory = await temporaryDirectory(t);
	const path = join(directory, "net.onnx");
	const refused = async (entries: Parameters<typeof withExternalData>[0], message: RegExp, bytes?: number) => {
		const { model, weights } = withExternalData(entries);
		writeFileSync(path, model);
		if (bytes !== undefined) writeFileSync(join(directory, "weights.bin"), weights.subarray(0, bytes));
		await t.throwsAsync(readNetwork(path), { instanceOf: FileFormatError, message });
	};
	await refused(located("weights.bin"), /weights\.bin: no such file/);
	await refused(located("weights.bin"), /tensor \S+ ends at byte \d+ of weights\.bin, which has 1000/, 1000);
	await refused(located("../weights.bin"), /lies in "\.\.\/weights\.bin", which is not a file beside the model/);
	await refused(located("/etc/passwd"), /which is not a file beside the model/);
	await refused(
		(offset) => ({ location: "weights.bin", offset: String(-1 - offset) }),
		/has no valid place in weights\.bin/,
	);
});

const linked = process.platform === "win32" ? test.skip : test;

linked("a link beside the model that leads out of its folder is refused; one that both follow is not", async (t) => {
	const directory = await temporaryDirectory(t);
	const { model, weights } = withExternalData(located("weights.bin"));
	for (const folder of ["there", "here", "cache"]) mkdirSync(join(directory, folder));
	writeFileSync(join(directory, "there", "secret.bin"), weights);
	writeFileSync(join(directory, "here", "net.onnx"), model);
	symlinkSync(join("..", "there", "secret.bin"), join(directory, "here", "weights.bin"));
	await t.throwsAsync(readNetwork(join(directory, "here", "net.onnx")), {
		instanceOf: FileFormatError,
		message: /weights.bin: leads to .*secret.bin, which is not in the folder of .*net.onnx$/,
	});
	// As caches of downloaded models have it: names that are links into one folder of contents.
	writeFileSync(join(directory, "there", "model"), model);
	symlinkSync(join("..", "there", "model"), join(directory, "cache", "net.onnx"));
	symlinkSync(join("..", "there", "secret.bin"), join(directory, "cache", "weights.bin"));
	t.deepEqual((await readNetwork(join(directory, "cache", "net.onnx"))).state, (await readNetwork(whole)).state);
});
