import type { Graph } from "./graph.js";
import type { State } from "./parameters.js";

/** A tensor of a file that is no parameter though its numbers are floats. */
export interface Still {
	readonly name: string;
	/** As the file has it. */
	readonly shape: readonly number[];
	/** Why it does not move. */
	readonly reason: string;
}

/** A network: what is computed, and the values it is computed with. */
export interface Network {
	/** What is computed. */
	readonly graph: Graph;
	/** The values of its parameters and running statistics. */
	readonly state: State;
	/** Names of tensors in files of this network that are no parameters: masks, positions that are not learned. */
	readonly ignored?: readonly string[];
	/** Tensors of floats that do not move, such as masks and tables of sines, and why. */
	readonly still?: readonly Still[];
	/** How tensors were taken that layers share, or that are equal in the file, a line each. */
	readonly shared?: readonly string[];
	/** The names of all outputs, where the network has several. */
	readonly outputs?: readonly string[];
	/** Which of them the graph is of. */
	readonly output?: string;
}
