import { coordinatesOf } from "../surface/grid.js";
import type { Surface } from "../surface/surface.js";
import type { Topology } from "../topology/topology.js";

const header = [
	...["kind", "number", "birth", "death", "alpha", "beta", "saddle_alpha", "saddle_beta"],
	...["persistence", "threshold", "significant", "essential", "border", "into", "basin_area"],
];

/**
 * The pairs of a surface's topology as text for spreadsheets: a header, then a line for each minimum and maximum, the most persistent of
 * its kind first and numbered from 1; `into` is the number of the one that it becomes part of. Of essential ones the saddle is the highest
 * (lowest) point. Numbers have all their digits; what there is not, such as β on a line, is an empty field.
 */
export function formatPairs({ grid }: Pick<Surface, "grid">, { minima, maxima, basinAreas }: Topology): string {
	const rows = [minima, maxima].flatMap((pairs) =>
		pairs.map((pair, i) => {
			const { kind, birth, death, persistence, threshold, significant, essential, border, into } = pair;
			const [alpha = 0, beta = ""] = coordinatesOf(grid, pair.point);
			const [saddleAlpha = 0, saddleBeta = ""] = coordinatesOf(grid, pair.end);
			return [
				...[kind, i + 1, birth, death, alpha, beta, saddleAlpha, saddleBeta],
				...[persistence, threshold, significant, essential, border, into === null ? "" : into + 1],
				kind === "minimum" ? (basinAreas[i] ?? "") : "",
			];
		}),
	);
	return `${[header, ...rows].map((row) => row.join(",")).join("\n")}\n`;
}
