import {
	type Layout,
	parameterLayout,
	putPart,
	type State,
	statisticsLayout,
	takePart,
} from "../network/parameters.js";
import type { TrainOptions } from "./options.js";

/** What a training moves, and how the network of a step comes from it. */
export interface Movable {
	/** What the optimiser moves. */
	readonly values: Float32Array;
	/** Running statistics that follow the batches; none of a network that is formed anew at each step. */
	readonly statistics: Float32Array;
	/** All of it, whole, for whoever takes the training up later; changed by the next step. */
	readonly kept: State;
	/** Puts the network of a step, counted from 0, where the threads see it. */
	form(step: number): void;
	/** The gradient by `values`, from that by the parameters of the network that move. */
	pullBack(gradient: Float32Array): Float32Array;
	/** Puts values and statistics that have moved where the threads see them. */
	putBack(): void;
}

/** The network itself: what moves of it is trained where it lies. */
export function movingNetwork(options: TrainOptions, state: State): Movable {
	const { graph } = options;
	const still = stillOf(options);
	const parameters = partOf(parameterLayout(graph), state.parameters, parameterLayout(graph, still));
	const statistics = partOf(statisticsLayout(graph), state.statistics, statisticsLayout(graph, still));
	return {
		values: parameters.values,
		statistics: statistics.values,
		kept: state,
		form: () => undefined,
		pullBack: (gradient) => gradient,
		putBack() {
			parameters.putBack();
			statistics.putBack();
		},
	};
}

/** Names of tensors that don't move: those given, and statistics that no batch normalisation reads, which nothing measures. */
export function stillOf({ graph, still = [] }: Pick<TrainOptions, "graph" | "still">): ReadonlySet<string> {
	const read = new Set(graph.nodes.flatMap(({ op, inputs }) => (op === "batchNorm" ? inputs.slice(3) : [])));
	const unread = statisticsLayout(graph).slots.filter(({ name }) => !read.has(name));
	return new Set([...still, ...unread.map(({ name }) => name)]);
}

/** Some tensors of a vector, one after another, and how they get back into it; the vector itself where they are all of it. */
function partOf(whole: Layout, vector: Float32Array, part: Layout): { values: Float32Array; putBack(): void } {
	if (part.length === whole.length) return { values: vector, putBack: () => undefined };
	const values = new Float32Array(part.length);
	takePart(whole, vector, part, values);
	return { values, putBack: () => putPart(whole, vector, part, values) };
}
