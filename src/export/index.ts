/** Surfaces as other programs read them: one file and one line a format, open to users. */
import { OptionError } from "../errors.js";
import { checkSurface, type Surface } from "../surface/surface.js";
import { formatCsv } from "./csv.js";
import type { Exporter } from "./exporter.js";
import { formatSurfaceHdf5 } from "./hdf5.js";
import { formatSurfaceJson } from "./json.js";
import { formatSurfaceNpz } from "./npz.js";
import { formatObj } from "./obj.js";
import { formatPgfplots } from "./pgfplots.js";
import { formatVtp } from "./vtp.js";
import { formatVts } from "./vts.js";

export { formatCsv } from "./csv.js";
export type { Exporter } from "./exporter.js";
export { formatMeasures, type MeasuredSurface } from "./measures.js";
export { formatPairs } from "./pairs.js";

/** Every exporter there is; a new one is a file of its own and a line here. */
const exporters: Exporter[] = [
	{ name: "table", ending: ".csv", grids: ["regular"], format: formatCsv },
	{ name: "pgfplots", ending: ".tex", grids: ["regular"], format: formatPgfplots },
	{ name: "NumPy", ending: ".npz", grids: ["regular"], format: formatSurfaceNpz },
	{ name: "HDF5 of the reference code", ending: ".h5", grids: ["regular"], format: formatSurfaceHdf5 },
	{ name: "JSON", ending: ".json", grids: ["regular"], format: formatSurfaceJson },
	{ name: "structured grid of VTK", ending: ".vts", grids: ["regular"], format: formatVts },
	{ name: "polygons of VTK", ending: ".vtp", grids: ["regular"], format: formatVtp },
	{ name: "Wavefront", ending: ".obj", grids: ["regular"], format: formatObj },
];

/**
 * Makes an exporter the one for its ending.
 *
 * @throws {OptionError} when its ending is none
 */
export function registerExporter(exporter: Exporter): void {
	if (!/^\.[^A-Z/]+$/.test(exporter.ending))
		throw new OptionError("ending", `expected one in lower case with its dot, got "${exporter.ending}"`);
	exporters.unshift(exporter);
}

/**
 * A surface as the contents of a file, by the ending of its name.
 *
 * @throws {OptionError} naming the endings there are, or when the format can't hold a grid of that kind
 */
export async function exportSurface(surface: Surface, path: string): Promise<string | Uint8Array> {
	checkSurface("surface", surface);
	const exporter = exporters.find(({ ending }) => path.toLowerCase().endsWith(ending));
	if (exporter === undefined)
		throw new OptionError("path", `expected a name that ends in ${endings().join(", ")}, got "${path}"`);
	if (!exporter.grids.includes(surface.grid.kind))
		throw new OptionError("path", `${exporter.ending} can't hold a ${surface.grid.kind} grid`);
	return exporter.format(surface);
}

function endings(): string[] {
	return [...new Set(exporters.map(({ ending }) => ending))];
}
