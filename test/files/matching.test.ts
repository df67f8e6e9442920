import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import test from "ava";
import { FileFormatError } from "../../src/errors.js";
import { filesMatching, inNaturalOrder } from "../../src/files/matching.js";
import { temporaryDirectory } from "../fixtures.js";

test("files of a pattern come in natural order, and a name without stars is itself", async (t) => {
	const directory = await temporaryDirectory(t);
	for (const name of ["step-10.pt", "step-9.pt", "step-1.pt", "step-1.txt", "other.pt"])
		await writeFile(join(directory, name), "");
	const found = await filesMatching(join(directory, "step-*.pt"));
	t.deepEqual(
		found.map((path) => basename(path)),
		["step-1.pt", "step-9.pt", "step-10.pt"],
	);
	t.deepEqual(await filesMatching("not/there.pt"), ["not/there.pt"]);
	await t.throwsAsync(filesMatching(join(directory, "*.npz")), {
		instanceOf: FileFormatError,
		message: /has none of 5/,
	});
	const nowhere = join(directory, "none");
	await t.throwsAsync(filesMatching(join(nowhere, "*.pt")), {
		instanceOf: FileFormatError,
		message: `${join(nowhere, "*.pt")}: expected files of that pattern; ${nowhere}: no such file`,
	});
});

test("numbers within names go by their value, letters by theirs, and nothing is equal but to itself", (t) => {
	const names = ["a10b2", "a2", "a10b10", "a", "b1", "a02"];
	t.deepEqual(names.toSorted(inNaturalOrder), ["a", "a02", "a2", "a10b2", "a10b10", "b1"]);
});
