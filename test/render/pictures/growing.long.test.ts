import test from "ava";
import { interpolateViridis } from "d3-scale-chromatic";
import sharp, { type Sharp } from "sharp";
import { OptionError } from "../../../src/errors.js";
import { svgToPng } from "../../../src/render/encode.js";
import { render } from "../../../src/render/index.js";
import { trailColourOf } from "../../../src/render/parts/palette.js";
import { lineColour } from "../../../src/render/parts/theme.js";
import { growingPath } from "../../../src/render/pictures/growing-path.js";
import { growingRange } from "../../../src/render/pictures/growing-range.js";
import type { Surface } from "../../../src/surface/surface.js";
import type { Path } from "../../../src/surface/trajectory.js";
import { axis, labelsOf, surfaceOf } from "../surfaces.js";

const bowl = (alpha: number, beta: number) => 0.1 + alpha * alpha + beta * beta;

/** A training straight down from (1, y) to the origin, with twice the loss that the surface has. */
function descent(label: string, networks: number, y: number): Path {
	const points = Array.from({ length: networks }, (_, i) => {
		const left = 1 - i / (networks - 1);
		const at = [left, y * left];
		const loss = 2 * bowl(left, y * left);
		return { file: `step ${5 * i}`, at, offPlane: 0, offPlaneShare: 0, loss, lossOwnStatistics: loss };
	});
	return { label, points };
}

/** A bowl of 11 × 9 points with trainings on it. */
function withTrainings(...paths: readonly Path[]): Surface {
	const plane = surfaceOf(axis(-1.25, 1.25, 11), axis(-1, 1, 9), bowl);
	const places = paths.flatMap(({ points }) => points.map(({ at }) => at));
	return {
		...plane,
		extras: places,
		fields: plane.fields.map((field) => ({
			...field,
			values: Float64Array.from([...field.values, ...places.map(([x = 0, y = 0]) => bowl(x, y))]),
		})),
		done: new Uint8Array(99 + places.length).fill(1),
		trajectories: { origin: "end", principal: null, paths },
	};
}

/** The lines of trainings in a frame of a film, thicker than any other, as lists of their places. */
function trailsIn(svg: string): string[][] {
	return [...svg.matchAll(/<path d="([^"]*)" fill="none" stroke="#[0-9a-f]{6}" stroke-width="2.4"/g)].map(
		([, data = ""]) => data.split(/[ML]/).slice(1),
	);
}

/** The frame of a map: the first one drawn. */
function mapFrame(svg: string): { x: number; y: number; width: number; height: number } {
	const found = /<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" fill="none" stroke="#333"/.exec(
		svg,
	);
	const [x = 0, y = 0, width = 0, height = 0] = (found ?? []).slice(1).map(Number);
	return { x, y, width, height };
}

async function pixelsOf(image: Sharp): Promise<{ data: Buffer; width: number; height: number }> {
	const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
	return { data, width: info.width, height: info.height };
}

/** How many pixels have a colour, or one that few would tell from it: the 256 colours of a GIF are some levels off. */
const countOf = ({ data }: { data: Buffer }, colour: readonly number[]) => {
	let count = 0;
	for (let i = 0; i < data.length; i += 3) {
		if (colour.every((level, channel) => Math.abs((data[i + channel] ?? 0) - level) <= 4)) count++;
	}
	return count;
};

/** For each frame of a GIF, whether it has a palette of its own (GIF 89a, sections 18 to 26). */
function ownPalettes(gif: Uint8Array): boolean[] {
	const tableSize = (flags = 0) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
	const found: boolean[] = [];
	let at = 13 + tableSize(gif[10]);
	const skipBlocks = () => {
		while (gif[at] !== 0) at += 1 + (gif[at] ?? 0);
		at += 1;
	};
	while (gif[at] !== 0x3b && at < gif.length) {
		if (gif[at] === 0x21) at += 2;
		else {
			const flags = gif[at + 9];
			found.push(tableSize(flags) > 0);
			at += 10 + tableSize(flags) + 1;
		}
		skipBlocks();
	}
	return found;
}

