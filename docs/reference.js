#!/usr/bin/env node
/**
 * Writes docs/reference from the docstrings of what users can import: `npm --prefix docs ci`, then `npm --prefix docs run
 * reference`. With `--check` it writes nothing, and fails where the pages there are not those that it would write.
 */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Application } from "typedoc";

const docs = fileURLToPath(new URL(".", import.meta.url));
const out = join(docs, "reference");
const checking = process.argv.includes("--check");

/** Sub-paths of the package and the sources that they are made of; the library itself comes last, so that it refers to them. */
const { exports } = JSON.parse(readFileSync(join(docs, "..", "package.json"), "utf8"));
const entries = Object.entries(exports)
	.filter(([, entry]) => typeof entry !== "string")
	.map(([name, entry]) => ({ name: name.replace(/^\.\/?/, ""), path: entry.default.replace(/^\.\/dist\/|\.js$/g, "") }))
	.sort((a, b) => (a.name === "" ? 1 : 0) - (b.name === "" ? 1 : 0));

const work = mkdtempSync(join(docs, ".work-"));
process.exitCode = await write().finally(() => rmSync(work, { recursive: true }));

async function write() {
	cpSync(join(docs, "..", "src"), join(work, "src"), { recursive: true });
	prepare(join(work, "src"));
	writeFileSync(
		join(work, "tsconfig.json"),
		JSON.stringify({
			extends: "../../tsconfig.json",
			include: ["src"],
			exclude: ["src/kernels/assembly"],
			compilerOptions: { rootDir: "." },
		}),
	);
	const app = await Application.bootstrapWithPlugins({
		plugin: ["typedoc-plugin-markdown"],
		name: "isoloss, for programs",
		tsconfig: join(work, "tsconfig.json"),
		entryPoints: entries.map(({ path }) => join(work, `${path}.ts`)),
		basePath: join(work, "src"),
		out: join(work, "out"),
		outputFileStrategy: "modules",
		readme: "none",
		disableSources: true,
		excludeExternals: true,
		excludePrivate: true,
		hideGenerator: true,
		hideBreadcrumbs: true,
		hidePageHeader: true,
		useCodeBlocks: true,
		parametersFormat: "table",
		interfacePropertiesFormat: "table",
		typeDeclarationFormat: "table",
		tableColumnSettings: { hideModifiers: true, hideInherited: true, hideOverrides: true, hideSources: true },
		sort: ["source-order"],
		// A node is one of every op with its attributes; those stand beside the ops.
		intentionallyNotExported: ["NodeOf", "AttributesOf", "ops", "losses", "roles"],
	});
	const project = await app.convert();
	if (project === undefined || app.logger.hasErrors()) return 1;
	app.validate(project);
	if (app.logger.hasErrors() || app.logger.hasWarnings()) return 1;
	await app.generateOutputs(project);
	return checking ? compare() : put();
}

/** The sources as TypeDoc takes them: it drops the braces of `@throws {OptionError} when ...` with what they hold. */
function prepare(folder) {
	for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
		if (!path.endsWith(".ts")) continue;
		const file = join(folder, path);
		const entry = entries.find((each) => join(work, `${each.path}.ts`) === file);
		const text = readFileSync(file, "utf8").replace(
			/@throws \{([^}]+)\}\s*/g,
			(_, names) =>
				`@throws ${names
					.split("|")
					.map((name) => `\`${name.trim()}\``)
					.join(", ")} `,
		);
		writeFileSync(
			file,
			entry === undefined ? text : withModule(text, entry.name === "" ? "isoloss" : `isoloss/${entry.name}`),
		);
	}
}

/** Names the module of a file by what is written in an import, in the comment that the file begins with or a new one. */
function withModule(text, name) {
	const comment = /^\/\*\*[\s\S]*?\*\//.exec(text)?.[0];
	if (comment === undefined) return `/** @module ${name} */\n${text}`;
	return text.replace(comment, `${comment.replace(/\s*\*\/$/, "")}\n * @module ${name}\n */`);
}

function pages(folder) {
	if (!existsSync(folder)) return new Map();
	const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".md"));
	return new Map(paths.sort().map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

function put() {
	rmSync(out, { recursive: true, force: true });
	cpSync(join(work, "out"), out, { recursive: true });
	return 0;
}

function compare() {
	const [there, made] = [pages(out), pages(join(work, "out"))];
	const odd = [...new Set([...there.keys(), ...made.keys()])].filter((path) => there.get(path) !== made.get(path));
	if (odd.length === 0) return 0;
	console.error(`docs/reference is not what the sources say (${odd.join(", ")}); run npm --prefix docs run reference`);
	return 1;
}
