import { readdirSync, readFileSync } from "node:fs";
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

/** constant(x), integer(x) and double(x) with a number written out, or a quotient of two; and such a call with anything else. */
const CONSTANT =
	/\b(?<kind>constant|integer|double)\((?<sign>-?)(?<number>[\w.]+(?:e-\d+)?)(?: \/ (?<divisor>[\d.]+))?\)/g;
const CALL = /\b(?:constant|integer|double)\(/;

/** The file that says what constant, integer and double are, and gets the table's values. */
const DEFINITION = "constants.ts";

/** A table of the constants of several files, each bit pattern once. */
export class ConstantTable {
	/** Place in the table by the 64 bits that a constant fills it with, in the order they were first seen. */
	#places = /** @type {Map<bigint, number>} */ (new Map());

	/**
	 * Reads constants from the table instead.
	 *
	 * @param {string} text
	 * @param {string} file for messages
	 * @throws {Error} where a constant is no number written out
	 */
	place(text, file) {
		const placed = text.replaceAll(CONSTANT, (call, kind, sign, number, divisor = "1") => {
			const value = (sign ? -1 : 1) * (Number(number) / Number(divisor));
			if (Number.isNaN(value) && number !== "NaN") throw new Error(`${file}: ${call} is no number written out`);
			return `v128.load(constants, ${16 * this.#placeOf(bitsOf(kind, value))})`;
		});
		const left = CALL.exec(placed);
		if (left) throw new Error(`${file}: ${placed.slice(left.index, left.index + 40)} is no number written out`);
		return placed.replace(/^import \{ (?=.* from "\.\/constants";$)/m, "import { constants, ");
	}

	/** @param {bigint} bits */
	#placeOf(bits) {
		const place = this.#places.get(bits) ?? this.#places.size;
		this.#places.set(bits, place);
		return place;
	}

	/**
	 * The file of the table with its size, and with statements that fill it, each constant as often as a vector holds it.
	 *
	 * @param {string} text
	 */
	define(text) {
		const stores = [...this.#places].map(
			([bits, place]) => `v128.store(constants, i64x2.splat(${BigInt.asIntN(64, bits)}), ${16 * place});\n`,
		);
		return (
			text.replace("CONSTANTS_BYTES: i32 = 0;", `CONSTANTS_BYTES: i32 = ${16 * this.#places.size};`) + stores.join("")
		);
	}
}

/** A kind of constant as the numbers of its type that 64 bits hold. */
const halves = {
	constant: /** @param {number} value */ (value) => Float32Array.of(value, value),
	integer: /** @param {number} value */ (value) => Int32Array.of(value, value),
	double: /** @param {number} value */ (value) => Float64Array.of(value),
};

/**
 * @param {keyof typeof halves} kind
 * @param {number} value
 */
function bitsOf(kind, value) {
	return new BigUint64Array(halves[kind](value).buffer)[0] ?? 0n;
}

/**
 * Compiles the kernels, as asconfig.json has them.
 *
 * @param {string} root  folder of asconfig.json
 * @param {"fast" | "relaxed"} target
 * @throws {Error} what the compiler says
 */
export async function assemble(root, target) {
	const folder = join(root, "src", "kernels", "assembly");
	const table = new ConstantTable();
	const files = new Map(
		readdirSync(folder)
			.sort()
			.map((name) => {
				const text = unroll(readFileSync(join(folder, name), "utf8"), name);
				return [join(folder, name), name === DEFINITION ? text : table.place(text, name)];
			}),
	);
	const definition = join(folder, DEFINITION);
	files.set(definition, table.define(files.get(definition) ?? ""));
	/** @type {{ readonly default: Compiler }} */
	const { default: compiler } = await import(COMPILER);
	const host = {
		readFile: /** @param {string} name @param {string} base */ (name, base) =>
			files.get(join(base, name)) ?? other(join(base, name)),
		stderr: process.stderr,
	};
	const { error } = await compiler.main(["--target", target, "--baseDir", root], host);
	if (error) throw error;
}

/**
 * A file that is none of the kernels: the configuration, or one the compiler only looks for.
 *
 * @param {string} path
 */
function other(path) {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
		throw error;
	}
}
