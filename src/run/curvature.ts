import { join } from "node:path";
import { checkNames, isA, isFunction, isPerhaps, isSwitch } from "../check/values.js";
import { Derivatives } from "../curvature/derivatives.js";
import { measure, type Numbers, sharpnessOf, subjectOf } from "../curvature/measure.js";
import type { CurvatureProblem } from "../curvature/memory.js";
import { noNotebook } from "../curvature/notebook.js";
import type { Sharpness } from "../curvature/sharpness/index.js";
import { GraphError, OptionError } from "../errors.js";
import { canonicalJson, sha256 } from "../exact/digest.js";
import { prepareDirectory } from "../files/directory.js";
import { lock } from "../files/lock.js";
import type { State } from "../network/parameters.js";
import { rescale } from "../network/rescale.js";
import { type CurvatureOptions, curvatureDefaults, curvatureOptions } from "../options/curvature.js";
import { machineThreads, threads as threadsOption } from "../options/shared.js";
import { checkValues } from "../options/table.js";
import { resolve } from "../resolve/index.js";
import { stillTensors } from "../resolve/moving.js";
import type { SweepRequest } from "../resolve/request.js";
import { openNotebook } from "../store/notebook.js";
import { writeCurvature } from "./curvature-files.js";

/** What to compute, what to keep of it, and whom to tell. */
export interface CurvatureRequest extends CurvatureOptions {
	/** As many as the machine runs at once where nothing is said; no bit depends on it. */
	readonly threads?: number;
	/** The directory to write to, or what makes it from a name for the network and the digest of what is computed. */
	readonly out?: string | ((name: string, digest: string) => string);
	/** Start over, whatever the directory holds. */
	readonly fresh?: boolean;
	readonly signal?: AbortSignal;
	readonly onStart?: (start: CurvatureStart) => void;
	/** Told after each product: what is being computed, and the estimates so far, in words. */
	readonly onProgress?: (stage: string, note: string) => void;
}

/** What there is to do, before it is begun. */
export interface CurvatureStart {
	readonly model: string;
	readonly parameters: number;
	readonly samples: number;
	readonly data: string;
	readonly loss: string;
	readonly assumptions: readonly string[];
	readonly directory: string | null;
	/** Steps that an earlier start has left. */
	readonly found: number;
	/** Bytes that vectors will take: Krylov's basis and what threads leave. */
	readonly bytes: number;
}

export interface CurvatureResult extends Numbers {
	readonly model: string;
	readonly parameters: number;
	readonly samples: number;
	/** Sharpness of a network that computes the same by other parameters. */
	readonly rescaled: Readonly<Record<string, Sharpness>> | null;
	readonly elapsedSeconds: number;
	/** SHA-256 over the numbers: the same on every machine, with any number of threads. */
	readonly digest: string;
	readonly assumptions: readonly string[];
	readonly files: readonly string[];
}

const checks = {
	threads: isPerhaps(threadsOption.check),
	out: isPerhaps(
		isA("a directory, or a function that names one", (out) => typeof out === "function" || typeof out === "string"),
	),
	fresh: isPerhaps(isSwitch),
	signal: isPerhaps(isA("an AbortSignal", (signal) => signal instanceof AbortSignal)),
	onStart: isPerhaps(isFunction),
	onProgress: isPerhaps(isFunction),
};

/**
 * Loss, gradient, eigenvalues of the Hessian, its trace and spectral density, and measures of sharpness at a network, over all samples
 * asked for, in evaluation mode. Products with the Hessian are exact but for rounding; at kinks its second derivatives count as 0.
 *
 * @throws {IsolossError} a tagged error for whatever is wrong with options, files or data; GraphError where the loss has no
 *   derivative; InterruptedError when the signal stops it. With `out`, the same call goes on where it stopped.
 */