test("the first frame holds the start alone, the last the whole path, and trainings of other lengths advance at one share", async (t) => {
	const film = growingPath(withTrainings(descent("long", 9, 0.5), descent("short", 5, -0.5)), {});
	t.is(film.delays.length, 9);
	const lengths = [];
	for (const frame of [0, 4, 8]) lengths.push(trailsIn(await film.draw(frame)).map((places) => places.length));
	t.deepEqual(lengths, [
		[1, 1],
		[5, 3],
		[9, 5],
	]);
	const last = await film.draw(8);
	const { x, y, width, height } = mapFrame(last);
	const [long] = trailsIn(last);
	// (1, 0.5) of a map from (-1.25, -1) to (1.25, 1), and the origin in its middle.
	const places = [long?.at(0), long?.at(-1)].map((place = "") => place.split(" ").map(Number));
	for (const [i, [u, v]] of [
		[0.9, 0.25],
		[0.5, 0.5],
	].entries()) {
		t.true(Math.abs((places[i]?.[0] ?? 0) - (x + (u ?? 0) * width)) < 0.01);
		t.true(Math.abs((places[i]?.[1] ?? 0) - (y + (v ?? 0) * height)) < 0.01);
	}
});

test("a table says where each training is, with its own loss and the surface's, and nothing in a frame but those moves", async (t) => {
	const film = growingPath(withTrainings(descent("runs/a.trajectory.msgpack", 5, 0)), {});
	const first = labelsOf(await film.draw(0));
	const middle = labelsOf(await film.draw(2));
	t.deepEqual(
		first.filter((label, i) => label !== middle[i]),
		["0 of 20", "2.20", "1.10"],
	);
	// At (0.5, 0) the bowl is at 0.35.
	t.deepEqual(
		middle.filter((label, i) => label !== first[i]),
		["10 of 20", "0.700", "0.350"],
	);
	t.true(first.includes("runs/a"));
	t.deepEqual(mapFrame(await film.draw(0)), mapFrame(await film.draw(4)));
});

test("the losses of networks and, dashed, of the surface grow beside the map, on a logarithmic axis beyond a decade", async (t) => {
	const film = growingPath(withTrainings(descent("a", 5, 0)), {});
	const svg = await film.draw(4);
	t.true(labelsOf(svg).includes("loss (log scale)"));
	const curves = [...svg.matchAll(/<path d="([^"]*)" fill="none" stroke-linejoin="round" stroke="#d55e00"([^>]*)/g)];
	t.is(curves.length, 2);
	t.deepEqual(
		curves.map(([, , style = ""]) => style.includes("stroke-dasharray")),
		[false, true],
	);
	const heights = curves.map(([, data = ""]) =>
		data
			.split(/[ML]/)
			.slice(1)
			.map((place) => Number(place.split(" ")[1])),
	);
	// Twice the loss is as much higher at every network: a straight distance on a logarithmic axis, log 2 of all from 0.1 to 2.2.
	const [own = [], drawn = []] = heights;
	const whole = Math.max(...drawn) - Math.min(...own);
	for (const [i, height] of own.entries())
		t.true(Math.abs(((drawn[i] ?? 0) - height) / whole - Math.log(2) / Math.log(22)) < 1e-3);
});

test("files of a training are named where there are no steps", async (t) => {
	const { points, label } = descent("ckpt/*.pt", 3, 0);
	const files = points.map((point, i) => ({ ...point, file: `epoch-${i}.pt` }));
	const svg = await growingPath(withTrainings({ label, points: files }), {}).draw(1);
	t.true(labelsOf(svg).includes("epoch-1.pt"));
	t.true(labelsOf(svg).includes("network"));
});

test("150 frames stand for a longer path, which says so", async (t) => {
	const film = growingPath(withTrainings(descent("a", 400, 0)), {});
	t.is(film.delays.length, 150);
	t.regex(film.description, /150 frames for up to 400 networks/);
	t.true(labelsOf(await film.draw(0)).includes("0 of 1995"));
	t.true(labelsOf(await film.draw(149)).includes("1995 of 1995"));
});

