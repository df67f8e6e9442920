import { isFloat32Array, isListOf, isObject, isOneOf, isPerhaps, isText, isWhole } from "../check/values.js";
import { LayoutMismatchError } from "../errors.js";
import type { Graph, Parameter } from "./graph.js";
import { inferShapes } from "./infer-shapes.js";
import type { Network } from "./network.js";
import { ops } from "./ops/index.js";
import { parameterLayout, type State, statisticsLayout } from "./parameters.js";

const kinds: Readonly<Record<Parameter["kind"], true>> = {
	kernel: true,
	bias: true,
	scale: true,
	shift: true,
	"running-mean": true,
	"running-variance": true,
};

const isGraphShape = isObject("a graph, as modelByName makes one", {
	name: isText,
	inputs: isListOf(isObject("an input", { name: isText, shape: isListOf(isWhole(1)) }), 1),
	nodes: isListOf(
		isObject("a node", {
			op: isOneOf(Object.keys(ops)),
			inputs: isListOf(isText),
			output: isText,
			attributes: isObject("an object of attributes", {}),
		}),
	),
	parameters: isListOf(
		isObject("a parameter", {
			name: isText,
			shape: isListOf(isWhole(0)),
			kind: isOneOf(Object.keys(kinds)),
			filterAxes: isListOf(isWhole(0)),
			native: isObject("a layout", {
				shape: isListOf(isWhole(0)),
				view: isListOf(isWhole(0)),
				permutation: isListOf(isWhole(0)),
			}),
		}),
	),
	constants: isPerhaps(isListOf(isObject("a constant", { name: isText, shape: isListOf(isWhole(0)) }))),
	output: isText,
});

/**
 * Checks a graph that someone has in memory.
 *
 * @throws {OptionError} naming what is none of a graph
 * @throws {GraphError}  when a node can't be carried out, or shapes don't fit
 */
export function checkGraph(name: string, graph: unknown): asserts graph is Graph {
	isGraphShape(name, graph);
	inferShapes(graph as Graph);
}

const isStateShape = isObject("a state, { parameters, statistics }", {
	parameters: isFloat32Array,
	statistics: isFloat32Array,
});

/**
 * Checks the values of a network that someone has in memory.
 *
 * @throws {OptionError}         when they are no state
 * @throws {LayoutMismatchError} when they are not as many as the graph has
 */
export function checkState(name: string, state: unknown, graph: Graph): asserts state is State {
	isStateShape(name, state);
	const { parameters, statistics } = state as State;
	const expect = (what: string, length: number, got: number) => {
		if (got !== length)
			throw new LayoutMismatchError(`${name}: expected the ${length} ${what} of ${graph.name}, got ${got}`);
	};
	expect("parameters", parameterLayout(graph).length, parameters.length);
	expect("running statistics", statisticsLayout(graph).length, statistics.length);
}

/** The same for a network whole. */
export function checkNetwork(name: string, network: unknown): asserts network is Network {
	isObject("a network, { graph, state }", {})(name, network);
	const { graph, state } = network as Network;
	checkGraph(`${name}.graph`, graph);
	checkState(`${name}.state`, state, graph);
}
