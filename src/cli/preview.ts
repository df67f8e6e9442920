import { type PictureOptions, preview, type Surface } from "../index.js";

/** Where a terminal does not say how wide it is. */
const USUAL_COLUMNS = 80;

/**
 * Prints a small picture of a surface where standard output is a terminal that obeys codes; in the colours that it has, or in none where
 * `NO_COLOR` is set.
 */
export async function printPreview(surface: Surface, options: PictureOptions): Promise<void> {
	const { stdout } = process;
	if (!stdout.isTTY || process.env.TERM === "dumb") return;
	const depth = process.env.NO_COLOR ? 1 : stdout.getColorDepth();
	const lines = await preview(surface, {
		...options,
		// In the last column some terminals break the line already.
		columns: Math.max(20, (stdout.columns || USUAL_COLUMNS) - 1),
		colours: depth >= 24 ? "all" : depth >= 8 ? "256" : "none",
	});
	if (lines.length > 0) console.log(lines.join("\n"));
}
