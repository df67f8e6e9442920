import { join } from "node:path";
import { checkNames, isFunction, isPerhaps } from "../check/values.js";
import { type Carriers, Derivatives } from "../curvature/derivatives.js";
import { measure, type Numbers } from "../curvature/measure.js";
import type { CurvatureProblem } from "../curvature/memory.js";
import type { MethodName } from "../curvature/methods.js";
import { noNotebook } from "../curvature/notebook.js";
import type { CurvatureProgress } from "../curvature/progress.js";
import type { Sharpness } from "../curvature/sharpness/index.js";
import { sharpnessOf, subjectOf } from "../curvature/sharpness/of-network.js";
import { GraphError, OptionError } from "../errors.js";
import { canonicalJson, sha256 } from "../exact/digest.js";
import { prepareDirectory } from "../files/directory.js";
import { lock } from "../files/lock.js";
import type { State } from "../network/parameters.js";
import { rescale } from "../network/rescale.js";
import { type CurvatureOptions, curvatureOptions } from "../options/curvature.js";
import { machineThreads, threads as threadsOption } from "../options/shared.js";
import { checkValues } from "../options/table.js";
import { checkFigures, type FigureOptions } from "../render/options.js";
import { openNotebook } from "../store/notebook.js";
import { type Executor, isExecutor } from "../sweep/executor.js";
import { shardsBy } from "../sweep/shards.js";
import type { Work } from "../sweep/work.js";
import { writeCurvature } from "./curvature-files.js";
import { budgetAssumptions, budgetFor, resolveProblem, type Settled, settingsOf, settle } from "./curvature-plan.js";
import { runChecks } from "./run.js";

/** What to compute, what to keep of it, and whom to tell. */
export interface CurvatureRequest extends CurvatureOptions {
	/** As many as the machine runs at once where nothing is said; no bit depends on it. */
	readonly threads?: number;
	/** What carries out products and other sums, in place of threads: the workers of a queue, say. Whoever has opened it closes it. */
	readonly executor?: Executor<Work>;
	/** The directory to write to, or what makes it from a name for the network and the digest of what is computed. */
	readonly out?: string | ((name: string, digest: string) => string);
	/** Start over, whatever the directory holds. */
	readonly fresh?: boolean;
	/** How pictures look, and the files they become. */
	readonly pictures?: FigureOptions;
	readonly signal?: AbortSignal;
	readonly onStart?: (start: CurvatureStart) => void | Promise<void>;
	/** Told after each product, probe, point or measure. */
	readonly onProgress?: (progress: CurvatureProgress) => void;
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
	/** Bytes that vectors of the network's length take at most, all together. (Activations of the threads come on top.) */
	readonly bytes: number;
}

export interface CurvatureResult extends Numbers {
	readonly model: string;
	readonly parameters: number;
	readonly samples: number;
	/** What found the eigenvalues; by `power` those of `top` are the largest by size, of either sign. */
	readonly method: MethodName;
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
	executor: isPerhaps(isExecutor),
	out: runChecks.out,
	fresh: runChecks.fresh,
	pictures: isPerhaps(checkFigures),
	signal: runChecks.signal,
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
	const {
		threads = machineThreads,
		executor,
		out,
		fresh = false,
		pictures,
		signal,
		onStart,
		onProgress,
		...given
	} = request;
	const carriers = executor === undefined ? Math.min(threads, machineThreads) : shardsBy(executor, signal);
	const options = settle(checkValues<CurvatureOptions>(curvatureOptions, given));
	const started = performance.now();
	const { problem, facts } = await resolveProblem(options);
	const budget = budgetFor(problem, options, out !== undefined);
	const assumptions = [...facts.assumptions, ...budgetAssumptions(budget, options, problem.state.parameters.length)];
	const planned = sha256(canonicalJson({ ...facts.plan, ...settingsOf(options, budget) }));
	const directory = out === undefined ? null : typeof out === "string" ? out : out(facts.model, planned);
	if (directory !== null) await prepareDirectory(directory);
	const unlock = directory === null ? undefined : await lock(join(directory, "curvature.msgpack"));
	try {
		const notebook =
			directory === null ? undefined : await openNotebook(join(directory, "curvature.msgpack"), planned, fresh);
		const length = problem.state.parameters.length;
		const bytes = 4 * length * budget.vectors;
		const { found = 0 } = notebook ?? {};
		const { model, data, loss } = facts;
		await onStart?.({
			...{ model, data, loss, assumptions, parameters: length, samples: problem.data.samples },
			...{ directory, found, bytes },
		});
		const derivatives = await Derivatives.start(problem, carriers, signal);
		let numbers: Numbers;
		try {
			numbers = await measure(derivatives, problem, { ...options, ...budget }, notebook ?? noNotebook, onProgress);
		} finally {
			await derivatives.close();
			await notebook?.close();
		}
		const rescaled =
			options.rescaled === undefined ? null : await ofRescaled(problem, options.rescaled, options, carriers, signal);
		const result = {
			model: facts.model,
			parameters: length,
			samples: problem.data.samples,
			method: options.method,
			...numbers,
			rescaled,
			assumptions,
			elapsedSeconds: (performance.now() - started) / 1000,
			digest: digestOf(numbers, rescaled),
		};
		const files = directory === null ? [] : await writeCurvature(directory, result, pictures);
		return { ...result, files };
	} finally {
		await unlock?.();
	}
}

/** Over what was computed. What follows from other numbers, and what was not asked for, is left out. */
function digestOf(
	{ secant, noiseFloor: _floor, trace, ...numbers }: Numbers,
	rescaled: CurvatureResult["rescaled"],
): string {
	const { interval: _interval, ...estimate } = trace ?? {};
	const wanted = { ...numbers, trace: trace && estimate, rescaled, ...(secant !== null && { secant }) };
	return sha256(canonicalJson(wanted));
}

/** Sharpness of a network that computes the same: the first layer that can be, times the factor. */
async function ofRescaled(
	problem: CurvatureProblem,
	factor: number,
	{ seed }: Settled,
	carriers: Carriers,
	signal: AbortSignal | undefined,
): Promise<Record<string, Sharpness>> {
	const state = rescaledState(problem, factor);
	const other = { ...problem, state };
	const derivatives = await Derivatives.start(other, carriers, signal);
	try {
		const [loss, gradient] = [await derivatives.value(), await derivatives.gradient()];
		return await sharpnessOf(subjectOf(derivatives, other, { loss, gradient, seed }), noNotebook);
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
