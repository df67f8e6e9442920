import test from "ava";
import { RandomStream } from "../../src/exact/random.js";
import type { Graph, Parameter } from "../../src/network/graph.js";
import { type OpName, ops } from "../../src/network/ops/index.js";
import { tangentName, withTangents } from "../../src/network/tangent.js";
import { unrolled } from "../../src/network/unroll.js";
import { type Case, casesOf, valuesOf } from "./float64/cases.js";
import { interpret, type Value } from "./float64/index.js";

/** A graph in which everything moves that an op can be differentiated by: each input has a parameter added to it. */
interface Moved {
	readonly graph: Graph;
	/** What goes in, parameters apart. */
	readonly given: ReadonlyMap<string, Value>;
	readonly moving: readonly Parameter[];
}

/** Of these an input is a condition, or whole. */
const still: Partial<Record<OpName, readonly number[]>> = { where: [0] };
const logical = new Set(["and", "or", "xor", "not", "isNaN"]);

function movedBy(each: Case): Moved | undefined {
	const { function: name, activation } = each.attributes as {
		readonly function?: string;
		readonly activation?: string;
	};
	if (name !== undefined && logical.has(name)) return undefined;
	// What only fuse makes, after derivatives.
	if (activation !== undefined) return undefined;
	const values = valuesOf(each);
	const inputs: Graph["inputs"][number][] = [];
	const constants: NonNullable<Graph["constants"]>[number][] = [];
	const moving: Parameter[] = [];
	const nodes: Graph["nodes"][number][] = [];
	const given = new Map<string, Value>();
	const names = each.inputs.map(({ shape, perSample, type = "float32" }, i) => {
		const [own, value] = [`x${i}`, values[i] as Value];
		given.set(own, value);
		if (perSample) inputs.push({ name: own, shape, ...(type === "int32" && { type }) });
		else constants.push({ name: own, shape, type, values: Float32Array.from(value.values) });
		if (type !== "float32" || still[each.op]?.includes(i) === true) return own;
		const native = { shape, view: shape, permutation: shape.map((_, axis) => axis) };
		moving.push({ name: `p${i}`, shape, kind: "kernel", filterAxes: [], fanIn: 1, native });
		nodes.push({
			op: "binary",
			inputs: [own, `p${i}`],
			output: `moved${i}`,
			attributes: { function: "add" },
		});
		return `moved${i}`;
	});
	nodes.push({ op: each.op, inputs: names, output: "y", attributes: each.attributes } as Graph["nodes"][number]);
	// Constants that are float32 only would lose bits of the case's numbers: the interpreter is handed them whole.
	const graph: Graph = { name: each.op, inputs, nodes, parameters: moving, constants: [], output: "y" };
	return { graph: { ...graph, parameters: [...moving, ...constants.map(asParameter)] }, given, moving };
}

function asParameter({ name, shape }: { readonly name: string; readonly shape: readonly number[] }): Parameter {
	const native = { shape, view: shape, permutation: shape.map((_, axis) => axis) };
	return { name, shape, kind: "running-mean", filterAxes: [], fanIn: 1, native };
}

/** The largest error of first and second derivative along a random direction, against the size of either. */
function errorsOf({ graph, given, moving }: Moved, random: () => number): [number, number] {
	const direction = new Map(
		moving.map(({ name, shape }): [string, Float64Array] => [
			name,
			Float64Array.from({ length: shape.reduce((product, length) => product * length, 1) }, () => 2 * random() - 1),
		]),
	);
	const at = (step: number): Float64Array => {
		const values = moving.map(({ name, shape }): [string, Value] => [
			name,
			{ shape, values: (direction.get(name) ?? new Float64Array()).map((part) => part * step) },
		]);
		return interpret(graph, new Map([...given, ...values])).values;
	};
	const names = new Set(moving.map(({ name }) => name));
	const derivative = (of: Graph): Graph | undefined => {
		const { builder, tangents } = withTangents(of, names);
		const tangent = tangents.get(of.output);
		return tangent === undefined ? undefined : builder.graph(tangent);
	};
	const bound = new Map([...given]);
	for (const { name, shape } of moving) {
		const part = direction.get(name) ?? new Float64Array();
		bound.set(name, { shape, values: part.map(() => 0) });
		bound.set(tangentName(name), { shape, values: part });
	}
	const first = derivative(unrolled(graph));
	const second = first && derivative(first);
	const [h, wide] = [1e-4, 1e-3];
	const [here, up, down] = [at(0), at(h), at(-h)];
	const slopes = up.map((value, i) => (value - (down[i] ?? 0)) / (2 * h));
	const [far, back] = [at(wide), at(-wide)];
	const curvatures = far.map((value, i) => (value - 2 * (here[i] ?? 0) + (back[i] ?? 0)) / wide ** 2);
	return [
		error(first && interpret(first, bound).values, slopes),
		error(second && interpret(second, bound).values, curvatures),
	];
}

/** A derivative that is not there is zero. */
function error(got: Float64Array | undefined, wanted: Float64Array): number {
	let worst = 0;
	for (const [i, value] of wanted.entries())
		worst = Math.max(worst, Math.abs((got?.[i] ?? 0) - value) / (1 + Math.abs(value)));
	return got !== undefined && got.length !== wanted.length ? Number.POSITIVE_INFINITY : worst;
}

for (const op of Object.keys(ops) as OpName[])
	test(`first and second derivatives of ${op} along a direction are those of differences in float64`, (t) => {
		const stream = new RandomStream(1, "sampleOrder");
		const wrong: string[] = [];
		for (const each of casesOf[op](() => stream.uniform())) {
			const moved = movedBy(each);
			if (moved === undefined) continue;
			const [first, second] = errorsOf(moved, () => stream.uniform());
			if (!(first < 1e-5 && second < 2e-3))
				wrong.push(
					`${JSON.stringify(each.attributes)} of ${each.inputs.map(({ shape }) => `[${shape}]`)}: ${first}, ${second}`,
				);
		}
		t.deepEqual(wrong, []);
	});
