import test from "ava";
import type { Figure, Surfaces } from "../../src/article/figure.js";
import { figures } from "../../src/article/figures/index.js";
import { together } from "../../src/article/judge.js";
import { networkName } from "../../src/article/network.js";
import { type Setting, settingOf, trained } from "../../src/article/setting.js";
import { canonicalJson } from "../../src/exact/digest.js";
import { surfaceDigest } from "../../src/surface/digest.js";
import { axesOf } from "../../src/surface/grid.js";
import { axis, surfaceOf, withAnchors } from "../render/surfaces.js";

const setting = settingOf("quick");

function figure(number: number): Figure {
	const found = figures.find((each) => each.number === number);
	if (found === undefined) throw new Error(`there is no figure ${number}`);
	return found;
}

/** A paraboloid over the axes of the narrow figures: its loss is twice that of the origin at the width. */
const bowl = (width: number, range = 1) =>
	surfaceOf(axis(-range, range, 9), axis(-range, range, 9), (a, b) => 1 + (a * a + b * b) / (width * width));

/** Both planes of each network alike. */
function planes(bowls: Readonly<Record<string, ReturnType<typeof bowl>>>): Surfaces {
	return Object.fromEntries(
		Object.entries(bowls).flatMap(([label, surface]) => [1, 2].map((plane) => [`${label}, plane ${plane}`, surface])),
	);
}

/** Ways between two networks of loss ½, each with a loss of its own in the middle; accuracy is 1 / (1 + loss). */
function ways(prefix: string, straight: number, aligned: number, curve: number): Surfaces {
	const way = (middle: number) =>
		withAnchors(
			surfaceOf(axis(0, 1, 17), null, (at) => 0.5 + (middle - 0.5) * (1 - (2 * at - 1) ** 2)),
			"a",
			"b",
		);
	return Object.fromEntries(
		Object.entries({ straight, aligned, curve }).flatMap(([name, middle]) =>
			["train", "test"].map((part) => [`${prefix}${name}, ${part}`, way(middle)]),
		),
	);
}

