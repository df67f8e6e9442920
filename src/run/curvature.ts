import { join } from "node:path";
import { checkNames, isA, isFunction, isPerhaps, isSwitch } from "../check/values.js";
import { type Density, density } from "../curvature/density.js";
import { Derivatives } from "../curvature/derivatives.js";
import { type Eigenvalue, extremes } from "../curvature/lanczos.js";
import type { CurvatureProblem } from "../curvature/memory.js";
import { type Notebook, noNotebook, noted } from "../curvature/notebook.js";
import { type Sharpness, type SharpnessSubject, sharpnessMeasures } from "../curvature/sharpness/index.js";
import { type Trace, trace } from "../curvature/trace.js";
import { norm } from "../curvature/vector.js";
import { GraphError, OptionError } from "../errors.js";
import { canonicalJson, sha256 } from "../exact/digest.js";
import { RandomStream } from "../exact/random.js";
import { prepareDirectory } from "../files/directory.js";
import { lock } from "../files/lock.js";
import { writeWhole } from "../files/write.js";
import { parameterLayout, type State, slice } from "../network/parameters.js";
import { rescale } from "../network/rescale.js";
import { type CurvatureOptions, curvatureDefaults, curvatureOptions } from "../options/curvature.js";
import { machineThreads, threads as threadsOption } from "../options/shared.js";
import { checkValues } from "../options/table.js";
import { resolve } from "../resolve/index.js";
import { stillTensors } from "../resolve/moving.js";
import type { SweepRequest } from "../resolve/request.js";
import { openNotebook } from "../store/notebook.js";

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

export interface CurvatureResult {
	readonly model: string;
	readonly parameters: number;
	readonly samples: number;
	readonly loss: number;
	readonly gradientNorm: number;
	/** By tensor. */
	readonly gradientNorms: Readonly<Record<string, number>>;
	/** From the largest down. */
	readonly top: readonly Eigenvalue[];
	/** From the lowest up. */
	readonly bottom: readonly Eigenvalue[];
	readonly trace: Trace | null;
	readonly density: Density | null;
	readonly sharpness: Readonly<Record<string, Sharpness>> | null;
	/** The same of a network that computes the same by other parameters. */
	readonly rescaled: Readonly<Record<string, Sharpness>> | null;
	/** Hessian-vector products that the numbers took, those of earlier starts included. */
	readonly products: number;
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
		const files = directory === null ? [] : await writeTables(directory, result);
		return { ...result, files };
	} finally {
		await unlock?.();
	}
}

type Settled = CurvatureOptions & { readonly [Name in keyof typeof curvatureDefaults]: number };
type Numbers = Pick<
	CurvatureResult,
	"loss" | "gradientNorm" | "gradientNorms" | "top" | "bottom" | "trace" | "density" | "sharpness" | "products"
>;

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

async function measure(
	derivatives: Derivatives,
	problem: CurvatureProblem,
	options: Settled,
	notebook: Notebook,
	onProgress: CurvatureRequest["onProgress"],
): Promise<Numbers> {
	let _products = 0;
	const operator = async (vector: Float32Array) => {
		_products += 1;
		return derivatives.product(vector);
	};
	const tell = (stage: string, note = "") => onProgress?.(stage, note);
	const layout = parameterLayout(problem.graph);
	const {
		numbers: [loss = Number.NaN],
	} = await noted(notebook, "loss", async () => ({ numbers: [await derivatives.value()] }));
	const { vector: gradient = new Float32Array() } = await noted(notebook, "gradient", async () => ({
		numbers: [],
		vector: await derivatives.gradient(),
	}));
	const length = layout.length;
	const dimensions = derivatives.moving;
	const hold = <V extends Float32Array | Float64Array>(vector: V): V => derivatives.hold(vector);
	const { seed, steps, tolerance, top, bottom } = options;
	const found =
		top + bottom === 0
			? undefined
			: await extremes(
					operator,
					length,
					{
						...{ top, bottom, tolerance, steps, seed, dimensions, hold },
						onStep: (step, above) => tell("eigenvalues", `product ${step}, largest ${shown(above[0]?.value)}`),
					},
					notebook,
				);
	const settledTop = found?.top.filter(({ settled }) => settled).length ?? 0;
	const known = options.trace && found !== undefined ? found.vectors().slice(0, settledTop) : [];
	const traced = options.trace
		? await trace(
				operator,
				{
					...{ layout, seed, known, hold, most: 100, least: 8, tolerance: 0.05 },
					onProbe: ({ value, standardError, probes }) =>
						tell("trace", `probe ${probes}, ${shown(value)} ± ${shown(standardError)}`),
				},
				notebook,
			)
		: null;
	const spread = options.density
		? await density(
				operator,
				{
					...{ length, dimensions, seed, probes: options.probes, steps, hold },
					...(options.width !== undefined && { width: options.width }),
					onProbe: (probe) => tell("density", `probe ${probe} of ${options.probes}`),
				},
				notebook,
			)
		: null;
	const sharpness = options.sharpness
		? await sharpnessOf(subjectOf(derivatives, problem, { loss, gradient, seed }), notebook, (name) =>
				tell("sharpness", name),
			)
		: null;
	const counted = (found?.products ?? 0) + (traced === null ? 0 : traced.probes + known.length);
	return {
		loss,
		gradientNorm: norm(gradient),
		gradientNorms: Object.fromEntries(layout.slots.map((slot) => [slot.name, norm(slice(gradient, slot))])),
		top: found?.top ?? [],
		bottom: found?.bottom ?? [],
		trace: traced,
		density: spread,
		sharpness,
		products:
			counted + (spread?.probes.reduce((sum, { nodes }) => sum + nodes.length, 0) ?? 0) + (sharpness === null ? 0 : 1),
	};
}

