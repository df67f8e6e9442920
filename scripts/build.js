#!/usr/bin/env node
/** Builds dist/: the compiled sources, the kernels, TensorFlow.js's gradients, the files that are read at run time, and the bundle. */
import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { assemble } from "./assemble.js";
import { bundle } from "./bundle.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** @param {string} command */
function run(command) {
	const PATH = [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
	const { status } = spawnSync(command, { cwd: root, stdio: "inherit", shell: true, env: { ...process.env, PATH } });
	if (status !== 0) process.exit(status ?? 1);
}

/**
 * TensorFlow.js's declarations need the browser's and WebGPU's, which a strict program for Node does not have. Ours name six
 * of its types: they stand in a file beside, as far as they are of use to a caller.
 */
function declareTensors() {
	const source = join(root, "dist", "src");
	const beside = join(source, "tensor-types.d.ts");
	writeFileSync(
		beside,
		`/** What the declarations of isoloss name of TensorFlow.js; its own tensors fit. */
export type Rank = string;
export type TensorLike = unknown;
export type DataType = string;
export interface TensorInfo { readonly dataId: object; readonly shape: number[]; readonly dtype: string }
export interface Tensor<R = Rank> extends TensorInfo { readonly size: number; readonly rank: number; dispose(): void }
export type Tensor1D = Tensor;
export type Tensor2D = Tensor;
export type Tensor4D = Tensor;
export declare namespace backend_util { interface Conv2DInfo { readonly outShape: number[] } }
`,
	);
	for (const path of readdirSync(source, { recursive: true, encoding: "utf8" })) {
		if (!path.endsWith(".d.ts")) continue;
		const file = join(source, path);
		const text = readFileSync(file, "utf8");
		if (!text.includes('"@tensorflow/')) continue;
		const there = relative(dirname(file), join(source, "tensor-types.js")).split(sep).join("/");
		writeFileSync(
			file,
			text
				.replaceAll('import "@tensorflow/tfjs-backend-wasm";\n', "")
				.replaceAll('"@tensorflow/tfjs-core"', JSON.stringify(there.startsWith(".") ? there : `./${there}`)),
		);
	}
}

rmSync(`${root}/dist`, { recursive: true, force: true });
run("tsc -p tsconfig.json");
declareTensors();
await assemble(root, "fast");
await assemble(root, "relaxed");
run(
	"esbuild @tensorflow/tfjs-core/dist/register_all_gradients.js --bundle --format=esm --platform=node --log-level=warning --outfile=dist/src/compute/gradients/tfjs-gradients.js",
);
// The browser's side of the pages, with all that it needs in one file.
run(
	"esbuild src/view/client/main.ts --bundle --minify --format=iife --target=es2022 --legal-comments=inline --log-level=warning --outfile=dist/src/view/client/main.js",
);
for (const path of [
	"view/client/page.css",
	"view/client/viewer.css",
	"formats/onnx/onnx_pb.js",
	"formats/onnx/onnx_pb.d.ts",
	"compute/gradients/tfjs-gradients.d.ts",
	"network/pretrained",
	"data/mnist",
])
	cpSync(`${root}/src/${path}`, `${root}/dist/src/${path}`, { recursive: true });
await bundle(root);
