import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { importSurface } from "../../src/exchange/import.js";
import { writeRun } from "../../src/exchange/write-run.js";
import { exportSurface } from "../../src/export/index.js";
import { readRun } from "../../src/store/run.js";
import { surfaceDigest } from "../../src/surface/digest.js";
import type { Surface } from "../../src/surface/surface.js";
import { temporaryDirectory } from "../fixtures.js";
import { python } from "../python.js";
import { anySurface } from "./surfaces.js";

/** A surface as it comes back, but for the note that says from where. */
function withoutNote(surface: Surface): Surface {
	const { imported: _, ...notes } = surface.provenance.notes;
	return { ...surface, provenance: { ...surface.provenance, notes } };
}

for (const ending of ["npz", "json", "h5"])
	test(`any surface comes back from .${ending} to the bit, with all that is known of it`, async (t) => {
		const path = join(await temporaryDirectory(t), `surface.${ending}`);
		await fc.assert(
			fc.asyncProperty(anySurface, async (surface) => {
				const bytes = await exportSurface(surface, path);
				await writeFile(path, bytes);
				const back = await importSurface(path);
				t.is(back.provenance.notes.imported, path);
				t.deepEqual(withoutNote(back), surface);
				t.is(surfaceDigest(back), surfaceDigest(surface));
				t.deepEqual(await exportSurface(surface, path), bytes, "the same bytes again");
			}),
			{ numRuns: 15 },
		);
	});

test("any surface comes back from .csv with the same values, marks and digest", async (t) => {
	const path = join(await temporaryDirectory(t), "surface.csv");
	await fc.assert(
		fc.asyncProperty(anySurface, async (surface) => {
			await writeFile(path, await exportSurface(surface, path));
			const back = await importSurface(path);
			const points = back.done.length;
			t.deepEqual(back.done, surface.done.slice(0, points));
			t.deepEqual(
				back.fields.map(({ name, values }) => [name, values]),
				surface.fields.map(({ name, values }) => [name, values.slice(0, points)]),
			);
			t.is(surfaceDigest(back), surfaceDigest(surface));
		}),
		{ numRuns: 15 },
	);
});

test("any surface is written as a run, and read from it whole", async (t) => {
	const directory = await temporaryDirectory(t);
	await fc.assert(
		fc.asyncProperty(anySurface, async (surface) => {
			await writeRun(directory, surface, true);
			const { surface: back } = await readRun(join(directory, "run.msgpack"));
			t.deepEqual(back, surface);
		}),
		{ numRuns: 10 },
	);
});

test("through h5py and numpy every value comes back to the bit", async (t) => {
	const directory = await temporaryDirectory(t);
	const [surface] = fc.sample(
		anySurface.filter(({ grid, fields }) => grid.axes.length === 2 && fields.length > 1),
		{ numRuns: 1, seed: 7 },
	);
	if (surface === undefined) throw new RangeError("no surface");
	const copied = (ending: string) => join(directory, `copy.${ending}`);
	for (const ending of ["h5", "npz"])
		await writeFile(join(directory, `own.${ending}`), await exportSurface(surface, `own.${ending}`));
	const program = `
source, target, arrays, copy = sys.argv[1:]
with h5py.File(source) as a, h5py.File(target, "w") as b:
	a.visititems(lambda name, item: b.create_dataset(name, data=item[()], dtype=item.dtype) and None if isinstance(item, h5py.Dataset) else None)
with numpy.load(arrays) as a:
	numpy.savez_compressed(copy, **a)
print(json.dumps("copied"))`;
	const paths = [join(directory, "own.h5"), copied("h5"), join(directory, "own.npz"), copied("npz")];
	if (python(t, ["h5py", "numpy"], program, ...paths) === undefined) return;
	for (const ending of ["h5", "npz"]) t.deepEqual(withoutNote(await importSurface(copied(ending))), surface, ending);
});
