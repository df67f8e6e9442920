import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { root, run, temporaryDirectory, writeIdxDirectory } from "../fixtures.js";

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

test.serial("train, curvature and connect write the formats that are asked for, in the theme", async (t) => {
	const cwd = await temporaryDirectory(t);
	await writeIdxDirectory(join(cwd, "data"), 40);
	const look = ["--formats", "svg", "--theme", "dark", "--size", "8cm", "--bare", "--quiet", "--threads", "1"];
	const network = ["--data", "data", "--model", "mlp-4", "--samples", "40"];
	const train = async (seed: string) => {
		const args = [...network, ...look, "--epochs", "1", "--seed", seed, "--out", `${seed}.safetensors`];
		const { code, stderr } = await run("train.js", args, cwd);
		t.is(code, 0, stderr);
	};
	await train("1");
	await train("2");
	const measured = ["--weights", "1.safetensors", "--top", "1", "--bottom", "0", "--steps", "4", "--out", "curvature"];
	const curvature = await run("curvature.js", [...network, ...look, ...measured], cwd);
	t.is(curvature.code, 0, curvature.stderr);
	const curve = [
		"1.safetensors",
		"2.safetensors",
		"--epochs",
		"1",
		"--points",
		"3",
		"--plane-steps",
		"3",
		"--out",
		"curve",
	];
	const connected = await run("connect.js", [...network, ...look, ...curve], cwd);
	t.is(connected.code, 0, connected.stderr);
	const files = (await readdir(cwd, { recursive: true })).filter((name) => /\.(svg|png|pdf)$/.test(name)).sort();
	for (const name of ["1.svg", "curvature/eigenvalues.svg", "curve/loss.svg", "curve/plane-heatmap.svg"])
		t.true(files.includes(join(...name.split("/"))), files.join(" "));
	for (const name of files) {
		t.regex(name, /\.svg$/, "no other format");
		const svg = String(await readFile(join(cwd, name)));
		t.regex(svg, /^<svg xmlns="[^"]*" width="8cm" /, name);
		t.true(svg.includes('fill="#14171c"'), `${name} has the dark ground`);
	}
});

test.serial(
	"with --no-pictures a sweep leaves its run, which render draws, and asked for films too it says no",
	async (t) => {
		const cwd = await temporaryDirectory(t);
		const args = ["--samples", "4", "--x=-1:1:3", "--y=-1:1:3", "--threads", "1", "--quiet"];
		const swept = await run("sweep.js", [...args, "--no-pictures", "--out", "run"], cwd);
		t.is(swept.code, 0, swept.stderr);
		const kept = ["run.msgpack", "surface.csv", "viewer.html"];
		t.deepEqual((await readdir(join(cwd, "run"))).sort(), kept);
		t.deepEqual(
			swept.stdout.trim().split("\n").slice(-3),
			kept.map((name) => join("run", name)),
		);
		const drawn = await run("render.js", ["run", "--formats", "svg"], cwd);
		t.is(drawn.code, 0, drawn.stderr);
		const pictures = ["accuracy-heatmap.svg", "contour.svg", "heatmap.svg", "relief.svg"];
		t.deepEqual((await readdir(join(cwd, "run"))).sort(), [...kept, ...pictures].sort());
		const both = await run("sweep.js", [...args, "--no-pictures", "--animate", "range", "--out", "other"], cwd);
		t.is(both.code, 2);
		t.is(both.stderr, "--no-pictures: expected no --animate with it, which asks for some\n");
		const imported = await run("import.js", ["run/surface.csv", "--no-pictures", "--no-viewer", "--out", "again"], cwd);
		t.is(imported.code, 0, imported.stderr);
		t.deepEqual((await readdir(join(cwd, "again"))).sort(), ["run.msgpack", "surface.csv"]);
	},
);

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
