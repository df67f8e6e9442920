import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { exportSurface } from "../../src/export/index.js";
import { readHdf5Exactly } from "../../src/formats/hdf5.js";
import type { Surface } from "../../src/surface/surface.js";
import { newSurface, temporaryDirectory } from "../fixtures.js";
import { python } from "../python.js";
import { surfaceWithHoles } from "./holes.js";

const contents = async (surface: Surface) =>
	readHdf5Exactly((await exportSurface(surface, "a.h5")) as Uint8Array, "a.h5");

test("the reference code's names hold arrays declared (x, y) and filled with x running faster, -1 where nothing is computed", async (t) => {
	const { arrays, texts, attributes } = await contents(surfaceWithHoles());
	t.deepEqual(arrays.get("xcoordinates"), { shape: [4], values: Float64Array.of(0, 1, 2, 3) });
	t.deepEqual(arrays.get("ycoordinates"), { shape: [3], values: Float64Array.of(-1, 0, 1) });
	t.deepEqual(arrays.get("train_loss"), {
		shape: [4, 3],
		values: Float64Array.of(0, 1, Number.NaN, 3, 10, 11, 12, 13, -1, 21, 22, Number.POSITIVE_INFINITY),
	});
	// Shares are in per cent there: a hundred times 0.1, 0.11, ... in float64.
	t.deepEqual([...(arrays.get("train_acc")?.values ?? [])].slice(4, 9), [10, 11, 12, 13, -1]);
	t.deepEqual(arrays.get("isoloss/fields/loss")?.shape, [3, 4]);
	t.is(texts.get("dir_file"), "unknown");
	t.is(attributes.get("")?.model, "test");
});

test("values of the test part have names of their own", async (t) => {
	const surface = newSurface({ min: 0, max: 1, steps: 2 }, null);
	const { provenance } = surface;
	const { arrays } = await contents({ ...surface, provenance: { ...provenance, request: { split: "test" } } });
	t.deepEqual([...arrays.keys()].filter((key) => !key.startsWith("isoloss/")).sort(), [
		"test_acc",
		"test_loss",
		"xcoordinates",
	]);
	t.deepEqual(arrays.get("test_loss")?.shape, [2]);
});

test("h5py reads the same as the reference code would", async (t) => {
	const path = join(await temporaryDirectory(t), "a.h5");
	await writeFile(path, await exportSurface(surfaceWithHoles(), path));
	const program = `
f = h5py.File(sys.argv[1], "r")
loss = f["train_loss"][:]
print(json.dumps([loss.shape, str(loss.dtype), loss.ravel()[4:8].tolist(), f["dir_file"][()].decode(), f.attrs["model"]]))`;
	const told = python(t, ["h5py"], program, path);
	if (told !== undefined) t.deepEqual(told, [[4, 3], "float64", [10, 11, 12, 13], "unknown", "test"]);
});
