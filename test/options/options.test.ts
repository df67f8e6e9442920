import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { checkChoice, nearest } from "../../src/check/choice.js";
import { checkNames } from "../../src/check/values.js";
import { OptionError } from "../../src/errors.js";
import { anyNumber, axis, between, list, orNone, viewFrom, whole } from "../../src/options/kinds.js";
import { optionsPage } from "../../src/options/markdown.js";
import { renderOptions } from "../../src/options/render.js";
import { sweepOptions } from "../../src/options/sweep.js";
import { checkValues, flagOf } from "../../src/options/table.js";
import { root } from "../fixtures.js";

const refused = { instanceOf: OptionError };

test("the page of options says what the tables say", async (t) => {
	t.is(await readFile(join(root, "docs", "options.md"), "utf8"), optionsPage(), "run node scripts/docs.js");
});

test("help names the bounds that are checked", (t) => {
	const { help, check, parse } = renderOptions.width;
	const [, least = 0, most = 0] = help.match(/(\d+) to (\d+)/)?.map(Number) ?? [];
	t.deepEqual([check("width", least), check("width", most)], [least, most]);
	t.throws(() => check("width", least - 1), {
		...refused,
		message: `width: expected ${least} to ${most}, got "${least - 1}"`,
	});
	t.throws(() => parse("width", String(most + 1)), refused);
});

test("a value that is written and one that is given come to the same", (t) => {
	t.is(whole(1, "all").parse("samples", "all"), "all");
	t.is(whole(1, "all").parse("samples", "12"), 12);
	t.deepEqual(list(anyNumber).parse("mean", "0.5, -1e2"), [0.5, -100]);
	t.is(orNone(axis).parse("y", "none"), null);
	fc.assert(
		fc.property(fc.double({ min: -1e300, max: 1e300, noNaN: true }), fc.integer({ min: 2, max: 99 }), (min, steps) => {
			const given = { min, max: min + Math.max(1, Math.abs(min)), steps };
			const written = axis.parse("x", `${given.min}:${given.max}:${given.steps}`);
			return Object.is(written.min + 0, given.min + 0) && written.max === given.max && written.steps === steps;
		}),
	);
	for (const wrong of ["0:1", "0:1:1", "1:0:5", "a:1:5", "0:Infinity:5", "0:1:2.5"])
		t.throws(() => axis.parse("x", wrong), refused, wrong);
	for (const wrong of ["", "1.5", "0", "x"]) t.throws(() => whole(1).parse("n", wrong), refused, wrong);
	t.throws(() => between(1, 2).parse("n", "3"), refused);
});

test("one animation or a list of them is taken, each by its name", (t) => {
	const animate = (value: unknown) => checkValues(renderOptions, { animate: value }).animate;
	t.is(animate("range"), "range");
	t.deepEqual(animate(["training", "range"]), ["training", "range"]);
	t.throws(() => animate(["training", "rang"]), {
		...refused,
		message: 'animate: expected one of training, range, got "rang"; did you mean range?',
	});
	t.throws(() => animate([]), refused);
});

test("values are checked by the table, those of files as text too, and unknown names are refused with what was meant", (t) => {
	t.deepEqual(checkValues(sweepOptions, { threads: 2, x: "-1:1:5", to: ["a.pt", "b.pt"], samples: "all" }), {
		threads: 2,
		x: { min: -1, max: 1, steps: 5 },
		to: ["a.pt", "b.pt"],
		samples: "all",
	});
	t.throws(() => checkValues(sweepOptions, { sampels: 3 }), {
		...refused,
		message: "sampels: no such option; did you mean samples?",
	});
	t.throws(() => checkValues(sweepOptions, { threads: 1.5 }), {
		...refused,
		message: /^threads: expected a whole number/,
	});
	t.throws(() => checkValues(sweepOptions, { smooth: "yes" }), refused);
	t.throws(() => checkNames({ onRow: 1 }, ["onBatch", "onStart"]), { ...refused, message: "onRow: no such option" });
});

test("slips of the finger are understood, other words are not", (t) => {
	const names = ["filter", "layer", "weight", "whole", "none"];
	t.is(nearest("fitler", names), "filter");
	t.is(nearest("wieght", names), "weight");
	t.is(nearest("Filter", names), "filter");
	t.is(nearest("banana", names), undefined);
	t.throws(() => checkChoice("norm", "filtre", names), { message: /got "filtre"; did you mean filter\?$/ });
	t.throws(() => checkChoice("norm", "l2", names), { message: /got "l2"$/ });
});

test("properties are flags with hyphens", (t) => {
	t.deepEqual(["batchNorm", "x", "noSkip"].map(flagOf), ["--batch-norm", "--x", "--no-skip"]);
});

test("a view is azimuth:elevation in degrees, or an object of both", (t) => {
	t.deepEqual(viewFrom.parse("view", "-45:30"), { azimuth: -45, elevation: 30 });
	t.deepEqual(viewFrom.check("view", "120:5.5"), { azimuth: 120, elevation: 5.5 });
	t.deepEqual(viewFrom.check("view", { azimuth: 0, elevation: 80 }), { azimuth: 0, elevation: 80 });
	for (const wrong of ["30", "30:", "a:30", "30:90", "30:30:30", "400:30"]) {
		t.throws(() => viewFrom.parse("view", wrong), {
			instanceOf: OptionError,
			message: `view: expected azimuth:elevation with -360 to 360 and 5 to 80 degrees, got "${wrong}"`,
		});
	}
	t.throws(() => viewFrom.check("view", null), { instanceOf: OptionError });
});
