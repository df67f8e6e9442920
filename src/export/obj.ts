import { checkSurface, type Surface } from "../surface/surface.js";
import { meshOf, positionOf } from "./mesh.js";

/**
 * A surface as a mesh of Wavefront, for Blender and the like: a vertex a point (α, β, value of the first field), a quad a cell, pieces of
 * a line. Where a value is missing or not finite there is a hole.
 *
 * @see http://paulbourke.net/dataformats/obj/
 */
export function formatObj(surface: Surface): string {
	checkSurface("surface", surface);
	const { points, cells } = meshOf(surface);
	const { caption, version, plan } = surface.provenance;
	const kind = surface.grid.axes.length === 1 ? "l" : "f";
	return [
		`# ${[...caption, `isoloss ${version}`].join(" · ").replaceAll(/\s/g, " ")}`,
		`o ${plan.model.replaceAll(/\s/g, "-")}`,
		...points.map((point) => `v ${positionOf(surface, point).join(" ")}`),
		// Vertices are counted from 1.
		...cells.map((corners) => `${kind} ${corners.map((corner) => corner + 1).join(" ")}`),
		"",
	].join("\n");
}
