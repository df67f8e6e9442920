import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import test from "ava";
import { root } from "./fixtures.js";

/** The stages in the order in which data flow: each imports only what stands before it. */
const stages = [
	"errors",
	"version",
	"check",
	"exact",
	"files",
	"kernels",
	"surface",
	"network",
	"data",
	"formats",
	"objective",
	"probe",
	"compute",
	"section",
	"align",
	"curvature",
	"sweep",
	"store",
	"queue",
	"topology",
	"export",
	"train",
	"measure",
	"render",
	"confidence",
	"view",
	"options",
	"resolve",
	"run",
	"exchange",
	"doctor",
	"connect",
	"average",
	"landscape",
	"ensemble",
	"index",
	"article",
	"cli",
];

/** Stages that run in a browser, and the files of them that don't. */
const browser = ["errors", "check", "surface", "topology", "measure", "render"];
const browserFolders = ["view/client/"];
const nodeOnly = ["render/encode.ts", "render/fonts.ts"];

interface Import {
	readonly from: string;
	readonly to: string;
	readonly typeOnly: boolean;
}

const source = join(root, "src");
const files = readdirSync(source, { recursive: true, encoding: "utf8" })
	.map((path) => path.split(sep).join("/"))
	.filter((path) => path.endsWith(".ts"));

const statement = /^(?:import|export)\s+(type\s+)?([^;]*?from\s+)?"([^"]+)"/gms;
const dynamic = /\bimport\("([^"]+)"\)/g;

function importsOf(path: string): Import[] {
	const text = readFileSync(join(source, path), "utf8");
	// AssemblyScript names files without an ending.
	const resolve = (to: string) =>
		to.startsWith(".") ? `${posix.join(posix.dirname(path), to).replace(/\.js$/, "")}.ts` : to;
	const named = [...text.matchAll(statement)].map(([, type, names = "", to = ""]) => {
		const each = names.match(/\{([^}]*)\}/)?.[1]?.split(",") ?? [""];
		const typeOnly = type !== undefined || each.every((name) => name.trim() === "" || name.trim().startsWith("type "));
		return { from: path, to: resolve(to), typeOnly: typeOnly && names !== "" };
	});
	const lazy = [...text.matchAll(dynamic)].map(([, to = ""]) => ({ from: path, to: resolve(to), typeOnly: false }));
	return [...named, ...lazy];
}

const imports = files.flatMap(importsOf);
const stageOf = (path: string) => (path.split("/")[0] ?? "").replace(/\.ts$/, "");

test("every folder and loose file of src is a stage", (t) => {
	t.deepEqual(
		[...new Set(files.map(stageOf))].filter((stage) => !stages.includes(stage)),
		[],
	);
});

test("a stage imports only what stands before it", (t) => {
	const upwards = imports
		.filter(({ to }) => files.includes(to))
		.filter(({ from, to }) => stages.indexOf(stageOf(to)) > stages.indexOf(stageOf(from)))
		.map(({ from, to }) => `${from} -> ${to}`);
	t.deepEqual(upwards, []);
});

test("no file imports itself by way of others", (t) => {
	const next = new Map(files.map((path) => [path, imports.filter(({ from }) => from === path)]));
	const circles: string[] = [];
	const finished = new Set<string>();
	const visit = (path: string, trail: readonly string[]): void => {
		const at = trail.indexOf(path);
		if (at >= 0) circles.push([...trail.slice(at), path].join(" -> "));
		if (at >= 0 || finished.has(path)) return;
		for (const { to } of next.get(path) ?? []) visit(to, [...trail, path]);
		finished.add(path);
	};
	for (const path of files) visit(path, []);
	t.deepEqual(circles, []);
});

/** What users can import: the library, and the sub-paths of the package. */
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
	readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
};
const publicFiles = Object.values(manifest.exports).flatMap((entry) =>
	typeof entry === "string" ? [] : [entry.default.replace("./dist/src/", "").replace(/\.js$/, ".ts")],
);

/** Imports of an application beyond what users can import, and what else it may. */
function beyondPublic(application: string, also: RegExp): string[] {
	return imports
		.filter(({ from, to }) => from.startsWith(application) && files.includes(to) && !to.startsWith(application))
		.filter(({ to }) => !publicFiles.includes(to) && !also.test(to))
		.map(({ from, to }) => `${from} -> ${to}`);
}

test("the article imports only what users can", (t) => {
	t.deepEqual(beyondPublic("article/", /^$/), []);
});

test("the command line imports only what users can, the tables of options, and the article", (t) => {
	t.deepEqual(beyondPublic("cli/", /^(options|check|article)\/|^(errors|version)\.ts$/), []);
});

const isOfBrowser = (path: string) =>
	browser.includes(stageOf(path)) || browserFolders.some((folder) => path.startsWith(folder));

test("what a browser runs imports nothing of Node", (t) => {
	const found = imports
		.filter(({ from, typeOnly }) => isOfBrowser(from) && !nodeOnly.includes(from) && !typeOnly)
		.filter(({ to }) => to.startsWith("node:") || to === "sharp")
		.map(({ from, to }) => `${from} -> ${to}`);
	t.deepEqual(found, []);
});

test("TensorFlow.js's backend is started in one folder, and sharp loaded in one file", (t) => {
	const importers = (name: string) => [...new Set(imports.filter(({ to }) => to === name).map(({ from }) => from))];
	t.true(importers("@tensorflow/tfjs-backend-wasm").every((path) => path.startsWith("compute/")));
	t.deepEqual(
		importers("sharp").filter((path) => !["render/encode.ts", "formats/images/decode.ts"].includes(path)),
		[],
	);
});

test("the tests lie where what they test lies", (t) => {
	const tests = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" });
	const folders = new Set(tests.filter((path) => path.endsWith(".test.ts")).map((path) => dirname(path)));
	const known = new Set([...files.map((path) => posix.dirname(path)), ".", "golden", "corpus", "conformance"]);
	t.deepEqual(
		[...folders].map((folder) => relative(".", folder)).filter((folder) => !known.has(folder || ".")),
		[],
	);
});
