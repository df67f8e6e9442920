#!/usr/bin/env node
/**
 * Generates src/formats/onnx/onnx_pb.{js,d.ts} from the standard's definition: node scripts/generate-onnx.js path/to/onnx.proto
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, or /usr/include/onnx/onnx.proto of Debian's libonnx-dev).
 * The generator is fetched for this once: nothing else here needs its 90 MB.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [definition] = process.argv.slice(2);
if (definition === undefined) {
	console.error("error: expected the path of onnx.proto");
	process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "onnx-"));
const out = fileURLToPath(new URL("../src/formats/onnx", import.meta.url));
const template = join(folder, "template.yaml");
copyFileSync(definition, join(folder, "onnx.proto"));
writeFileSync(
	template,
	`version: v2\nplugins:\n  - local: protoc-gen-es\n    out: ${JSON.stringify(out)}\n    opt: [target=js+dts, import_extension=js]\n`,
);
/** Without its comments, which would be most of the file. */
const image = join(folder, "image.binpb");
const packages = "-p @bufbuild/buf@1 -p @bufbuild/protoc-gen-es@2 -p @bufbuild/protobuf@2";
const script = `buf build . -o ${image} --exclude-source-info && buf generate ${image} --template ${template}`;
const { status } = spawnSync(`npx -y ${packages} -c '${script}'`, { cwd: folder, stdio: "inherit", shell: true });
rmSync(folder, { recursive: true, force: true });
process.exitCode = status ?? 1;
