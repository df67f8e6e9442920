/** What draws, loaded when there is something to draw: fonts, colours and encoders are a tenth of a second of a start. */
import type { Surface } from "../surface/surface.js";
import type { CompareOptions, NamedSurface } from "./comparison.js";
import type { renderEnsemble as drawEnsemble } from "./ensemble.js";
import type { RenderOptions } from "./options.js";
import type { Picture } from "./picture.js";
import type { PreviewOptions } from "./pictures/preview.js";
import type { renderTraining as drawTraining } from "./pictures/training.js";
import type { drawTopology as drawTopologyOf } from "./topology.js";

/**
 * Draws every picture of a surface; see `isoloss/render`.
 *
 * @throws {OptionError} for options that can't be drawn
 */
export async function render(surface: Surface, options: RenderOptions = {}): Promise<Picture[]> {
	return (await import("./index.js")).render(surface, options);
}

/**
 * Draws surfaces side by side; see `isoloss/render`.
 *
 * @throws {OptionError} for surfaces that can't be compared
 */
export async function compare(surfaces: readonly NamedSurface[], options: CompareOptions = {}): Promise<Picture[]> {
	return (await import("./index.js")).compare(surfaces, options);
}

/**
 * Draws an ensemble of surfaces and their mean; see `isoloss/render`.
 *
 * @throws {OptionError} for options that can't be drawn
 */
export async function renderEnsemble(...given: Parameters<typeof drawEnsemble>): ReturnType<typeof drawEnsemble> {
	return (await import("./index.js")).renderEnsemble(...given);
}

/**
 * Draws a small picture of a surface for a terminal; see `isoloss/render`.
 *
 * @throws {OptionError} for options that can't be drawn
 */
export async function preview(surface: Surface, options: PreviewOptions): Promise<string[]> {
	return (await import("./pictures/preview.js")).preview(surface, options);
}

/** Draws the curves of a training. */
export async function renderTraining(...given: Parameters<typeof drawTraining>): ReturnType<typeof drawTraining> {
	return (await import("./pictures/training.js")).renderTraining(...given);
}

/**
 * Draws the minima of a surface: `barcode`, `merge-tree` and, of a plane, `basins`, each as SVG and PNG where no other formats are asked for.
 *
 * @throws {OptionError} for options that can't be drawn
 */
export async function drawTopology(...given: Parameters<typeof drawTopologyOf>): ReturnType<typeof drawTopologyOf> {
	return (await import("./topology.js")).drawTopology(...given);
}
