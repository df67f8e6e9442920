import { type Budget, budgetOf, leastBytes } from "../curvature/budget.js";
import { movingParameters } from "../curvature/derivatives.js";
import { type CurvatureProblem, shardsOf } from "../curvature/memory.js";
import { type MethodName, methods } from "../curvature/methods.js";
import { OptionError } from "../errors.js";
import { type CurvatureOptions, curvatureDefaults, defaultMemory } from "../options/curvature.js";
import { resolve } from "../resolve/index.js";
import { stillTensors } from "../resolve/moving.js";
import type { SweepRequest } from "../resolve/request.js";
import { inMemory, type Vector } from "../section/vector.js";

/** Options with what goes without saying. */
export type Settled = CurvatureOptions & {
	readonly [Name in keyof typeof curvatureDefaults]: (typeof curvatureDefaults)[Name] extends number
		? number
		: MethodName;
};

/** @throws {OptionError} where options contradict each other */
export function settle(given: CurvatureOptions): Settled {
	const { method = curvatureDefaults.method, bottom, scale } = given;
	if (methods[method].order === "size" && (bottom ?? 0) > 0)
		throw new OptionError(
			"bottom",
			`expected 0 with ${method} iteration, which orders eigenvalues by size, got ${bottom}`,
		);
	const settled = { ...curvatureDefaults, ...(methods[method].order === "size" && { bottom: 0 }), ...given };
	if (scale !== undefined && scale > settled.top)
		throw new OptionError(
			"scale",
			`expected at most as many as there are eigenvalues from the top, ${settled.top}, got ${scale}`,
		);
	return settled;
}

const MEGABYTE = 2 ** 20;

/** Two digits, no less than the number. */
function upwards(value: number): string {
	const digits = Number(value.toPrecision(2));
	const step = 10 ** (Math.floor(Math.log10(value)) - 1);
	return String(Number((digits < value ? digits + step : digits).toPrecision(2)));
}

/**
 * How many vectors there will be.
 *
 * @param kept whether steps are noted in a file
 * @throws {OptionError} where the memory asked for is too little; what goes without saying is as much as it takes
 */
export function budgetFor(problem: CurvatureProblem, options: Settled, kept: boolean): Budget {
	const { memory, steps, top, bottom, method, trace = false, density = false, sharpness = false } = options;
	const length = problem.state.parameters.length;
	const eigenvalues = top + bottom;
	const basis = method === "lanczos";
	const least = leastBytes(length, eigenvalues) / MEGABYTE;
	if (memory !== undefined && basis && eigenvalues > 0 && memory < least)
		throw new OptionError(
			"memory",
			`expected at least ${upwards(least)} for ${eigenvalues} eigenvalues of ${length} parameters, got ${memory}`,
		);
	const wanted = {
		...{ length, dimensions: movingParameters(problem), shards: shardsOf(length, problem.data.samples) },
		...{ steps, eigenvalues, basis, trace, density, sharpness, kept },
	};
	return budgetOf(wanted, (memory ?? defaultMemory) * MEGABYTE);
}

/** What too little memory changes, in words. */
export function budgetAssumptions(
	{ room, densitySteps }: Budget,
	{ steps, density }: Settled,
	parameters: number,
): string[] {
	const size = (vectors: number) => `${upwards((4 * parameters * vectors) / MEGABYTE)} MB`;
	const all = `all ${steps + 1} take ${size(steps + 1)} (--memory)`;
	return [
		...(room === undefined ? [] : [`Lanczos restarts with ${room} vectors, ${size(room)}: ${all}`]),
		...(density && densitySteps < steps
			? [
					`the density takes ${densitySteps} steps a probe, with ${densitySteps + 1} vectors, ${size(densitySteps + 1)}: ${all}`,
				]
			: []),
	];
}

/** The network, its data and its loss, and what is said of them. */
export async function resolveProblem(options: Settled) {
	const own = new Set<string>([
		...Object.keys(curvatureDefaults),
		"memory",
		"trace",
		"density",
		"scale",
		"sharpness",
		"rescaled",
		"width",
	]);
	const judged: SweepRequest = Object.fromEntries(Object.entries(options).filter(([name]) => !own.has(name)));
	const { batchNorm = "running" } = judged;
	if (batchNorm !== "running" && batchNorm !== "fixed")
		throw new OptionError("batchNorm", `expected running or fixed for derivatives, got ${batchNorm}`);
	const resolved = await resolve({ ...judged, x: { min: 0, max: 0, steps: 1 }, y: null });
	const { graph, section, data, loss, lossSettings, precision } = resolved.problem;
	const { still } = stillTensors(graph, judged);
	const floats = (vector: Vector = new Float32Array()) =>
		vector instanceof Float32Array ? vector : Float32Array.from(vector);
	const [origin] = section.vectors.map(inMemory);
	const state = { parameters: floats(origin), statistics: floats(section.statistics[0]) };
	const problem: CurvatureProblem = {
		graph,
		state,
		data,
		loss,
		...(lossSettings !== undefined && { lossSettings }),
		still: [...still],
		precision,
	};
	const { directions: _directions, fields: _fields, x: _x, y: _y, ...plan } = resolved.plan;
	const facts = {
		model: graph.name,
		data: data.name,
		loss: String(plan.loss),
		assumptions: resolved.assumptions,
		plan: { ...plan, still: [...still].sort().join(",") },
	};
	return { problem, facts };
}

/** What the steps depend on besides the network and its data. Memory is none of it while all fits. */
export function settingsOf(
	{ steps, seed, probes, tolerance, top, bottom, method }: Settled,
	{ room, densitySteps }: Budget,
) {
	return {
		...{ steps, seed, probes, tolerance, top, bottom },
		...(method !== "lanczos" && { method }),
		...(room !== undefined && { room }),
		...(densitySteps < steps && { densitySteps }),
	};
}
