import { execFile } from "node:child_process";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { root, temporaryDirectory } from "../fixtures.js";

test.serial("without a build every script says to run npm ci first, in one line", async (t) => {
	const copy = await temporaryDirectory(t);
	await cp(join(root, "scripts"), join(copy, "scripts"), { recursive: true });
	await cp(join(root, "package.json"), join(copy, "package.json"));
	for (const script of ["sweep.js", "train.js", "render.js"]) {
		const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
			execFile(process.execPath, [join(copy, "scripts", script)], (error, _, text) =>
				resolve({ code: error?.code, stderr: text }),
			);
		});
		t.is(code, 1);
		t.regex(stderr, /run npm ci first\n$/);
		t.is(stderr.trim().split("\n").length, 1);
	}
});
