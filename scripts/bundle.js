import { readdirSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { build } from "esbuild";

const require = createRequire(import.meta.url);

/**
 * CommonJS packages of one big file, which are loaded by `require`: of what is imported Node first looks for its kind and its
 * exports, and reads it twice more for that. Both ways give the same instance.
 */
const REQUIRED = ["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-wasm", "opentype.js"];

/** Where commands start: installed, and from a checkout. */
const COMMANDS = ["main", "interrupt", "start"];

/** What stands at the head of every file, for `require` in them. */
const REQUIRE =
	'import { createRequire as newRequire } from "node:module";\nconst require = newRequire(import.meta.url);';

/**
 * Puts the modules of the commands and of the workers together in few files, dist/bundle/: Node takes about a millisecond to
 * load a module, and a command has some six hundred. Packages stay where they are; so do the library's modules, which start the
 * same workers.
 *
 * @param {string} root of the checkout
 */
export async function bundle(root) {
	const dist = join(root, "dist");
	const workers = readdirSync(join(dist, "workers")).filter((name) => name.endsWith(".js"));
	await build({
		absWorkingDir: root,
		entryPoints: [
			...COMMANDS.map((name) => join(dist, "src/cli", `${name}.js`)),
			...workers.map((name) => join(dist, "workers", name)),
		],
		outdir: join(dist, "bundle"),
		...{ bundle: true, splitting: true, format: "esm", platform: "node", target: "node20" },
		...{ entryNames: "[name]", chunkNames: "[name]-[hash]", packages: "external" },
		banner: { js: REQUIRE },
		logLevel: "warning",
		plugins: [byRequire, whereItWas(dist)],
	});
	for (const name of COMMANDS)
		writeFileSync(join(dist, "bundle", `${name}.d.ts`), `export * from "../src/cli/${name}.js";\n`);
	for (const name of workers)
		writeFileSync(join(dist, "workers", name), `export { default } from "../bundle/${name}";\n`);
}

/** @type {import("esbuild").Plugin} */
const byRequire = {
	name: "by-require",
	setup({ onResolve, onLoad }) {
		const filter = new RegExp(`^(?:${REQUIRED.join("|")})$`);
		onResolve({ filter }, ({ path, kind }) =>
			kind === "require-call" ? { path, external: true } : { path, namespace: "by-require" },
		);
		// By name, so that esbuild does not copy them all for each module that takes some.
		onLoad({ filter, namespace: "by-require" }, ({ path }) => {
			const names = Object.keys(require(path)).filter((name) => name !== "default" && !name.startsWith("__"));
			const module = `const module = require(${JSON.stringify(path)});\nexport default module;\n`;
			return { contents: `${module}export const { ${names.join(", ")} } = module;`, loader: "js" };
		});
	},
};

/**
 * What a module finds beside itself, it finds from the bundle too.
 *
 * @param {string} dist
 * @returns {import("esbuild").Plugin}
 */
const whereItWas = (dist) => ({
	name: "where-it-was",
	setup({ onLoad }) {
		onLoad({ filter: /\.js$/, namespace: "file" }, async ({ path }) => {
			const text = await readFile(path, "utf8");
			if (!text.includes("import.meta.url")) return undefined;
			const there = relative(join(dist, "bundle"), path).split(sep).join("/");
			return {
				contents: text.replaceAll("import.meta.url", `new URL(${JSON.stringify(there)}, import.meta.url).href`),
				loader: "js",
				resolveDir: dirname(path),
			};
		});
	},
});
