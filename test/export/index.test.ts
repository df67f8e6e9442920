import test from "ava";
import { OptionError } from "../../src/errors.js";
import { exportSurface, formatCsv, registerExporter } from "../../src/export/index.js";
import { newSurface } from "../fixtures.js";

const surface = newSurface({ min: 0, max: 1, steps: 2 }, null);

test("a surface is written by the ending of the file's name", async (t) => {
	t.is(await exportSurface(surface, "a/B.CSV"), formatCsv(surface));
	await t.throwsAsync(exportSurface(surface, "surface.xyz"), {
		instanceOf: OptionError,
		message: /^path: expected a name that ends in .*\.csv, \.tex, .*\.obj, got "surface.xyz"$/,
	});
});

test("a format of one's own is taken by its ending, and goes before one that was there", async (t) => {
	registerExporter({ name: "count", ending: ".count", grids: ["regular"], format: ({ done }) => String(done.length) });
	t.is(await exportSurface(surface, "surface.count"), String(surface.done.length));
	registerExporter({ name: "other count", ending: ".count", grids: ["regular"], format: () => "another" });
	t.is(await exportSurface(surface, "surface.count"), "another");
	t.throws(() => registerExporter({ name: "none", ending: "csv", grids: [], format: () => "" }), {
		instanceOf: OptionError,
		message: 'ending: expected one in lower case with its dot, got "csv"',
	});
});

test("a format that can't hold a kind of grid says so", async (t) => {
	registerExporter({ name: "none", ending: ".never", grids: [], format: () => "" });
	await t.throwsAsync(exportSurface(surface, "a.never"), { message: "path: .never can't hold a regular grid" });
});
