import { type Check, checkCall, isListOf, isNumber, isPerhaps, isText } from "../check/values.js";
import { OptionError } from "../errors.js";
import { parameterLayout, statisticsLayout } from "../network/parameters.js";
import { resolveAgain } from "../resolve/again.js";
import { formState } from "../section/section.js";
import { checkSurface, type Surface } from "../surface/surface.js";
import { formatTensors, tensorsOf } from "./tensor-files.js";

export interface ExportParametersOptions {
	/** A place of the line or plane, α or α and β; the origin where nothing is said. */
	readonly at?: readonly number[];
}

const checks = { at: isPerhaps(isListOf(isNumber, 1)) } satisfies Record<keyof ExportParametersOptions, Check>;

/**
 * The parameters and running statistics that a run was evaluated with at a place, θ = fround(θ0 + α·δ + β·η), as the contents of a file
 * (.npz, .safetensors) in PyTorch's names, shapes and order, so that anyone can check the value there. Where statistics of batch
 * normalisation are of each point's own data they are not these.
 *
 * @throws {OptionError} when the run does not say what it was made of, or has another number of coordinates
 * @throws {RunMismatchError} when networks or data have changed since
 */
export async function exportParameters(
	surface: Surface,
	path: string,
	options: ExportParametersOptions = {},
): Promise<Uint8Array> {
	checkSurface("surface", surface);
	isText("path", path);
	checkCall(options, checks);
	const { axes } = surface.grid;
	const { at = axes.map(() => 0) } = options;
	if (at.length !== axes.length)
		throw new OptionError(
			"at",
			`expected ${axes.length === 1 ? "one number, α" : "two numbers, α,β"}, got ${at.length}`,
		);
	const { problem } = await resolveAgain(surface);
	const { section, graph } = problem;
	const layouts = { parameters: parameterLayout(graph), statistics: statisticsLayout(graph) };
	const state = {
		parameters: new Float32Array(layouts.parameters.length),
		statistics: new Float32Array(layouts.statistics.length),
	};
	formState(state, section, at);
	return formatTensors(path, {
		tensors: new Map([
			...tensorsOf(state.parameters, layouts.parameters),
			...tensorsOf(state.statistics, layouts.statistics),
		]),
		metadata: { format: "pt", model: graph.name, at: at.join(","), isoloss: surface.provenance.version },
	});
}