function shown(value: number | undefined): string {
	return (value ?? Number.NaN).toPrecision(4);
}

function subjectOf(
	derivatives: Derivatives,
	{ graph, state }: CurvatureProblem,
	{ loss, gradient, seed }: { readonly loss: number; readonly gradient: Float32Array; readonly seed: number },
): SharpnessSubject {
	return {
		parameters: state.parameters,
		layout: parameterLayout(graph),
		loss,
		gradient,
		lossAt: (parameters) => derivatives.value(parameters),
		gradientAt: (parameters) => derivatives.gradient(parameters),
		product: (vector) => derivatives.product(vector),
		meanSquareSlope: async (vector) => (await derivatives.slopes(vector)).meanSquare,
		random: (part) => new RandomStream(seed, "sharpness", part),
		hold: (vector) => derivatives.hold(vector),
	};
}

async function sharpnessOf(
	subject: SharpnessSubject,
	notebook: Notebook,
	tell: (name: string) => void,
): Promise<Record<string, Sharpness>> {
	const found: Record<string, Sharpness> = {};
	for (const { name, measure: take } of sharpnessMeasures) {
		tell(name);
		found[name] = await take(withNotes(subject, name, notebook));
	}
	return found;
}

/** The same subject, whose losses and derivatives are noted in the order in which a measure asks for them. */
function withNotes(subject: SharpnessSubject, name: string, notebook: Notebook): SharpnessSubject {
	let asked = 0;
	const number = async (compute: () => Promise<number>): Promise<number> => {
		const key = `sharpness ${name} ${asked++}`;
		const { numbers } = await noted(notebook, key, async () => ({ numbers: [await compute()] }));
		return numbers[0] ?? Number.NaN;
	};
	const vector = async (compute: () => Promise<Float32Array>): Promise<Float32Array> => {
		const key = `sharpness ${name} ${asked++}`;
		const entry = await noted(notebook, key, async () => ({ numbers: [], vector: await compute() }));
		return entry.vector ?? new Float32Array();
	};
	return {
		...subject,
		lossAt: (parameters) => number(() => subject.lossAt(parameters)),
		gradientAt: (parameters) => vector(() => subject.gradientAt(parameters)),
		product: (direction) => vector(() => subject.product(direction)),
		meanSquareSlope: (direction) => number(() => subject.meanSquareSlope(direction)),
	};
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

/** The numbers as JSON and as tables; their paths. */
async function writeTables(directory: string, result: Omit<CurvatureResult, "files">): Promise<string[]> {
	const eigenvalues = [
		...result.top.map((each, i) => ["top", i + 1, each.value, each.residual, each.settled]),
		...result.bottom.map((each, i) => ["bottom", i + 1, each.value, each.residual, each.settled]),
	];
	const tensors = Object.entries(result.gradientNorms).map(([name, length]) => [
		JSON.stringify(name),
		length,
		result.trace?.byTensor[name] ?? "",
	]);
	const files: [string, string][] = [
		["curvature.json", `${JSON.stringify(result, null, "\t")}\n`],
		["eigenvalues.csv", csv(["end", "rank", "value", "residual", "settled"], eigenvalues)],
		["tensors.csv", csv(["tensor", "gradient norm", "trace"], tensors)],
	];
	const { density: spread } = result;
	if (spread !== null) {
		const rows = spread.at.map((at, i) => [at, spread.density[i] ?? "", spread.standardError[i] ?? ""]);
		files.push(["density.csv", csv(["eigenvalue", "density", "standard error"], rows)]);
	}
	const { drawSpectrum } = await import("../render/pictures/spectrum.js");
	const pictures = await drawSpectrum({
		title: `Curvature of ${result.model}`,
		foot: `${result.parameters.toLocaleString("en")} parameters, ${result.samples} samples, loss ${result.loss.toPrecision(4)}.`,
		...{ parameters: result.parameters, density: result.density, top: result.top, bottom: result.bottom },
	});
	const paths: string[] = [];
	for (const [name, content] of [...files, ...pictures.map(({ name, bytes }) => [name, bytes] as const)]) {
		const path = join(directory, name);
		await writeWhole(path, content);
		paths.push(path);
	}
	return [join(directory, "curvature.msgpack"), ...paths];
}

function csv(header: readonly string[], rows: readonly (readonly unknown[])[]): string {
	return `${[header, ...rows].map((row) => row.join(",")).join("\n")}\n`;
}
