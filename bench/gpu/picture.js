/** Points a second against the size of the network, both in logarithms, as SVG; with where a GPU overtakes isoloss. */

/** Colours that people tell apart whatever their eyes. @see Okabe and Ito 2008, Color Universal Design */
const colours = {
	isoloss: "#0072b2",
	"TensorFlow.js wasm, stock": "#666666",
	"onnxruntime-node": "#009e73",
	"TensorFlow.js WebGL": "#e69f00",
	"TensorFlow.js WebGPU": "#d55e00",
	"onnxruntime-web WebGPU": "#cc79a7",
};

const [WIDTH, HEIGHT] = [980, 600];
const frame = { left: 74, right: 716, top: 84, bottom: 530 };

/**
 * Where each GPU's line crosses that of isoloss on all threads, straight between the networks as they are drawn.
 *
 * @returns for each GPU that was measured: in words, and the place where it comes to lie above, if it does between two networks
 */
export function crossingsOf(series) {
	const ours = series.find(({ isOurs }) => isOurs)?.points ?? [];
	return series
		.filter(({ isGpu, points }) => isGpu && points.length > 0)
		.map(({ name, isSoftware, points }) => {
			const { words, place } = crossing(points, ours);
			return { words: `${name}${isSoftware ? " (software)" : ""} ${words}`, place };
		});
}

function crossing(points, ours) {
	const both = points.flatMap((point) => {
		const own = ours.find(({ network, x }) => network === point.network && x === point.x);
		return own === undefined ? [] : [{ ...point, lead: Math.log(point.y / own.y) }];
	});
	if (both.length === 0) return { words: "has no figure of isoloss beside it" };
	const first = both.findIndex(({ lead }) => lead > 0);
	if (first < 0) {
		const ends = [Math.max, Math.min].map((of) => of(...both.map(({ lead }) => lead)));
		const times = new Set(ends.map((lead) => Number(Math.exp(-lead).toPrecision(2))));
		return { words: `overtakes isoloss nowhere here: a point takes it ${[...times].join(" to ")} times as long` };
	}
	const later = both.slice(first).some(({ lead }) => lead <= 0) ? ", and falls behind again" : "";
	if (first === 0) return { words: `is ahead of isoloss from ${both[0].network} on${later}` };
	const [before, after] = [both[first - 1], both[first]];
	const share = before.lead / (before.lead - after.lead);
	const between = (from, to) => Math.exp(Math.log(from) + share * (Math.log(to) - Math.log(from)));
	const place = { x: between(before.x, after.x), y: between(before.y, after.y) };
	const words = `overtakes isoloss at ${short(place.x)} multiply-adds a point, between ${before.network} and ${after.network}${later}`;
	return { words, place };
}

