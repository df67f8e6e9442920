#!/usr/bin/env node
/** Builds dist/: the compiled sources, the kernels, TensorFlow.js's gradients, and the files that are read at run time. */
import { spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** @param {string} command */
function run(command) {
	const { status } = spawnSync(command, { cwd: root, stdio: "inherit", shell: true });
	if (status !== 0) process.exit(status ?? 1);
}

rmSync(`${root}/dist`, { recursive: true, force: true });
run("tsc -p tsconfig.json");
run("asc --target fast");
run("asc --target relaxed");
run(
	"esbuild @tensorflow/tfjs-core/dist/register_all_gradients.js --bundle --format=esm --platform=node --log-level=warning --outfile=dist/src/compute/gradients/tfjs-gradients.js",
);
cpSync(`${root}/src/network/pretrained`, `${root}/dist/src/network/pretrained`, { recursive: true });
