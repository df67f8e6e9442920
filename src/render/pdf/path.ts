import { real } from "./objects.js";

/** A circle's share of its radius by which the handles of a quarter stand out. */
const KAPPA = 0.5522847498307936;

/** How many numbers each command of SVG path data takes. */
const TAKES: Readonly<Record<string, number>> = { M: 2, L: 2, H: 1, V: 1, Q: 4, C: 6, A: 7, Z: 0 };

/** SVG path data as the operators of PDF; arcs, which it has none of, as curves. */
export function pathOperators(data: string): string {
	const tokens = data.match(/[a-zA-Z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/g) ?? [];
	const out: string[] = [];
	let command = "";
	let [x, y, startX, startY] = [0, 0, 0, 0];
	let at = 0;
	while (at < tokens.length) {
		if (/[a-zA-Z]/.test(tokens[at] ?? "")) command = tokens[at++] ?? "";
		const kind = command.toUpperCase();
		const takes = TAKES[kind];
		if (takes === undefined) throw new TypeError(`path data with ${command}`);
		const numbers = tokens.slice(at, at + takes).map(Number);
		at += takes;
		const isRelative = command !== kind;
		const [baseX, baseY] = isRelative ? [x, y] : [0, 0];
		const point = (i: number): [number, number] => [baseX + (numbers[i] ?? 0), baseY + (numbers[i + 1] ?? 0)];
		const lineTo = (toX: number, toY: number) => {
			out.push(`${real(toX)} ${real(toY)} l`);
			[x, y] = [toX, toY];
		};
		const curveTo = (...points: readonly (readonly [number, number])[]) => {
			out.push(`${points.map(([px, py]) => `${real(px)} ${real(py)}`).join(" ")} c`);
			[x, y] = points.at(-1) ?? [x, y];
		};
		if (kind === "Z") {
			out.push("h");
			[x, y] = [startX, startY];
		} else if (kind === "M") {
			[x, y] = point(0);
			[startX, startY] = [x, y];
			out.push(`${real(x)} ${real(y)} m`);
			// Further pairs are lines.
			command = isRelative ? "l" : "L";
		} else if (kind === "L") lineTo(...point(0));
		else if (kind === "H") lineTo(baseX + (numbers[0] ?? 0), y);
		else if (kind === "V") lineTo(x, baseY + (numbers[0] ?? 0));
		else if (kind === "C") curveTo(point(0), point(2), point(4));
		else if (kind === "Q") {
			const [[cx, cy], [toX, toY]] = [point(0), point(2)];
			curveTo(
				[x + (2 / 3) * (cx - x), y + (2 / 3) * (cy - y)],
				[toX + (2 / 3) * (cx - toX), toY + (2 / 3) * (cy - toY)],
				[toX, toY],
			);
		} else {
			const radius = numbers[0] ?? 0;
			const [toX, toY] = point(5);
			for (const curve of arc([x, y], [toX, toY], radius, numbers[3] === 1, numbers[4] === 1)) curveTo(...curve);
		}
	}
	return out.join("\n");
}

type Point = readonly [number, number];

/** An arc of a circle as curves of a quarter at most (SVG 1.1, appendix F.6, for one radius). */
function arc([x0, y0]: Point, [x1, y1]: Point, radius: number, isLarge: boolean, sweeps: boolean): Point[][] {
	const [halfX, halfY] = [(x1 - x0) / 2, (y1 - y0) / 2];
	const half = Math.hypot(halfX, halfY);
	if (half === 0) return [];
	const r = Math.max(radius, half);
	const away = (isLarge === sweeps ? -1 : 1) * Math.sqrt(Math.max(0, r * r - half * half));
	const [cx, cy] = [x0 + halfX - (halfY / half) * away, y0 + halfY + (halfX / half) * away];
	const from = Math.atan2(y0 - cy, x0 - cx);
	let turn = Math.atan2(y1 - cy, x1 - cx) - from;
	if (sweeps && turn < 0) turn += 2 * Math.PI;
	if (!sweeps && turn > 0) turn -= 2 * Math.PI;
	const pieces = Math.ceil(Math.abs(turn) / (Math.PI / 2) - 1e-9);
	const step = turn / pieces;
	const handle = (4 / 3) * Math.tan(step / 4) * r;
	return Array.from({ length: pieces }, (_, i) => {
		const [a, b] = [from + i * step, from + (i + 1) * step];
		const on = (angle: number): [number, number] => [cx + r * Math.cos(angle), cy + r * Math.sin(angle)];
		const [[ax, ay], [bx, by]] = [on(a), on(b)];
		return [
			[ax - handle * Math.sin(a), ay + handle * Math.cos(a)],
			[bx + handle * Math.sin(b), by - handle * Math.cos(b)],
			[bx, by],
		];
	});
}

export function rectOperators(x: number, y: number, width: number, height: number): string {
	return `${[x, y, width, height].map(real).join(" ")} re`;
}

/** A circle as four curves, which leave it by less than a 3000th of its radius. */
export function circleOperators(x: number, y: number, radius: number): string {
	const k = KAPPA * radius;
	const curve = (...numbers: number[]) => `${numbers.map(real).join(" ")} c`;
	const [left, right, top, bottom] = [x - radius, x + radius, y - radius, y + radius];
	return [
		`${real(right)} ${real(y)} m`,
		curve(right, y + k, x + k, bottom, x, bottom),
		curve(x - k, bottom, left, y + k, left, y),
		curve(left, y - k, x - k, top, x, top),
		curve(x + k, top, right, y - k, right, y),
		"h",
	].join("\n");
}
