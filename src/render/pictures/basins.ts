import { axesOf, axisValues, cellOf, cellsOf, coordinatesOf, type Grid } from "../../surface/grid.js";
import { significantOf } from "../../topology/topology.js";
import { interpolationNote } from "../parts/caption.js";
import type { LegendEntry } from "../parts/figure.js";
import type { Frame } from "../parts/frame.js";
import { type Mark, networkMarks } from "../parts/marks.js";
import { planeFigure } from "../parts/plane-figure.js";
import { round } from "../parts/text.js";
import { ink } from "../parts/theme.js";
import type { Drawing } from "../picture.js";
import { contourMap } from "./contour.js";
import { drawnTopology, type TopologyFigure } from "./topology-figure.js";

/** Of more minima than these numbers would hide the lines. */
const MOST_NUMBERS = 15;

/**
 * Contour lines of a plane with its significant minima, the saddles at which they meet, and the borders of their basins; what is not
 * significant counts as part of what it meets. Null for a line.
 */
export async function basins(figure: TopologyFigure): Promise<Drawing | null> {
	const { surface, topology, width = 600, look } = figure;
	if (surface.grid.axes.length === 1) return null;
	const { of, minima, title, description, foot } = drawnTopology(figure);
	const { grid } = surface;
	const significant = minima.filter((pair) => pair.significant);
	const marks: Mark[] = significant.map(({ point, name }, i) => {
		const [alpha = 0, beta = 0] = coordinatesOf(grid, point);
		return { alpha, beta, label: i < MOST_NUMBERS ? name : "" };
	});
	const options = { ...look, marks: [...(networkMarks(surface) ?? []), ...marks] };
	const { draw, ...map } = contourMap(surface, topology.field, options);
	const owners = significantOf(topology.minima);
	const owner = Int32Array.from(topology.basins, (basin) => (basin < 0 ? -1 : (owners[basin] ?? -1)));
	const saddles = significant.filter(({ essential, death }) => !essential && Number.isFinite(death));
	const legend: LegendEntry[] = [
		...(significant.length > 0 ? [{ label: "significant minimum", symbol: dot }] : []),
		...(saddles.length > 0 ? [{ label: "saddle at which it meets a lower one", symbol: saddle }] : []),
		...(new Set(owner).size > 1 ? [{ label: "border of its basin", symbol: borderSymbol }] : []),
	];
	const svg = await planeFigure({
		...map,
		...{ title, width, look },
		axisLabels: surface.provenance.axisLabels,
		description: `Contour lines and basins: ${description}`,
		foot: [[foot, ...interpolationNote(of, true)].join(" · ")],
		legend: [...map.legend, ...legend, ...map.noValueLegend],
		panels: [
			{
				draw: (frame) =>
					[
						drawBorders(grid, owner, frame),
						...saddles.map(({ end }) => {
							const [alpha = 0, beta = 0] = coordinatesOf(grid, end);
							return saddle(frame.toX(alpha), frame.toY(beta));
						}),
						// Last, so that numbers stand over saddles.
						draw(frame),
					].join("\n"),
			},
		],
	});
	return { svg, title, description };
}

function dot(x: number, y: number): string {
	return `<circle cx="${round(x)}" cy="${round(y)}" r="3.6" fill="${ink.halo}" stroke="${ink.mark}" stroke-width="1.3"/>`;
}

function saddle(x: number, y: number): string {
	const shape = `d="M${round(x - 3.5)} ${round(y - 3.5)}l7 7m0 -7l-7 7"`;
	return `<path ${shape} fill="none" stroke="${ink.halo}" stroke-width="3.6" stroke-linecap="round"/><path ${shape} fill="none" stroke="${ink.mark}" stroke-width="1.5"/>`;
}

function borderSymbol(x: number, y: number): string {
	return borderPath(`M${round(x - 9)} ${round(y)}h18`);
}

function borderPath(data: string): string {
	return `<path d="${data}" fill="none" stroke="${ink.faint}" stroke-width="1.5" stroke-dasharray="5 3.5" stroke-linejoin="round"/>`;
}

/** Half-way between points of unlike basins, across the triangles that the grid is made of; where three meet, from its middle. */
function drawBorders(grid: Grid, owner: Int32Array, frame: Frame): string {
	const { x, y } = axesOf(grid);
	const [alphas, betas] = [axisValues(x), axisValues(y)];
	const place = (point: number): readonly [number, number] => {
		const { column, row } = cellOf(grid, point);
		return [frame.toX(alphas[column] ?? 0), frame.toY(betas[row] ?? 0)];
	};
	const middle = (...points: readonly number[]): string => {
		const places = points.map(place);
		const mean = (axis: 0 | 1) => places.reduce((sum, each) => sum + each[axis], 0) / places.length;
		return `${round(mean(0))} ${round(mean(1))}`;
	};
	let data = "";
	for (const [low, right, far, up] of cellsOf(grid)) {
		for (const corners of [
			[low, right, far],
			[low, far, up],
		] as const) {
			const [a, b, c] = corners.map((point) => owner[point] ?? -1) as [number, number, number];
			if (Math.min(a, b, c) < 0 || (a === b && b === c)) continue;
			const [one, two, three] = corners;
			const crossed = [
				...(a === b ? [] : [middle(one, two)]),
				...(b === c ? [] : [middle(two, three)]),
				...(c === a ? [] : [middle(three, one)]),
			];
			if (crossed.length === 2) data += `M${crossed.join("L")}`;
			else for (const edge of crossed) data += `M${edge}L${middle(one, two, three)}`;
		}
	}
	return data === "" ? "" : borderPath(joined(data));
}

/** Pieces that meet end to end as lines, so that dashes run on. */
function joined(data: string): string {
	const pieces = data
		.split("M")
		.slice(1)
		.map((piece) => piece.split("L") as [string, string]);
	const at = new Map<string, number[]>();
	for (const [i, ends] of pieces.entries()) for (const end of ends) at.set(end, [...(at.get(end) ?? []), i]);
	const left = new Set(pieces.keys());
	const follow = (from: string): string[] => {
		const line = [from];
		for (let end = from; ; ) {
			const next = (at.get(end) ?? []).find((i) => left.has(i));
			const piece = next === undefined ? undefined : pieces[next];
			if (next === undefined || piece === undefined) return line;
			left.delete(next);
			end = piece[0] === end ? piece[1] : piece[0];
			line.push(end);
			// Where three borders meet none goes on.
			if ((at.get(end)?.length ?? 0) > 2) return line;
		}
	};
	const starts = [...at]
		.filter(([, touching]) => touching.length !== 2)
		.flatMap(([end, touching]) => touching.map(() => end));
	const lines: string[][] = [];
	for (const start of [...starts, ...at.keys()]) {
		const line = follow(start);
		if (line.length > 1) lines.push(line);
	}
	return lines.map((line) => `M${line.join("L")}`).join("");
}
