import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { exportSurface } from "../../src/export/index.js";
import type { Surface } from "../../src/surface/surface.js";
import { newSurface, temporaryDirectory, valuesOf } from "../fixtures.js";
import { python } from "../python.js";
import { heldPoints, surfaceWithHoles, wholeCells } from "./holes.js";

/** The arrays of a file by the part they stand in, read by the format's documentation: offsets into what follows the underscore. */
async function arraysOf(surface: Surface, path: string) {
	const bytes = Buffer.from((await exportSurface(surface, path)) as Uint8Array);
	const start = bytes.indexOf("_", bytes.indexOf('<AppendedData encoding="raw">')) + 1;
	const head = bytes.subarray(0, start).toString();
	const arrays = new Map<string, number[]>();
	let part = "";
	for (const [tag, name = ""] of head.matchAll(/<(\/?\w+)[^>]*>/g)) {
		if (/Data$|^Points$|^Polys$|^Lines$/.test(name) && name !== "AppendedData") part = name;
		if (name !== "DataArray") continue;
		const attribute = (wanted: string) => new RegExp(` ${wanted}="([^"]*)"`).exec(tag)?.[1] ?? "";
		const at = start + Number(attribute("offset"));
		const length = Number(bytes.readBigUInt64LE(at));
		const body = new DataView(Uint8Array.from(bytes.subarray(at + 8, at + 8 + length)).buffer);
		const readers: Record<string, [number, (i: number) => number]> = {
			Float64: [8, (i) => body.getFloat64(i, true)],
			Int64: [8, (i) => Number(body.getBigInt64(i, true))],
			UInt8: [1, (i) => body.getUint8(i)],
		};
		const [width, read] = readers[attribute("type")] ?? [1, () => Number.NaN];
		arrays.set(
			`${part}/${attribute("Name")}`,
			Array.from({ length: length / width }, (_, i) => read(i * width)),
		);
	}
	return { head, arrays };
}

test("polygons are the cells whose four corners have values, with every field at their points", async (t) => {
	const { head, arrays } = await arraysOf(surfaceWithHoles(), "a.vtp");
	const number = (point: number) => heldPoints.indexOf(point as (typeof heldPoints)[number]);
	t.deepEqual(arrays.get("Polys/connectivity"), wholeCells.flat().map(number));
	t.deepEqual(arrays.get("Polys/offsets"), [4, 8]);
	const heights = [0, 1, 3, 10, 11, 12, 13, 21, 22];
	t.deepEqual(arrays.get("PointData/zvalue"), heights);
	t.deepEqual(
		arrays.get("Points/Points"),
		heldPoints.flatMap((point, i) => [point % 4, Math.floor(point / 4) - 1, heights[i] ?? 0]),
	);
	t.regex(head, /NumberOfPoints="9" .*NumberOfPolys="2"/);
});

test("a structured grid has all points, and marks of VTK on those without a height and on the cells around", async (t) => {
	const { head, arrays } = await arraysOf(surfaceWithHoles(), "a.vts");
	t.regex(head, /<StructuredGrid WholeExtent="0 3 0 2 0 0">/);
	t.deepEqual(arrays.get("PointData/vtkGhostType"), [0, 0, 2, 0, 0, 0, 0, 0, 2, 0, 0, 2]);
	t.deepEqual(arrays.get("CellData/vtkGhostType"), [0, 32, 32, 32, 0, 32]);
	t.deepEqual(arrays.get("PointData/loss")?.slice(2, 4), [Number.NaN, 3]);
	t.deepEqual(arrays.get("PointData/done"), [1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1]);
	t.true(arrays.get("Points/Points")?.every(Number.isFinite), "no point lies at infinity");
});

test("a line is made of pieces between neighbours that both have values", async (t) => {
	const line = newSurface({ min: 0, max: 3, steps: 4 }, null);
	valuesOf(line).loss.set([5, 6, Number.NaN, 8]);
	line.done.fill(1);
	const { arrays } = await arraysOf(line, "a.vtp");
	t.deepEqual(arrays.get("Lines/connectivity"), [0, 1]);
	const grid = await arraysOf(line, "a.vts");
	t.deepEqual(grid.arrays.get("CellData/vtkGhostType"), [0, 32, 32]);
});

test("VTK reads both, and draws the holes as holes", async (t) => {
	const directory = await temporaryDirectory(t);
	const paths = ["a.vts", "a.vtp"].map((name) => join(directory, name));
	for (const path of paths) await writeFile(path, await exportSurface(surfaceWithHoles(), path));
	const program = `
told = []
for path, reader in zip(sys.argv[1:], [vtk.vtkXMLStructuredGridReader(), vtk.vtkXMLPolyDataReader()]):
	reader.SetFileName(path)
	reader.Update()
	drawn = vtk.vtkGeometryFilter()
	drawn.SetInputConnection(reader.GetOutputPort())
	drawn.Update()
	told.append([reader.GetErrorCode(), drawn.GetOutput().GetNumberOfPolys(), list(reader.GetOutput().GetBounds())])
print(json.dumps(told))`;
	const bounds = [0, 3, -1, 1, 0, 22];
	const expected = [
		[0, wholeCells.length, bounds],
		[0, wholeCells.length, bounds],
	];
	const told = python(t, ["vtk"], program, ...paths);
	if (told !== undefined) t.deepEqual(told, expected);
});

test("a mesh of Wavefront counts its vertices from 1, and has the same cells", async (t) => {
	const text = String(await exportSurface(surfaceWithHoles(), "a.obj"));
	const lines = text.split("\n");
	t.deepEqual(
		lines.filter((line) => line.startsWith("v ")).map((line) => line.slice(2)),
		["0 -1 0", "1 -1 1", "3 -1 3", "0 0 10", "1 0 11", "2 0 12", "3 0 13", "1 1 21", "2 1 22"],
	);
	t.deepEqual(
		lines.filter((line) => line.startsWith("f ")),
		["f 1 2 5 4", "f 5 6 9 8"],
	);
});