export function drawPicture(series, crossings) {
	const drawn = series.filter(({ points }) => points.length > 0);
	const all = drawn.flatMap(({ points }) => points);
	if (all.length === 0) return "";
	const x = logarithmic(
		all.map((point) => point.x),
		frame.left,
		frame.right,
	);
	const y = logarithmic(
		all.map((point) => point.y),
		frame.bottom,
		frame.top,
	);
	const names = new Map(all.map((point) => [point.network, point.x]));
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Points a second against multiply-adds a point" font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="13">`,
		`<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
		...x.ticks.map((tick) => vertical(x.at(tick), tick)),
		...y.ticks.map((tick) => horizontal(y.at(tick), tick)),
		...networkLabels(
			[...names].toSorted(([, a], [, b]) => a - b),
			x,
		),
		`<path d="M${frame.left} ${frame.top}V${frame.bottom}H${frame.right}" fill="none" stroke="#333"/>`,
		`<text x="${(frame.left + frame.right) / 2}" y="${frame.bottom + 46}" text-anchor="middle">multiply-adds a point (of one sample, times samples)</text>`,
		`<text transform="translate(20 ${(frame.top + frame.bottom) / 2}) rotate(-90)" text-anchor="middle">points a second</text>`,
		...drawn.map((one) => line(one, x, y)),
		...crossings.filter(({ place }) => place).map(({ place }) => ring(x.at(place.x), y.at(place.y))),
		...endLabels(drawn, y),
		"</svg>",
	].join("\n");
}

/** A scale that holds all values with some room, and its powers of ten. */
function logarithmic(values, from, to) {
	const [low, high] = [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))];
	const room = Math.max(0.12, (high - low) * 0.04);
	const [least, most] = [low - room, high + room];
	const first = Math.ceil(least);
	return {
		at: (value) => from + ((Math.log10(value) - least) / (most - least)) * (to - from),
		ticks: Array.from({ length: Math.floor(most) - first + 1 }, (_, i) => 10 ** (first + i)),
	};
}

const vertical = (at, value) =>
	`<path d="M${px(at)} ${frame.top}V${frame.bottom}" stroke="#eee"/><text x="${px(at)}" y="${frame.bottom + 20}" text-anchor="middle" fill="#333">${short(value)}</text>`;

const horizontal = (at, value) =>
	`<path d="M${frame.left} ${px(at)}H${frame.right}" stroke="#eee"/><text x="${frame.left - 8}" y="${px(at + 4)}" text-anchor="end" fill="#333">${short(value)}</text>`;

/** The networks above the frame, in two rows where they lie close. */
function networkLabels(networks, x) {
	let [last, row] = [Number.NEGATIVE_INFINITY, 0];
	return networks.map(([name, work]) => {
		const at = x.at(work);
		const [network, ...samples] = name.split(", ");
		row = at - last < 110 ? 1 - row : 0;
		last = at;
		const top = frame.top - 12 - 34 * row;
		return `<path d="M${px(at)} ${top + 4}V${frame.bottom}" stroke="#bbb" stroke-dasharray="1 3"/><text x="${px(at)}" y="${top - 14}" text-anchor="middle"><tspan font-weight="600">${escaped(network)}</tspan><tspan x="${px(at)}" dy="14" fill="#555" font-size="11">${escaped(samples.join(", "))}</tspan></text>`;
	});
}

function styleOf({ family, name, isOurs, isSoftware }) {
	// Of the same engine on one thread and on all, the latter is drawn full.
	const isFew = / 1 thread$/.test(name) && family !== "TensorFlow.js wasm, stock";
	const width = isOurs ? 3 : 1.8;
	return { colour: colours[family] ?? "#000", width, opacity: isFew ? 0.5 : 1, dashes: isSoftware ? "6 4" : "none" };
}

function line(one, x, y) {
	const { colour, width, opacity, dashes } = styleOf(one);
	const places = one.points.map((point) => [x.at(point.x), y.at(point.y)].map(px));
	const dots = places.map(([cx, cy]) =>
		one.isGpu
			? `<rect x="${cx - 4}" y="${cy - 4}" width="8" height="8" fill="#fff" stroke="${colour}" stroke-width="2"/>`
			: `<circle cx="${cx}" cy="${cy}" r="4" fill="${colour}"/>`,
	);
	return `<g opacity="${opacity}"><polyline points="${places.map(String).join(" ")}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-dasharray="${dashes}" stroke-linejoin="round"/>${dots.join("")}</g>`;
}

const ring = (x, y) =>
	`<circle cx="${px(x)}" cy="${px(y)}" r="9" fill="none" stroke="#000" stroke-width="1.5"/><text x="${px(x)}" y="${px(y - 14)}" text-anchor="middle" font-size="11">overtakes</text>`;

/** Names at the ends of the lines, pushed apart where they would lie on each other. */
function endLabels(drawn, y) {
	const STEP = 17;
	const labels = drawn
		.map((one) => ({ one, end: one.points.at(-1), at: y.at(one.points.at(-1).y) }))
		.toSorted((a, b) => a.at - b.at)
		.map((label) => ({ ...label, place: label.at }));
	for (let i = 1; i < labels.length; i++) labels[i].place = Math.max(labels[i].place, labels[i - 1].place + STEP);
	const over = Math.max(0, (labels.at(-1)?.place ?? 0) - frame.bottom);
	for (let i = labels.length - 1; i >= 0; i--) {
		const limit = i === labels.length - 1 ? labels[i].place - over : labels[i + 1].place - STEP;
		labels[i].place = Math.min(labels[i].place, limit);
	}
	return labels.map(({ one, at, place }) => {
		const { colour, opacity } = styleOf(one);
		const words = `${one.name}${one.isSoftware ? " (software)" : ""}`;
		return `<path d="M${frame.right + 2} ${px(at)}L${frame.right + 14} ${px(place)}" stroke="${colour}" opacity="${opacity}"/><text x="${frame.right + 18}" y="${px(place + 4)}" fill="${colour}" ${one.isOurs ? 'font-weight="700"' : ""} opacity="${Math.max(opacity, 0.8)}">${escaped(words)}</text>`;
	});
}

const px = (value) => Math.round(value * 10) / 10;

const rounded = (value) => String(Number(value.toPrecision(3)));

/** 1.2 M for 1,200,000. */
export function short(value) {
	for (const [size, letter] of [
		[1e12, " T"],
		[1e9, " G"],
		[1e6, " M"],
		[1e3, " k"],
	])
		if (value >= size) return `${rounded(value / size)}${letter}`;
	return rounded(value);
}

export const escaped = (text) =>
	String(text).replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
