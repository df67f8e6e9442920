import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The compiler, by a name that TypeScript does not follow: its declarations bring a console and a Math of their own for all. */
const COMPILER = "assemblyscript/asc";

/** @typedef {{ main(args: readonly string[], host: object): Promise<{ readonly error: Error | null }> }} Compiler */

/** A loop of constant length, its counter, its length and its body, below the comment that wants it written out. */
const UNROLLED =
	/^(?<tabs>\t*)\/\/ unrolled:.*\n\k<tabs>for \(let (?<counter>\w+) = 0; \k<counter> < (?<count>\d+); \k<counter>\+\+\) \{\n(?<body>(?:.|\n)*?)\n\k<tabs>\}\n/m;

/**
 * Writes out loops that say `// unrolled: why` in the line above: the body once for each value of the counter, which the compiler
 * then sees as a constant. AssemblyScript has no such loops, and engines unroll only small ones. A `break` of a loop written out
 * leaves the loop around it, so what follows there must be a test that ends it, too: then both read the same.
 *
 * @param {string} text
 * @param {string} file for messages
 * @throws {Error} where such a comment stands above anything else
 */
export function unroll(text, file) {
	for (;;) {
		const found = UNROLLED.exec(text);
		if (!found?.groups) break;
		const { tabs = "", counter = "", count, body = "" } = found.groups;
		const written = Array.from({ length: Number(count) }, (_, value) => {
			const own = body.replaceAll(new RegExp(`\\b${counter}\\b`, "g"), String(value));
			return `${tabs}{\n${own}\n${tabs}}\n`;
		});
		text = text.slice(0, found.index) + written.join("") + text.slice(found.index + found[0].length);
	}
	if (text.includes("// unrolled:")) throw new Error(`${file}: "// unrolled:" stands above no loop of constant length`);
	return text;
}

/**
 * Compiles the kernels, as asconfig.json has them.
 *
 * @param {string} root  folder of asconfig.json
 * @param {"fast" | "relaxed"} target
 * @throws {Error} what the compiler says
 */
export async function assemble(root, target) {
	/** @type {{ readonly default: Compiler }} */
	const { default: compiler } = await import(COMPILER);
	const host = {
		readFile: /** @param {string} name @param {string} base */ (name, base) => read(join(base, name)),
		stderr: process.stderr,
	};
	const { error } = await compiler.main(["--target", target, "--baseDir", root], host);
	if (error) throw error;
}

/** @param {string} path */
function read(path) {
	try {
		const text = readFileSync(path, "utf8");
		return path.endsWith(".ts") ? unroll(text, path) : text;
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
		throw error;
	}
}
