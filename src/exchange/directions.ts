import { isText } from "../check/values.js";
import { OptionError } from "../errors.js";
import { directionGroups, prefixes } from "../formats/directions.js";
import type { Hdf5Array } from "../formats/format-hdf5.js";
import { type Layout, parameterLayout, statisticsLayout } from "../network/parameters.js";
import { resolveAgain } from "../resolve/again.js";
import { movesStatistics } from "../section/section.js";
import { inMemory, type Vector } from "../section/vector.js";
import { surfaceDigest } from "../surface/digest.js";
import { checkSurface, type Surface } from "../surface/surface.js";
import { allPaths } from "../surface/trajectory.js";
import { formatTensors, type Tensor, tensorsOf } from "./tensor-files.js";

/**
 * The directions of a run as the contents of a file, drawn again from what it was made of: `x/NAME` and `y/NAME` in PyTorch's names, shapes
 * and order (.npz, .safetensors), or as the reference code has them (.h5: `xdirection/0`, `xdirection/1`, ..., each with its name as an
 * attribute; of principal components their shares of variance). Tensors are float32, or float64 where the direction is the difference of
 * two networks. Running statistics go along in the first two where they move.
 *
 * @throws {OptionError} when the run does not say what it was made of, or goes along a curve
 * @throws {RunMismatchError} when networks or data have changed since
 */
export async function exportDirections(surface: Surface, path: string): Promise<Uint8Array> {
	checkSurface("surface", surface);
	isText("path", path);
	const { problem } = await resolveAgain(surface);
	const { section, graph } = problem;
	if (section.weighting !== "affine")
		throw new OptionError("run", "expected a straight line or a plane, got a curve, which has no directions");
	const layouts = { parameters: parameterLayout(graph), statistics: statisticsLayout(graph) };
	const vectors = section.vectors.map(inMemory);
	const tensors = new Map<string, Tensor>();
	for (const [axis, prefix] of prefixes.entries()) {
		const direction = vectors[axis + 1];
		if (direction === undefined) continue;
		const moved = movesStatistics(section) ? section.statistics[axis + 1] : undefined;
		for (const [name, tensor] of tensorsOf(direction, layouts.parameters, prefix)) tensors.set(name, tensor);
		if (moved === undefined) continue;
		for (const [name, tensor] of tensorsOf(moved, layouts.statistics, prefix)) tensors.set(name, tensor);
	}
	const metadata = { model: graph.name, directionsOf: surfaceDigest(surface), isoloss: surface.provenance.version };
	const datasets = referenceDatasets(vectors.slice(1), layouts.parameters, surface);
	return formatTensors(path, { tensors, metadata, datasets });
}

function referenceDatasets(
	directions: readonly Vector[],
	layout: Layout,
	{ trajectories }: Surface,
): ReadonlyMap<string, Hdf5Array> {
	const datasets = new Map<string, Hdf5Array>();
	for (const [axis, group] of directionGroups.entries()) {
		const direction = directions[axis];
		if (direction === undefined) continue;
		for (const [i, [name, tensor]] of tensorsOf(direction, layout).entries())
			datasets.set(`${group}/${i}`, { ...tensor, attributes: { name } });
	}
	const principal = trajectories?.principal;
	if (trajectories === undefined || principal === undefined || principal === null) return datasets;
	// scikit-learn, which the reference code takes them from, divides by one less than there are networks.
	const networks = allPaths(trajectories).reduce((sum, { points }) => sum + points.length, 0);
	const two = (name: string, values: readonly number[]) =>
		datasets.set(name, { shape: [2], values: Float64Array.from(values.slice(0, 2)) });
	two("explained_variance_ratio_", principal.explainedVariance);
	two("singular_values_", principal.singularValues);
	two(
		"explained_variance_",
		principal.singularValues.map((value) => (value * value) / (networks - 1)),
	);
	return datasets;
}
