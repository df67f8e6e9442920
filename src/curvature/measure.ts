import { RandomStream } from "../exact/random.js";
import { parameterLayout, slice } from "../network/parameters.js";
import { norm } from "../section/vector.js";
import { type Density, density } from "./density.js";
import type { Derivatives } from "./derivatives.js";
import { type Eigenvalue, extremes } from "./lanczos.js";
import type { CurvatureProblem } from "./memory.js";
import { type Notebook, noted } from "./notebook.js";
import { type Sharpness, type SharpnessSubject, sharpnessMeasures } from "./sharpness/index.js";
import { type Trace, trace } from "./trace.js";

/** What is wanted, and how exactly. */
export interface MeasureSettings {
	readonly top: number;
	readonly bottom: number;
	readonly trace?: boolean;
	readonly density?: boolean;
	readonly sharpness?: boolean;
	readonly steps: number;
	readonly tolerance: number;
	readonly probes: number;
	readonly width?: number;
	readonly seed: number;
}

/** What comes out: null where it is not wanted. */
export interface Numbers {
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
	/** Hessian-vector products that the numbers took, those of earlier starts included. */
	readonly products: number;
}

/** Computes what is wanted, step by step as the notebook has it or takes it. */
export async function measure(
	derivatives: Derivatives,
	problem: CurvatureProblem,
	options: MeasureSettings,
	notebook: Notebook,
	onProgress?: (stage: string, note: string) => void,
): Promise<Numbers> {
	const operator = (vector: Float32Array) => derivatives.product(vector);
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

/** What sharpness is measured of. */
export function subjectOf(
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

/** Every measure of sharpness, by name. */
export async function sharpnessOf(
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
