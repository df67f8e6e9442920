import { isNetworkFile } from "../formats/index.js";
import type { OtherNetwork, SweepRequest } from "./request.js";
import type { TrainRequest } from "./training.js";

/**
 * Where the network is read whose states several are, given the first of them: it is asked for by `model` or in memory, or the first
 * comes with it.
 */
export function networkOfFirst(
	first: OtherNetwork,
	{ model, network }: Pick<SweepRequest, "model" | "network">,
): Pick<TrainRequest, "model" | "network" | "weights" | "fromScratch"> {
	if (network !== undefined) return {};
	if (typeof first !== "string") return "parameters" in first ? { fromScratch: true } : { network: first };
	if (first.startsWith("init:") || first.endsWith(".trajectory.msgpack")) return { fromScratch: true };
	return model === undefined && isNetworkFile(first) ? { model: first } : { weights: first };
}
