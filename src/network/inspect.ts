import { checkGraph } from "./check.js";
import { fuse } from "./fuse.js";
import { type Graph, isStatistic, type Parameter } from "./graph.js";
import { inferShapes } from "./infer-shapes.js";
import type { Still } from "./network.js";
import { opOf } from "./ops/index.js";
import { filterCount } from "./parameters.js";
import { sizeOf } from "./shape.js";

/** One step of a network. */
export interface LayerRow {
	/** Of its output. */
	readonly name: string;
	/** What it computes. */
	readonly op: string;
	/** Of the output for one sample. */
	readonly shape: readonly number[];
	/** How many parameters the step reads. */
	readonly parameters: number;
	/** For one sample. */
	readonly multiplyAdds: number;
}

/** One tensor of a network. */
export interface TensorRow {
	/** As files call it. */
	readonly name: string;
	/** What it is for. */
	readonly kind: Parameter["kind"];
	/** As the ops take it. */
	readonly shape: readonly number[];
	/** As files hold it. */
	readonly native: readonly number[];
	/** The axes that count its filters. */
	readonly filterAxes: readonly number[];
	/** How many filters it has. */
	readonly filters: number;
	/** Whether a sweep moves it; running statistics move from network to network only. */
	readonly moves: boolean;
}

/** What there is to know of a network before a sweep. */
export interface Inspection {
	/** Of the network. */
	readonly name: string;
	/** What is fed in, for one sample. */
	readonly inputs: readonly { name: string; shape: readonly number[]; native: readonly number[]; type: string }[];
	/** Its shape, for one sample. */
	readonly output: readonly number[];
	/** The steps, in order. */
	readonly layers: readonly LayerRow[];
	/** The tensors, in order. */
	readonly tensors: readonly TensorRow[];
	/** Tensors of the file that no sweep moves, and why. */
	readonly still: readonly Still[];
	/** How tensors were taken that layers share. */
	readonly shared: readonly string[];
	/** How many numbers a sweep moves. */
	readonly parameters: number;
	/** How many numbers batch normalisation keeps besides. */
	readonly runningStatistics: number;
	/** For one sample. */
	readonly multiplyAdds: number;
	/** How many steps remain where one kernel does the work of several. */
	readonly fusedNodes: number;
	/** Whether a sweep can run: a network without parameters has no landscape. */
	readonly canSweep: boolean;
}

/** What of a network stays where it is, besides its statistics. */
export interface InspectOptions {
	/** Names of parameters that a request keeps still. */
	readonly frozen?: ReadonlySet<string>;
	/** Tensors of the file that are no parameters. */
	readonly still?: readonly Still[];
	/** How tensors were taken that layers share. */
	readonly shared?: readonly string[];
}

/**
 * @throws {OptionError} when it is no graph
 * @throws {GraphError}  when the graph's shapes don't fit
 */
export function inspect(
	graph: Graph,
	{ frozen = new Set(), still = [], shared = [] }: InspectOptions = {},
): Inspection {
	checkGraph("graph", graph);
	const shapes = inferShapes(graph);
	const sizes = new Map(graph.parameters.map(({ name, shape }) => [name, sizeOf(shape)]));
	const layers = graph.nodes.map((node) => {
		const inputs = node.inputs.map((input) => shapes.get(input) ?? []);
		const shape = shapes.get(node.output) ?? [];
		return {
			name: node.output,
			op: node.op === "unary" || node.op === "binary" || node.op === "reduce" ? node.attributes.function : node.op,
			shape,
			parameters: node.inputs.reduce((sum, input) => sum + (sizes.get(input) ?? 0), 0),
			multiplyAdds: opOf(node).multiplyAdds(inputs, shape),
		};
	});
	const tensors = graph.parameters.map(({ name, kind, shape, native, filterAxes }) => ({
		name,
		kind,
		shape,
		native: native.shape,
		filterAxes,
		filters: filterCount(shape, filterAxes),
		moves: !isStatistic({ kind }) && !frozen.has(name),
	}));
	const count = (running: boolean) =>
		graph.parameters
			.filter((parameter) => isStatistic(parameter) === running && (running || !frozen.has(parameter.name)))
			.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
	return {
		name: graph.name,
		inputs: graph.inputs.map(({ name, shape, native, type = "float32" }) => ({
			name,
			shape,
			native: native?.shape ?? shape,
			type,
		})),
		output: shapes.get(graph.output) ?? [],
		layers,
		tensors,
		still,
		shared,
		parameters: count(false),
		runningStatistics: count(true),
		multiplyAdds: layers.reduce((sum, layer) => sum + layer.multiplyAdds, 0),
		fusedNodes: fuse(graph, "exact").nodes.length,
		canSweep: count(false) > 0,
	};
}

/** The same as text: what goes in and out, the steps, the tensors, and the sums. */
export function formatInspection(inspection: Inspection): string {
	const { layers, tensors, inputs, output, still, shared } = inspection;
	// A column that says what everybody knows of parameters and statistics is left out.
	const isFrozen = tensors.some(({ kind, moves }) => !moves && !isStatistic({ kind }));
	const number = (value: number) => value.toLocaleString("en");
	const inputLines = inputs.map(
		({ name, shape, native, type }) =>
			`input ${name} [${shape}] ${type}${String(shape) === String(native) ? "" : `, in files [${native}]`}`,
	);
	return [
		inspection.name,
		...inputLines,
		`output [${output}]`,
		"",
		...table(
			["layer", "op", "output", "parameters", "multiply-adds"],
			layers.map((row) => [row.name, row.op, `[${row.shape}]`, number(row.parameters), number(row.multiplyAdds)]),
		),
		"",
		...table(
			["tensor", "kind", "shape", "in files", "filters", "filter axes", ...(isFrozen ? ["moves"] : [])],
			tensors.map((row) => [
				row.name,
				row.kind,
				`[${row.shape}]`,
				`[${row.native}]`,
				number(row.filters),
				row.filterAxes.join(",") || "-",
				...(isFrozen ? [row.moves ? "yes" : "no"] : []),
			]),
		),
		...(still.length === 0 ? [] : ["", ...table(["constant", "in files", "does not move"], still.map(stillRow))]),
		...(shared.length === 0 ? [] : ["", ...shared]),
		"",
		`${number(inspection.parameters)} parameters, ${number(inspection.runningStatistics)} running statistics, ` +
			`${number(inspection.multiplyAdds)} multiply-adds a sample`,
		inspection.canSweep ? "a sweep can run" : "no sweep can run: the network has no parameters",
	].join("\n");
}

function stillRow({ name, shape, reason }: Still): string[] {
	return [name, `[${shape}]`, reason];
}

/** Rows under a header, columns as wide as their longest cell. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
	const all = [header, ...rows];
	const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
	return all.map((row) =>
		row
			.map((cell, column) => cell.padEnd(widths[column] ?? 0))
			.join("  ")
			.trimEnd(),
	);
}
