import type { Grid } from "../surface/grid.js";
import type { Surface } from "../surface/surface.js";

/** How a surface is written for other programs. */
export interface Exporter {
	readonly name: string;
	/** How its files' names end, in lower case with the dot. */
	readonly ending: string;
	/** The kinds of grids that it can write. */
	readonly grids: readonly Grid["kind"][];
	format(surface: Surface): string | Uint8Array | Promise<string | Uint8Array>;
}
