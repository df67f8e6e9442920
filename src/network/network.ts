import type { Graph } from "./graph.js";
import type { State } from "./parameters.js";

/** A network: what is computed, and the values it is computed with. */
export interface Network {
	/** What is computed. */
	readonly graph: Graph;
	/** The values of its parameters and running statistics. */
	readonly state: State;
	/** Names of tensors in files of this network that are no parameters: masks, positions that are not learned. */
	readonly ignored?: readonly string[];
	/** The names of all outputs, where the network has several; the graph is that of one of them. */
	readonly outputs?: readonly string[];
}
