import { join } from "node:path";
import { pathToFileURL } from "node:url";
import test from "ava";
import { root } from "../fixtures.js";

const { unroll } = (await import(pathToFileURL(join(root, "scripts", "assemble.js")).href)) as {
	readonly unroll: (text: string, file: string) => string;
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
