import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { root, run, temporaryDirectory } from "../fixtures.js";

const plane = join(root, "test", "golden", "version-1", "plane.msgpack");

test.serial("render and compare write the formats that are asked for, at a size in print", async (t) => {
	const cwd = await temporaryDirectory(t);
	const look = ["--size", "8cm", "--formats", "pdf,svg", "--theme", "dark", "--bare", "--text", "text"];
	const drawn = await run("render.js", [plane, "--out", "figures", ...look], cwd);
	t.is(drawn.code, 0, drawn.stderr);
	const names = ["accuracy-heatmap", "contour", "heatmap", "relief"];
	t.deepEqual(
		(await readdir(join(cwd, "figures"))).sort(),
		names.flatMap((name) => [`${name}.pdf`, `${name}.svg`]),
	);
	const svg = String(await readFile(join(cwd, "figures", "contour.svg")));
	t.regex(svg, /^<svg xmlns="[^"]*" width="8cm" /);
	t.regex(svg, /<text /);
	const compared = await run("compare.js", [plane, plane, "--out", "compared", ...look], cwd);
	t.is(compared.code, 0, compared.stderr);
	t.true((await readdir(join(cwd, "compared"))).includes("differences.pdf"));
});

test.serial(
	"a size beside a width, and what is none, is refused by its flag, by a sweep before it computes",
	async (t) => {
		const cwd = await temporaryDirectory(t);
		const refused = async (script: string, args: readonly string[], message: RegExp) => {
			const { code, stdout, stderr } = await run(script, args, cwd);
			t.deepEqual([code, stdout], [2, ""]);
			t.regex(stderr, message);
		};
		await refused("render.js", [plane, "--size", "8cm", "--width", "400"], /^--size: expected either/);
		await refused(
			"sweep.js",
			["--size", "8cm", "--width", "400"],
			/^--size: expected either --size or --width, got both\n$/,
		);
		await refused("sweep.js", ["--size", "wide"], /^--size: expected a width of 1in to 20in/);
		await refused(
			"render.js",
			[plane, "--formats", "pdf,jpg"],
			/^--formats: expected one of svg, png, pdf, webp, got "jpg"/,
		);
		t.deepEqual(await readdir(cwd), []);
	},
);
