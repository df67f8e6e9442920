import test from "ava";
import { exportSurface } from "../../src/export/index.js";
import { surfaceWithHoles } from "./holes.js";

test("rows of numbers, null where nothing is computed, words for what JSON has no number for", async (t) => {
	const surface = surfaceWithHoles();
	const [loss] = surface.fields;
	loss?.values.set([-0], 0);
	const { format, version, x, y, values, digest } = JSON.parse(String(await exportSurface(surface, "a.json"))) as {
		readonly [name: string]: unknown;
		readonly values: Readonly<Record<string, unknown>>;
	};
	t.deepEqual([format, version, x, y], ["isoloss surface", 1, [0, 1, 2, 3], [-1, 0, 1]]);
	t.deepEqual(values.loss, [
		["-0", 1, "NaN", 3],
		[10, 11, 12, 13],
		[null, 21, 22, "Infinity"],
	]);
	t.regex(String(digest), /^[0-9a-f]{64}$/);
});