test("there are fifteen figures with the numbers 1 to 15, each with its words", (t) => {
	t.deepEqual(
		figures.map(({ number }) => number),
		[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
	);
	t.is(new Set(figures.map(({ title }) => title)).size, 15);
	for (const { claim, explanation } of figures) {
		t.regex(claim, /\.$/);
		t.regex(explanation, /\.$/);
	}
});

for (const name of ["quick", "full"] as const) {
	test(`the pictures of the ${name} article show sweeps of their own recipe`, (t) => {
		for (const { number, recipe } of figures) {
			const { sweeps, curves = {}, pictures } = recipe(settingOf(name));
			t.true(pictures.length > 0, `figure ${number}`);
			const known = new Set([
				...Object.keys(sweeps),
				...Object.keys(curves).flatMap((curve) => [`${curve}, train`, `${curve}, test`]),
			]);
			for (const picture of pictures)
				if (picture.picture !== "scatter.svg")
					for (const [name] of picture.of) t.true(known.has(name), `figure ${number}: ${name}`);
		}
	});
}

test("networks of other settings have other names, those of the same settings the same", (t) => {
	t.is(networkName(trained(setting)), networkName(trained(settingOf("quick"))));
	t.not(networkName(trained(setting)), networkName(trained(settingOf("quick", 1))));
	t.not(networkName(trained(setting)), networkName(trained(setting, { epochs: 9 })));
	t.regex(networkName(trained(setting, { batchSize: 256 })), /^mnist-cnn-w0\.25-adam-batch256-[0-9a-f]{8}$/);
});

test("figure 1: a straight descent bears the claim out, one over a hill does not", (t) => {
	const line = (loss: (alpha: number) => number) => surfaceOf(axis(-0.5, 1.5, 17), null, loss);
	const straight = line((alpha) => 2 - alpha);
	t.is(figure(1).verdict({ train: straight, test: straight }, setting).borneOut, "yes");
	// Up by 1 to the middle and down by 2: rises are half of the falls.
	const hill = line((alpha) => (alpha < 0.5 ? 2 + 2 * alpha : 5 - 4 * alpha));
	t.is(figure(1).verdict({ train: hill, test: hill }, setting).borneOut, "no");
	t.is(figure(1).verdict({ train: straight, test: hill }, setting).borneOut, "partly");
});

test("figures 2 to 4: a bowl bears the claim out, a cone that is lowest elsewhere does not", (t) => {
	const over = (loss: (a: number, b: number) => number) => ({
		plane: surfaceOf(axis(-20, 20, 9), axis(-20, 20, 9), loss),
	});
	t.is(
		figure(2).verdict(
			over((a, b) => 1 + a ** 4 + b ** 4),
			setting,
		).borneOut,
		"yes",
	);
	// Flattening outwards and lowest in a corner.
	t.is(
		figure(2).verdict(
			over((a, b) => 10 + Math.sqrt(Math.hypot(a, b)) + a),
			setting,
		).borneOut,
		"no",
	);
	t.is(
		figure(2).verdict(
			over((a, b) => 1 + Math.hypot(a, b) ** 0.5),
			setting,
		).borneOut,
		"partly",
	);
});

test("figure 5: surfaces that differ by a thousandth are alike, by a half are not", (t) => {
	const [one, near, far] = [1, 1.001, 2].map((factor) =>
		surfaceOf(axis(-1, 1, 9), axis(-1, 1, 9), (a, b) => factor * (1 + a * a + b * b)),
	) as [Surfaces[string], Surfaces[string], Surfaces[string]];
	t.is(figure(5).verdict({ small: one, large: near }, setting).borneOut, "yes");
	t.is(figure(5).verdict({ small: one, large: far }, setting).borneOut, "no");
});

for (const [number, range] of [
	[6, 1],
	[7, 3],
] as const) {
	test(`figure ${number}: the wider bowl is the flatter minimum`, (t) => {
		const [wide, narrow] = [bowl(0.6 * range, range), bowl(0.4 * range, range)];
		const verdict = (small: typeof wide, large: typeof wide) =>
			figure(number).verdict(planes({ "batch size 64": small, "batch size 256": large }), setting);
		t.is(verdict(wide, narrow).borneOut, "yes");
		t.is(verdict(narrow, wide).borneOut, "no");
		t.is(verdict(wide, wide).borneOut, "no");
		// Three times as high and as wide as 0.8: doubles later than the wide bowl, and is at 6 sooner.
		const high = surfaceOf(
			axesOf(wide.grid).x,
			axesOf(wide.grid).y,
			(a, b) => 3 * (1 + (a * a + b * b) / (0.8 * range) ** 2),
		);
		t.is(verdict(wide, high).borneOut, "partly");
		t.regex(verdict(wide, high).because, /, and comes to 6 at /);
	});
}

test("figure 8: the end with the larger curvature is the sharper one", (t) => {
	// The second difference of α⁴ at 1 is above that at 0.
	const line = surfaceOf(axis(-0.5, 1.5, 17), null, (alpha) => alpha ** 4);
	const mirrored = surfaceOf(axis(-0.5, 1.5, 17), null, (alpha) => (1 - alpha) ** 4);
	const verdict = (train: typeof line, test: typeof line) =>
		figure(8).verdict({ ...ways("", 1, 1, 1), train, test }, setting).borneOut;
	t.is(verdict(line, line), "yes");
	t.is(verdict(mirrored, mirrored), "no");
	t.is(verdict(line, mirrored), "partly");
});

test("figure 9: optimisers of one shape don't bear the claim out, of two they do, and the widest is named", (t) => {
	const same = {
		...planes({ sgd: bowl(0.5), momentum: bowl(0.5), adam: bowl(0.5), adadelta: bowl(0.5) }),
		"all trainings": bowl(1),
	};
	t.is(figure(9).verdict(same, setting).borneOut, "no");
	const { borneOut, because } = figure(9).verdict({ ...same, ...planes({ adam: bowl(0.75) }) }, setting);
	t.is(borneOut, "yes");
	t.regex(because, /^adam is the widest/);
	// The same widths around a loss three times as high: what differs may be how far the optimiser has got.
	const high = surfaceOf(axis(-1, 1, 9), axis(-1, 1, 9), (a, b) => 3 * (1 + (a * a + b * b) / 0.75 ** 2));
	t.is(figure(9).verdict({ ...same, ...planes({ adam: high }) }, setting).borneOut, "partly");
});

test("figure 10: widths have to grow from narrow to wide", (t) => {
	const bowls = (widths: readonly number[]) =>
		planes(Object.fromEntries(setting.widths.map((model, i) => [model, bowl(widths[i] ?? 0)])));
	t.is(figure(10).verdict(bowls([0.4, 0.5, 0.6, 0.7]), setting).borneOut, "yes");
	t.is(figure(10).verdict(bowls([0.4, 0.6, 0.5, 0.7]), setting).borneOut, "partly");
	t.is(figure(10).verdict(bowls([0.7, 0.6, 0.5, 0.4]), setting).borneOut, "no");
});

test("figure 11: a bumpy surface is rougher and less convex than a bowl", (t) => {
	const bumpy = surfaceOf(axis(-1, 1, 9), axis(-1, 1, 9), (a, b) => 2 + a * a + b * b + Math.cos(4 * Math.PI * a));
	const verdict = (skip: typeof bumpy, plain: typeof bumpy) =>
		figure(11).verdict(planes({ "resnet-8": skip, "resnet-8-noskip": plain }), setting).borneOut;
	t.is(verdict(bowl(1), bumpy), "yes");
	t.is(verdict(bumpy, bowl(1)), "no");
	// Corners a thousand times as high as the middle, whose bumps are still what the colours show.
	const walled = surfaceOf(
		axesOf(bumpy.grid).x,
		axesOf(bumpy.grid).y,
		(a, b) => 5 * 1000 ** (a ** 8 * b ** 8) + Math.cos(9 * a),
	);
	t.is(verdict(bowl(1), walled), "yes");
});

test("figure 13: no barrier is one below 2 % of the error, on the curve and with neurons in order", (t) => {
	const [narrow, wide] = [setting.widths[0] ?? "", setting.widths.at(-1) ?? ""];
	const verdict = (first: Parameters<typeof ways>, second: Parameters<typeof ways>) =>
		figure(13).verdict({ ...ways(...first), ...ways(...second) }, setting);
	// Right answers fall from 66.7 % to 65.8 %.
	const none = 0.52;
	t.is(verdict([`${narrow}: `, 3, none, none], [`${wide}: `, 3, none, none]).borneOut, "yes");
	t.is(verdict([`${narrow}: `, 3, 3, none], [`${wide}: `, 3, none, none]).borneOut, "partly");
	const { borneOut, because } = verdict([`${narrow}: `, 3, 3, 3], [`${wide}: `, 3, 3, 3]);
	t.is(borneOut, "no");
	// From 1 / (1 + ½) right answers at the ends to 1 / (1 + 3) in the middle.
	t.regex(because, /rises by up to 42 % on the straight line/);
});

/** The networks of figures 14 and 15, best first: each with the width of its bowl, and its loss and accuracy on test data. */
function networksOf(
	setting: Setting,
	plane: (place: number) => ReturnType<typeof bowl>,
	loss = (place: number) => 0.1 + place / 100,
): Surfaces {
	const { sweeps } = figure(14).recipe(setting);
	const labels = Object.keys(sweeps).flatMap((name) =>
		name.endsWith(", itself") ? [name.replace(", itself", "")] : [],
	);
	return Object.fromEntries(
		labels.flatMap((label, place) => [
			...Array.from({ length: setting.planes }, (_, i) => [`${label}, plane ${i + 1}`, plane(place)] as const),
			// Accuracy is 1 / (1 + loss).
			[`${label}, itself`, surfaceOf(axis(0, 0, 1), null, () => loss(place))] as const,
		]),
	);
}

test("figure 14: flat bowls that err less bear the claim out, those that err more don't", (t) => {
	const verdict = (plane: (place: number) => ReturnType<typeof bowl>) =>
		figure(14).verdict(networksOf(setting, plane), setting);
	const { borneOut, because, numbers } = verdict((place) => bowl(0.8 - place / 20));
	t.is(borneOut, "yes");
	t.regex(
		because,
		/^Rank correlations of the test error over 10 networks: 1 with the rise nearby \(p = 5×10⁻⁵\), −1 with the half-width/,
	);
	t.is(numbers.length, 10);
	// An accuracy of 1 / 1.1.
	t.is(numbers[0]?.value[0], "9.09 %");
	t.is(verdict((place) => bowl(0.3 + place / 20)).borneOut, "no");
});

test("figure 14: ten networks without a clear relation are too few to say, and a setting of fewer says so too", (t) => {
	const shuffled = [5, 2, 8, 0, 9, 3, 7, 1, 6, 4];
	const plane = (place: number) => bowl(0.3 + (shuffled[place] ?? 0) / 20);
	const { borneOut, because } = figure(14).verdict(networksOf(setting, plane), setting);
	t.is(borneOut, "open");
	t.regex(because, /so few would not even tell a correlation of 0\.5 from chance\.$/);
});

test("figure 14: many networks without a relation don't bear the claim out", (t) => {
	const many = { ...setting, depths: [8, 14, 20, 26, 32, 38, 44, 50] };
	const { borneOut, because } = figure(14).verdict(
		networksOf(many, (place) => bowl(0.3 + (place % 2 === 0 ? place : 24 - place) / 60)),
		many,
	);
	t.is(borneOut, "no");
	t.regex(because, /over 24 networks/);
	t.notRegex(because, /so few/);
});

test("figure 15: bumpy surfaces around networks of a higher loss bear the claim out, of a lower one don't", (t) => {
	const bumpy = (height: number) =>
		surfaceOf(
			axis(-1, 1, 17),
			axis(-1, 1, 17),
			(a, b) => 3 + a * a + b * b + height * Math.cos(6 * a + 1) * Math.cos(5 * b),
		);
	const verdict = (height: (place: number) => number) =>
		figure(15).verdict(
			networksOf(setting, (place) => bumpy(height(place))),
			setting,
		).borneOut;
	t.is(
		verdict((place) => place / 6),
		"yes",
	);
	t.is(
		verdict((place) => (10 - place) / 6),
		"no",
	);
});

test("figures 14 and 15 take the planes of the figures before them, and each network once", (t) => {
	for (const name of ["quick", "full"] as const) {
		const setting = settingOf(name);
		const known = new Set(
			[6, 9, 10, 11].flatMap((number) =>
				Object.values(figure(number).recipe(setting).sweeps).map((sweep) => canonicalJson(sweep)),
			),
		);
		const { sweeps } = figure(14).recipe(setting);
		const planes = Object.entries(sweeps).filter(([name]) => !name.endsWith(", itself"));
		for (const [name, sweep] of planes) t.true(known.has(canonicalJson(sweep)), name);
		const networks = planes.filter(([name]) => name.endsWith("plane 1")).map(([, { network }]) => networkName(network));
		t.is(new Set(networks).size, networks.length);
		t.is(networks.length, name === "quick" ? 10 : 15);
	}
});

test("verdicts that disagree are borne out in part, unless none bears the claim out and one can't say", (t) => {
	t.is(together("yes", "yes"), "yes");
	t.is(together("yes", "no"), "partly");
	t.is(together("open", "yes"), "partly");
	t.is(together("open", "no"), "open");
	t.is(together("partly", "open"), "partly");
});

test("figure 12: the trap shows where only the unnormalised pictures differ", (t) => {
	const [narrow, wide] = [bowl(0.4), bowl(0.8)];
	const verdict = (none: typeof narrow, filter: typeof narrow) =>
		figure(12).verdict(
			{
				"original, none": wide,
				"rescaled, none": none,
				"original, filter": wide,
				"rescaled, filter": filter,
			},
			setting,
		).borneOut;
	t.not(surfaceDigest(narrow), surfaceDigest(wide));
	t.is(verdict(narrow, wide), "yes");
	t.is(verdict(wide, narrow), "no");
	t.is(verdict(narrow, narrow), "partly");
});
