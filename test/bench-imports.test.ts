import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import test from "ava";
import { root } from "./fixtures.js";

/** Benches run seldom, and nothing checks their types: what they import of the product is looked at here. */
const statement = /^import \{([^}]*)\} from "(\.[^"]*\/dist\/[^"]*)";/gm;

const bench = join(root, "bench");
const files = readdirSync(bench, { recursive: true, encoding: "utf8" }).filter(
	(path) => path.endsWith(".js") && !path.includes("node_modules") && !path.startsWith("results"),
);

test("benches import names that the product has", async (t) => {
	const missing: string[] = [];
	let looked = 0;
	for (const file of files) {
		const path = join(bench, file);
		for (const [, list = "", from = ""] of readFileSync(path, "utf8").matchAll(statement)) {
			const names = list.split(",").map((name) => name.trim().replace(/ as .*/, ""));
			const found = (await import(pathToFileURL(join(dirname(path), from)).href)) as Record<string, unknown>;
			for (const name of names) if (name !== "" && !(name in found)) missing.push(`${file}: ${name} of ${from}`);
			looked += names.length;
		}
	}
	t.true(looked > 100);
	t.deepEqual(missing, []);
});
