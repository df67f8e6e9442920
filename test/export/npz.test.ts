import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { OptionError } from "../../src/errors.js";
import { exportSurface } from "../../src/export/index.js";
import { parseNpz } from "../../src/formats/npz.js";
import { emptySurface } from "../../src/surface/surface.js";
import { newSurface, provenance, temporaryDirectory } from "../fixtures.js";
import { python } from "../python.js";
import { surfaceWithHoles } from "./holes.js";

test("fields are arrays of rows, a row all α of one β, NaN where nothing is computed", async (t) => {
	const arrays = parseNpz((await exportSurface(surfaceWithHoles(), "a.npz")) as Uint8Array, "a.npz");
	t.deepEqual([...arrays.keys()], ["x", "y", "loss", "accuracy", "done", "meta"]);
	t.deepEqual([...(arrays.get("x")?.values ?? [])], [0, 1, 2, 3]);
	t.deepEqual([...(arrays.get("y")?.values ?? [])], [-1, 0, 1]);
	t.deepEqual(arrays.get("loss"), {
		shape: [3, 4],
		type: "float64",
		values: Float64Array.of(0, 1, Number.NaN, 3, 10, 11, 12, 13, Number.NaN, 21, 22, Number.POSITIVE_INFINITY),
	});
	t.deepEqual([...(arrays.get("done")?.values ?? [])], [1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1]);
});

test("NumPy reads the file, its shapes and its values", async (t) => {
	const path = join(await temporaryDirectory(t), "a.npz");
	await writeFile(path, await exportSurface(surfaceWithHoles(), path));
	const program = `
a = numpy.load(sys.argv[1])
print(json.dumps([a["loss"].shape, str(a["loss"].dtype), a["accuracy"][1].tolist(), json.loads(bytes(a["meta"]))["format"]]))`;
	const told = python(t, ["numpy"], program, path);
	if (told !== undefined) t.deepEqual(told, [[3, 4], "float64", [0.1, 0.11, 0.12, 0.13], "isoloss surface"]);
});

test("a line has no y and no rows, and a field with the name of something else has no place", async (t) => {
	const line = newSurface({ min: 0, max: 1, steps: 2 }, null);
	const arrays = parseNpz((await exportSurface(line, "a.npz")) as Uint8Array, "a.npz");
	t.false(arrays.has("y"));
	t.deepEqual(arrays.get("loss")?.shape, [2]);
	const { grid, extras, anchors } = line;
	const odd = emptySurface({
		...{ grid, extras, anchors, provenance: provenance() },
		fields: [{ name: "done", label: "done", unit: "none" }],
	});
	await t.throwsAsync(exportSurface(odd, "a.npz"), {
		instanceOf: OptionError,
		message: /a field called done has no place/,
	});
});
