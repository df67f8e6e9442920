import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import test, { type ExecutionContext } from "ava";
import { build } from "esbuild";
import { root, temporaryDirectory } from "./fixtures.js";

const execute = promisify(execFile);

/** A project that has isoloss installed. */
async function project(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<string> {
	const directory = await temporaryDirectory(t);
	await mkdir(join(directory, "node_modules", "@types"), { recursive: true });
	await symlink(root, join(directory, "node_modules", "isoloss"), "junction");
	await symlink(
		join(root, "node_modules", "@types", "node"),
		join(directory, "node_modules", "@types", "node"),
		"junction",
	);
	await writeFile(join(directory, "package.json"), JSON.stringify({ type: "module", dependencies: { isoloss: "*" } }));
	for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
	return directory;
}

const strict = {
	compilerOptions: {
		strict: true,
		skipLibCheck: false,
		exactOptionalPropertyTypes: true,
		noUncheckedIndexedAccess: true,
		module: "nodenext",
		target: "es2023",
		lib: ["es2023"],
		types: ["node"],
		noEmit: true,
	},
	files: ["program.ts"],
};

test("a strict program compiles against the declarations, which are checked too", async (t) => {
	const directory = await project(t, {
		"tsconfig.json": JSON.stringify(strict),
		"program.ts": `
import { type Loss, type Surface, type SweepOptions, affineSection, sweep, sweepFunction } from "isoloss";
import { RandomStream } from "isoloss/exact";
import { exportSurface, registerExporter } from "isoloss/export";
import { fromLayersModel, readWeights, registerFormat, writeWeights } from "isoloss/formats";
import { measureSurface } from "isoloss/measure";
import { probeNames } from "isoloss/probe";
import { render } from "isoloss/render";
import { parseRun } from "isoloss/run";
import { randomDirection } from "isoloss/section";
import { axesOf, surfaceDigest } from "isoloss/surface";

const options: SweepOptions = { samples: 8, x: { min: -1, max: 1, steps: 3 }, y: null, fields: ["loss", ...probeNames] };
const { surface }: { surface: Surface } = await sweep(options);
const { digest } = await sweepFunction({ parameters: Float64Array.of(1), evaluate: ([x = 0]) => x * x });
const loss: Loss["add"] = (total, { values }) => total + values.length;
const run = parseRun(new Uint8Array(), "run.msgpack");
console.log(surfaceDigest(surface), digest, axesOf(surface.grid).x.steps, measureSurface(surface), await render(surface));
console.log(loss, run?.surface, affineSection, randomDirection);
console.log(RandomStream, await exportSurface(surface, "a.csv"), fromLayersModel, readWeights, writeWeights);
registerExporter({ name: "points", ending: ".txt", grids: ["regular"], format: ({ done }) => String(done.length) });
registerFormat({ name: "none", endings: [".none"], data: async () => () => ({ name: "none", inputs: { shape: [1], type: "float32", values: new Float32Array(1) }, targets: { shape: [1], type: "int32", values: new Int32Array(1) } }) });
`,
	});
	const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
	const run = execute(process.execPath, [compiler, "-p", directory]).catch((error: { stdout: string }) => error);
	t.is((await run).stdout, "");
});

/** The programs that a page of the guide shows. */
async function programsOf(page: string): Promise<string[]> {
	const text = await readFile(join(root, page), "utf8");
	return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, program = ""]) => program);
}

test("every program that the guide shows compiles, strictly", async (t) => {
	const pages = [
		"README.md",
		...(await readdir(join(root, "docs"))).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`),
	];
	const programs = (await Promise.all(pages.map(programsOf))).flat();
	t.true(programs.length >= 6);
	const files = Object.fromEntries(programs.map((program, i) => [`program${i}.ts`, program]));
	const { compilerOptions } = strict;
	const options = { ...compilerOptions, lib: ["es2023", "dom"], skipLibCheck: true };
	const directory = await project(t, {
		...files,
		"tsconfig.json": JSON.stringify({ compilerOptions: options, files: Object.keys(files) }),
	});
	const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
	const run = execute(process.execPath, [compiler, "-p", directory]).catch((error: { stdout: string }) => error);
	t.is((await run).stdout, "");
});

test("the library is imported and required, and says what it is", async (t) => {
	const directory = await project(t, {
		"imported.mjs": `import { version } from "isoloss"; console.log(version);`,
		"required.cjs": `console.log(require("isoloss").version);`,
	});
	const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
	for (const file of ["imported.mjs", "required.cjs"]) {
		const { stdout } = await execute(process.execPath, ["--no-warnings", join(directory, file)]);
		t.is(stdout.trim(), version, file);
	}
});

test("reading a run, measuring and drawing it bundle for a browser, and draw what Node draws", async (t) => {
	const directory = await project(t, {
		"page.js": `
export { measureSurface } from "isoloss/measure";
export { drawSvg, useFonts } from "isoloss/render";
export { parseRun } from "isoloss/run";
export { surfaceDigest } from "isoloss/surface";
`,
	});
	const outfile = join(directory, "bundle.mjs");
	const { metafile } = await build({
		entryPoints: [join(directory, "page.js")],
		outfile,
		bundle: true,
		platform: "browser",
		format: "esm",
		metafile: true,
		logLevel: "silent",
	});
	const imported = Object.values(metafile.inputs).flatMap(({ imports }) => imports.map(({ path }) => path));
	t.deepEqual(
		imported.filter((path) => path.startsWith("node:") || /\/(sharp|tfjs-core)\//.test(path)),
		[],
	);
	const page = (await import(pathToFileURL(outfile).href)) as typeof import("../src/render/browser.js") &
		typeof import("../src/store/run-format.js") &
		typeof import("../src/surface/index.js") &
		typeof import("../src/measure/index.js");
	const font = async (weight: number) => {
		const path = join(root, "node_modules", "@fontsource", "dejavu-sans", "files");
		return Uint8Array.from(await readFile(join(path, `dejavu-sans-latin-${weight}-normal.woff`))).buffer;
	};
	const fonts = { regular: await font(400), bold: await font(700) };
	page.useFonts((weight) => fonts[weight]);
	const { render } = await import("../src/render/index.js");
	for (const [name, picture] of [
		["plane", "contour.svg"],
		["line", "curve.svg"],
	] as const) {
		const bytes = await readFile(join(root, "test", "golden", "version-1", `${name}.msgpack`));
		const run = page.parseRun(new Uint8Array(bytes), name);
		if (run === undefined) return t.fail();
		const drawn = (await render(run.surface)).find((each) => each.name === picture);
		t.is(await page.drawSvg(run.surface), new TextDecoder().decode(drawn?.bytes));
		t.is(page.surfaceDigest(run.surface).length, 64);
		t.truthy(page.measureSurface(run.surface));
	}
});
