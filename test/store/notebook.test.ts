import { readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { FileFormatError, RunMismatchError } from "../../src/errors.js";
import { openNotebook } from "../../src/store/notebook.js";
import { temporaryDirectory } from "../fixtures.js";

const vector = Float32Array.of(1, Number.NaN, -0, 3e-45);

async function written(path: string): Promise<void> {
	const notebook = await openNotebook(path, "digest", false);
	await notebook.note("first", { numbers: [1, Number.POSITIVE_INFINITY], vector });
	await notebook.note("second", { numbers: [] });
	await notebook.close();
}

test("a step is found as it was noted, at once and by a later start, each time as arrays of one's own", async (t) => {
	const path = join(await temporaryDirectory(t), "notes");
	await written(path);
	const again = await openNotebook(path, "digest", false);
	t.is(again.found, 2);
	t.deepEqual(again.find("first"), { numbers: [1, Number.POSITIVE_INFINITY], vector });
	again.find("first")?.vector?.fill(7);
	t.deepEqual(again.find("first")?.vector, vector);
	t.deepEqual(again.find("second"), { numbers: [] });
	t.is(again.find("third"), undefined);
	await again.note("third", { numbers: [3] });
	await again.close();
	const third = await openNotebook(path, "digest", false);
	t.deepEqual(third.find("third"), { numbers: [3] });
	await third.close();
});

test("a last step that is torn is dropped, wherever it is cut, and a header that is torn begins anew", async (t) => {
	const path = join(await temporaryDirectory(t), "notes");
	await written(path);
	const bytes = await readFile(path);
	for (const length of [bytes.length - 1, bytes.length - 20, 30, 5, 0]) {
		await writeFile(path, bytes);
		await truncate(path, length);
		const notebook = await openNotebook(path, "digest", false);
		t.is(notebook.found, length > 100 ? 1 : 0, `${length}`);
		await notebook.note("second", { numbers: [2] });
		await notebook.close();
		const again = await openNotebook(path, "digest", false);
		t.deepEqual(again.find("second"), { numbers: [2] });
		await again.close();
	}
});

test("one that is damaged, of something else, or no file, is refused; another computation's is kept", async (t) => {
	const directory = await temporaryDirectory(t);
	const path = join(directory, "notes");
	await written(path);
	await t.throwsAsync(openNotebook(path, "other", false), { instanceOf: RunMismatchError });
	const bytes = await readFile(path);
	bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1;
	await writeFile(path, bytes);
	await t.throwsAsync(openNotebook(path, "digest", false), { instanceOf: FileFormatError, message: /damaged/ });
	t.is((await stat(path)).size, bytes.length);
	await t.throwsAsync(openNotebook(directory, "digest", false), { instanceOf: FileFormatError, message: /plain file/ });
	const fresh = await openNotebook(path, "digest", true);
	t.is(fresh.found, 0);
	await fresh.close();
});
