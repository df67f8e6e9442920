import type { Dataset } from "../data/dataset.js";
import { GraphError, LayoutMismatchError } from "../errors.js";
import type { NetworkOptions } from "../formats/index.js";
import type { Graph } from "../network/graph.js";
import { inferShapes } from "../network/infer-shapes.js";
import type { Network } from "../network/network.js";
import { type Objective, suitObjective, type Wishes } from "../objective/suit.js";
import { targetsOf } from "../objective/targets.js";
import { defaults } from "../options/plane/index.js";
import { loadModel, type Reading } from "./network.js";
import { wishesOf } from "./objective.js";
import type { SweepRequest } from "./request.js";

/** A network up to one of its outputs, and how well the targets suit it: the less the better. */
interface Candidate {
	readonly name: string;
	readonly network: Network;
	readonly rank: number;
}

/**
 * The network up to the output that fits the targets best, where it has several and none is asked for: one that tells apart as
 * many classes as there are before one that only could, the first of equals.
 */
export async function chooseOutput(
	network: Network,
	data: Dataset,
	request: SweepRequest,
	options: Reading,
): Promise<Network> {
	const { outputs = [] } = network;
	if (outputs.length < 2 || request.output !== undefined || request.network !== undefined) return network;
	const { model = defaults.model, weights } = request;
	const wishes = await wishesOf(request);
	// What of the weights was assumed has been said already; what is open in the file is closed as before.
	const { assume: _, ...rest } = options;
	const again = { ...rest, ...ownShapes(network.graph) };
	const candidates: Candidate[] = [];
	for (const output of outputs) {
		const isHere = output === network.output;
		const candidate = isHere ? network : await loadIfSupported(model, weights, { ...again, output });
		if (candidate !== undefined)
			candidates.push({ name: output, network: candidate, rank: rankOf(candidate.graph, data, wishes) });
	}
	const [best] = candidates.toSorted((a, b) => a.rank - b.rank);
	if (best === undefined) return network;
	const shape = ({ graph }: Network) => `[${inferShapes(graph).get(graph.output) ?? []}]`;
	const others = candidates.filter((candidate) => candidate !== best);
	if (others.length === 0) {
		const rest = outputs.filter((output) => output !== best.name);
		options.assume?.(`output ${best.name} ${shape(best.network)} is judged; ${rest.join(", ")} can't be carried out`);
		return best.network;
	}
	options.assume?.(
		`output ${best.name} ${shape(best.network)} is judged, not ${others.map((each) => `${each.name} ${shape(each.network)}`).join(", ")}; --output picks`,
	);
	return best.network;
}

/** A network up to an output; undefined where the output needs what is not supported. */
async function loadIfSupported(
	model: string,
	weights: string | undefined,
	options: Reading,
): Promise<Network | undefined> {
	try {
		return await loadModel(model, weights, undefined, options);
	} catch (error) {
		if (error instanceof GraphError) return undefined;
		throw error;
	}
}

/** Of a sample as files have it. */
function ownShapes({ inputs }: Graph): Pick<NetworkOptions, "sampleShape" | "sampleShapes"> {
	const shapes = inputs.map(({ name, native, shape }) => [name, native?.shape ?? shape] as const);
	return { sampleShape: shapes[0]?.[1] ?? [], sampleShapes: Object.fromEntries(shapes) };
}

function rankOf(graph: Graph, data: Dataset, wishes: Wishes): number {
	const objective = suited(graph, data, wishes);
	if (objective === undefined) return 3;
	const { placed } = objective;
	if (placed.role !== "class" && placed.role !== "classes") return placed.role === "values" ? 2 : 0;
	const classes = inferShapes(objective.graph).get(objective.graph.output)?.at(-1) ?? 0;
	let highest = 0;
	for (const target of placed.targets) highest = Math.max(highest, target);
	return highest + 1 === classes ? 0 : 1;
}

function suited(graph: Graph, data: Dataset, wishes: Wishes): Objective | undefined {
	try {
		return suitObjective(graph, targetsOf(data), wishes);
	} catch (error) {
		if (error instanceof LayoutMismatchError) return undefined;
		throw error;
	}
}