test("WebP and GIF have every frame, its time and no end; twice the same bytes; frames that are what a still picture of them is", async (t) => {
	const surface = withTrainings(descent("a", 4, 0.5));
	const options = { animate: ["training"], width: 480 } as const;
	const [drawn, again] = [await render(surface, options), await render(surface, options)];
	t.deepEqual(again, drawn);
	const gif = drawn.find(({ name }) => name === "training.gif")?.bytes ?? new Uint8Array();
	t.deepEqual(ownPalettes(gif), [false, false, false, false]);
	const film = growingPath(surface, options);
	const vermilion = [0xd5, 0x5e, 0x00];
	t.is(trailColourOf(0), lineColour("#d55e00"));
	for (const name of ["training.webp", "training.gif"]) {
		const bytes = drawn.find((picture) => picture.name === name)?.bytes ?? new Uint8Array();
		const { pages, delay, loop, width, xmp } = await sharp(bytes, { animated: true }).metadata();
		if (name.endsWith("webp")) t.regex(String(xmp), /Training of small-net on its loss surface.*surface [0-9a-f]{64}/s);
		t.is(width, 1080);
		t.deepEqual({ pages, delay, loop }, { pages: 4, delay: [600, 600, 600, 2000], loop: 0 });
		for (const page of [0, 3]) {
			const decoded = await pixelsOf(sharp(bytes, { page }));
			const still = await pixelsOf(sharp(await svgToPng(await film.draw(page), { scale: 1.5 })));
			t.is(decoded.height, still.height);
			const off = decoded.data.reduce((sum, value, i) => sum + Math.abs(value - (still.data[i] ?? 0)), 0);
			// GIF has 256 colours, which are a level off here and there; WebP is without loss.
			t.true(off / decoded.data.length <= (name.endsWith("gif") ? 1 : 0), `${name} ${page}`);
			if (name.endsWith("webp")) t.is(countOf(decoded, vermilion), countOf(still, vermilion));
		}
		const [start, end] = await Promise.all([0, 3].map((page) => pixelsOf(sharp(bytes, { page }))));
		if (start === undefined || end === undefined) return t.fail();
		// The table's line is in every frame: the path and the curve are the rest.
		t.true(countOf(end, vermilion) > 3 * countOf(start, vermilion));
	}
});

test("a range grows from 5 × 5 points to all, in colours that mean the same in every frame", async (t) => {
	const surface = surfaceOf(axis(-1.25, 1.25, 11), axis(-1, 1, 9), bowl);
	const film = growingRange(surface, { cells: true });
	t.is(film.delays.length, 4);
	const svgs = [];
	for (const frame of film.delays.keys()) svgs.push(await film.draw(frame));
	const said = svgs.map((svg) => labelsOf(svg).find((label) => label.includes(" × ")));
	t.deepEqual(said, ["5 × 5 of 11 × 9", "7 × 7 of 11 × 9", "9 × 9 of 11 × 9", "11 × 9 of 11 × 9"]);
	t.true(labelsOf(svgs[0] ?? "").includes("−0.5 to 0.5"));
	// The bowl is 0.1 at the origin and 0.6 at the corners of the first range.
	t.true(labelsOf(svgs[0] ?? "").includes("0.1 to 0.6"));
	t.is(new Set(svgs.map((svg) => JSON.stringify(mapFrame(svg)))).size, 1);
	const { x, y, width, height } = mapFrame(svgs[0] ?? "");
	// A corner's cell in the first and in the last range: (-0.5, 0.5) is 0.6, and (-1.25, 1) is the highest, 2.6625.
	for (const [svg, loss] of [
		[svgs[0], 0.6],
		[svgs[3], 2.6625],
	] as const) {
		const png = await sharp(await svgToPng(svg ?? "", { scale: 1 }))
			.extract({ left: Math.round(x) + 2, top: Math.round(y) + 2, width: 1, height: 1 })
			.removeAlpha()
			.raw()
			.toBuffer();
		const colour = interpolateViridis((loss - 0.1) / (2.6625 - 0.1));
		const expected = /^#(..)(..)(..)$/
			.exec(colour)
			?.slice(1)
			.map((part) => Number.parseInt(part, 16));
		t.true(
			(expected ?? []).every((channel, i) => Math.abs(channel - (png[i] ?? 0)) <= 2),
			`${colour} ${[...png]}`,
		);
	}
	t.true(width > 0 && height > 0);
});

test("an animation is refused by name where there is nothing to show, before any picture is drawn", async (t) => {
	const plane = surfaceOf(axis(-1, 1, 5), axis(-1, 1, 5), bowl);
	const line = surfaceOf(axis(-1, 1, 5), null, bowl);
	const one = withTrainings({ label: "a", points: descent("a", 2, 0).points.slice(0, 1) });
	const refused = [
		[plane, "training", /^animate: training: expected a run that was swept with --trajectory, this one has none$/],
		[line, "training", /^animate: training: expected a plane, got a line$/],
		[one, "training", /^animate: training: expected at least two networks of a training, got one$/],
		[plane, "range", /^animate: range: expected at least 4 points to one side of the origin, got a plane of 5 × 5$/],
		[line, "range", /^animate: range: expected a plane, got a line$/],
	] as const;
	for (const [surface, animate, message] of refused)
		await t.throwsAsync(render(surface, { animate }), { instanceOf: OptionError, message });
	await t.throwsAsync(render(plane, { animate: "spin" as "range" }), {
		message: 'animate: expected one of training, range, got "spin"',
	});
});
