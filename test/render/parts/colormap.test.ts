import "../../../src/render/fonts.js";
import test from "ava";
import { lab, rgb } from "d3-color";
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

test("coolwarm has the colours that Moreland publishes, and the palest of them is grey", (t) => {
	// Every fourth row of his table of 33 colours.
	const published = [
		[59, 76, 192],
		[98, 130, 234],
		[141, 176, 254],
		[184, 208, 249],
		[221, 221, 221],
		[245, 196, 173],
		[244, 154, 123],
		[222, 96, 77],
		[180, 4, 38],
	];
	for (const [i, colour] of published.entries()) {
		const { r, g, b } = rgb(colormap("coolwarm")(i / 8));
		const far = [r, g, b].map((channel, at) => Math.abs(channel - (colour[at] ?? 0)));
		t.true(Math.max(...far) <= 1, `${i}: ${[r, g, b]}`);
	}
});
