import { join } from "node:path";
import { pathToFileURL } from "node:url";
import test from "ava";
import { kernelsAlone } from "../../src/kernels/alone.js";
import { CONSTANTS_BYTES } from "../../src/kernels/module.js";
import { root } from "../fixtures.js";

interface Table {
	place(text: string, file: string): string;
	define(text: string): string;
}

const { unroll, ConstantTable } = (await import(pathToFileURL(join(root, "scripts", "assemble.js")).href)) as {
	readonly unroll: (text: string, file: string) => string;
	readonly ConstantTable: new () => Table;
};

const loop = (body: string, length = "3") =>
	`\tsum = 0;\n\t// unrolled: for speed\n\tfor (let k = 0; k < ${length}; k++) {\n${body}\n\t}\n\tend();\n`;

test("a loop that says so is written out, its counter a constant in each copy", (t) => {
	t.is(
		unroll(loop("\t\tsum += f(k) + kept[k];"), "a.ts"),
		"\tsum = 0;\n\t{\n\t\tsum += f(0) + kept[0];\n\t}\n\t{\n\t\tsum += f(1) + kept[1];\n\t}\n\t{\n\t\tsum += f(2) + kept[2];\n\t}\n\tend();\n",
	);
});

test("a loop in a loop is written out for each copy of the outer one", (t) => {
	const inner = "\t\t// unrolled: too\n\t\tfor (let j = 0; j < 2; j++) {\n\t\t\tsum += k * j;\n\t\t}";
	const written = unroll(loop(inner, "2"), "a.ts");
	t.deepEqual(written.match(/\d \* \d/g), ["0 * 0", "0 * 1", "1 * 0", "1 * 1"]);
});

test("other loops stay as they are", (t) => {
	const text = "\tfor (let k = 0; k < 3; k++) {\n\t\tsum += k;\n\t}\n";
	t.is(unroll(text, "a.ts"), text);
});

test("the comment above anything but a loop of constant length is an error that names the file", (t) => {
	t.throws(() => unroll(loop("\t\tsum += k;", "count"), "tile.ts"), {
		message: /^tile\.ts: .*no loop of constant length/,
	});
});

test("constants are read from a table that has each bit pattern once, and is filled as the module starts", (t) => {
	const table = new ConstantTable();
	const file =
		'import { constant, integer } from "./constants";\nf(constant(0.5), constant(-2.0 / 3.0), integer(0x7f));\n';
	t.is(
		table.place(file, "a.ts"),
		'import { constants, constant, integer } from "./constants";\nf(v128.load(constants, 0), v128.load(constants, 16), v128.load(constants, 32));\n',
	);
	t.is(
		table.place("g(constant(5e-1), constant(NaN));\n", "b.ts"),
		"g(v128.load(constants, 0), v128.load(constants, 48));\n",
	);
	const filled = table.define("export const CONSTANTS_BYTES: i32 = 0;\n").split("\n");
	t.is(filled[0], "export const CONSTANTS_BYTES: i32 = 64;");
	const vectors = [Float32Array.of(0.5, 0.5), Float32Array.of(-2 / 3, -2 / 3), Int32Array.of(0x7f, 0x7f)];
	t.deepEqual(
		filled.slice(1, 4),
		vectors.map(({ buffer }, n) => `v128.store(constants, i64x2.splat(${new BigInt64Array(buffer)[0]}), ${16 * n});`),
	);
});

test("constants in double have all their digits, those of quotients too", (t) => {
	const table = new ConstantTable();
	t.is(
		table.place("f(double(0.1), double(1.0 / 6.0));", "a.ts"),
		"f(v128.load(constants, 0), v128.load(constants, 16));",
	);
	const bits = (value: number) => new BigInt64Array(Float64Array.of(value).buffer)[0];
	const filled = table.define("").split("\n");
	t.deepEqual(
		filled.slice(0, 2),
		[0.1, 1 / 6].map((value, n) => `v128.store(constants, i64x2.splat(${bits(value)}), ${16 * n});`),
	);
});

test("a constant that is no number written out is an error that names the file", (t) => {
	t.throws(() => new ConstantTable().place("constant(HALF)", "tile.ts"), { message: /^tile\.ts: constant\(HALF\)/ });
	t.throws(() => new ConstantTable().place("constant(f(2))", "tile.ts"), { message: /^tile\.ts: constant\(f\(2\)\)/ });
});

test("the kernels' table fits the room it is given", (t) => {
	const bytes = kernelsAlone(0)?.kernels.constantsBytes() ?? Number.NaN;
	t.true(bytes > 0 && bytes <= CONSTANTS_BYTES, `${bytes}`);
});
