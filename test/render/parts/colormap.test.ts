import "../../../src/render/fonts.js";
import test from "ava";
import { lab } from "d3-color";
import { OptionError } from "../../../src/errors.js";
import {
	colormap,
	colormaps,
	coloursApart,
	colourTable,
	onPaper,
	tableIndex,
} from "../../../src/render/parts/colormap.js";

test("viridis is the default and runs from its known purple to its known yellow", (t) => {
	t.is(colormap(), colormap("viridis"));
	const table = colourTable(colormap());
	t.deepEqual([...table.subarray(0, 3)], [0x44, 0x01, 0x54]);
	t.deepEqual([...table.subarray(255 * 3)], [0xfd, 0xe7, 0x25]);
});

test("an unknown colour map is refused with the names there are", (t) => {
	const error = t.throws(() => colormap("jet"), { instanceOf: OptionError });
	for (const name of Object.keys(colormaps)) t.true(error.message.includes(name));
	t.throws(() => colormap("toString"), { instanceOf: OptionError });
});

test("colours for points without a value are far from all of every map, and from one another", (t) => {
	for (const [name, map] of Object.entries(colormaps)) {
		const own = Array.from({ length: 256 }, (_, i) => map(i / 255));
		const apart = coloursApart(map, 3);
		t.is(new Set(apart).size, 3);
		for (const colour of apart) {
			const others = [...own, ...apart.filter((other) => other !== colour)];
			const { l, a, b } = lab(colour);
			const nearest = Math.min(
				...others.map((other) => Math.hypot(lab(other).l - l, lab(other).a - a, lab(other).b - b)),
			);
			// A difference of 2.3 is just noticeable.
			t.true(nearest > 12, `${name}: ${colour} is ${nearest} away`);
		}
	}
});

test("positions beyond the scale take the colour of its end", (t) => {
	t.is(tableIndex(-3), 0);
	t.is(tableIndex(7), 255);
	t.is(tableIndex(0.5), 128);
});

test("colours for thin lines are dark enough for white paper", (t) => {
	for (const map of Object.values(colormaps)) {
		for (let i = 0; i <= 20; i++) t.true(lab(onPaper(map(i / 20))).l < 60);
	}
});