export async function curvature(request: CurvatureRequest = {}): Promise<CurvatureResult> {
	checkNames(request, [...Object.keys(curvatureOptions), ...Object.keys(checks)]);
	for (const [property, check] of Object.entries(checks)) check(property, request[property as keyof typeof checks]);
	const { threads = machineThreads, out, fresh = false, signal, onStart, onProgress, ...given } = request;
	const options: Settled = { ...curvatureDefaults, ...checkValues<CurvatureOptions>(curvatureOptions, given) };
	const started = performance.now();
	const { problem, facts } = await resolveProblem(options);
	const settings = settingsOf(options);
	const planned = sha256(canonicalJson({ ...facts.plan, ...settings }));
	const directory = out === undefined ? null : typeof out === "string" ? out : out(facts.model, planned);
	if (directory !== null) await prepareDirectory(directory);
	const unlock = directory === null ? undefined : await lock(join(directory, "curvature.msgpack"));
	try {
		const notebook =
			directory === null ? undefined : await openNotebook(join(directory, "curvature.msgpack"), planned, fresh);
		const length = problem.state.parameters.length;
		const bytes = 4 * length * (settings.steps + 8);
		const { found = 0 } = notebook ?? {};
		onStart?.({ ...facts, parameters: length, samples: problem.data.samples, directory, found, bytes });
		const derivatives = await Derivatives.start(problem, Math.min(threads, machineThreads), signal);
		let numbers: Numbers;
		try {
			numbers = await measure(derivatives, problem, options, notebook ?? noNotebook, onProgress);
		} finally {
			await derivatives.close();
			await notebook?.close();
		}
		const rescaled =
			options.rescaled === undefined ? null : await ofRescaled(problem, options.rescaled, options, threads, signal);
		const result = {
			model: facts.model,
			parameters: length,
			samples: problem.data.samples,
			...numbers,
			rescaled,
			assumptions: facts.assumptions,
			elapsedSeconds: (performance.now() - started) / 1000,
			digest: sha256(canonicalJson({ ...numbers, rescaled })),
		};
		const files = directory === null ? [] : await writeCurvature(directory, result);
		return { ...result, files };
	} finally {
		await unlock?.();
	}
}

type Settled = CurvatureOptions & { readonly [Name in keyof typeof curvatureDefaults]: number };
async function resolveProblem(options: Settled) {
	const own = new Set<string>([
		...Object.keys(curvatureDefaults),
		"trace",
		"density",
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
	const floats = (vector: Float32Array | Float64Array = new Float32Array()) =>
		vector instanceof Float32Array ? vector : Float32Array.from(vector);
	const state = { parameters: floats(section.vectors[0]), statistics: floats(section.statistics[0]) };
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

/** What the steps depend on besides the network and its data. */
function settingsOf({ steps, seed, probes, tolerance, top, bottom }: Settled) {
	return { steps, seed, probes, tolerance, top, bottom };
}

/** Sharpness of a network that computes the same: the first layer that can be, times the factor. */
async function ofRescaled(
	problem: CurvatureProblem,
	factor: number,
	{ seed }: Settled,
	threads: number,
	signal: AbortSignal | undefined,
): Promise<Record<string, Sharpness>> {
	const state = rescaledState(problem, factor);
	const other = { ...problem, state };
	const derivatives = await Derivatives.start(other, Math.min(threads, machineThreads), signal);
	try {
		const [loss, gradient] = [await derivatives.value(), await derivatives.gradient()];
		return await sharpnessOf(subjectOf(derivatives, other, { loss, gradient, seed }), noNotebook, () => undefined);
	} finally {
		await derivatives.close();
	}
}

function rescaledState({ graph, state }: CurvatureProblem, factor: number): State {
	const kernels = graph.nodes.map(({ inputs }) => inputs[1]).filter((name) => name !== undefined);
	for (const kernel of kernels) {
		try {
			return rescale(graph, state, kernel, factor);
		} catch (error) {
			// Not a layer, or one whose output meets something that does not commute with a factor: the next one, then.
			if (!(error instanceof OptionError || error instanceof GraphError)) throw error;
		}
	}
	throw new OptionError("rescaled", "expected a network with a layer that relu or pooling alone parts from the next");
}
