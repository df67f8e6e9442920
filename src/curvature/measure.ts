import { type Layout, parameterLayout, slice } from "../network/parameters.js";
import { norm } from "../section/products.js";
import { type Density, density } from "./density.js";
import type { Differentiable } from "./derivatives.js";
import type { Eigenvalue } from "./lanczos.js";
import type { CurvatureProblem } from "./memory.js";
import { type MethodName, methods } from "./methods.js";
import { type Notebook, noted } from "./notebook.js";
import type { CurvatureProgress } from "./progress.js";
import { type Secant, secant } from "./secant.js";
import type { Sharpness } from "./sharpness/index.js";
import { sharpnessOf, subjectOf } from "./sharpness/of-network.js";
import { type Trace, trace } from "./trace.js";

/** What is wanted, and how exactly. */
export interface MeasureSettings {
	readonly method: MethodName;
	readonly top: number;
	readonly bottom: number;
	readonly trace?: boolean;
	readonly density?: boolean;
	readonly sharpness?: boolean;
	/** Along how many of the first eigenvectors secant curvature is taken. */
	readonly scale?: number;
	readonly steps: number;
	/** Vectors that Lanczos's basis may hold, where not all its steps fit. */
	readonly room: number | undefined;
	/** Steps of each probe of the density. */
	readonly densitySteps: number;
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
	/** From the largest down; with power iteration, by size. */
	readonly top: readonly Eigenvalue[];
	/** From the lowest up. */
	readonly bottom: readonly Eigenvalue[];
	/** 10⁻⁵ of the largest Ritz value's size: what lies below is 0 within rounding. Null without eigenvalues. */
	readonly noiseFloor: number | null;
	readonly trace: Trace | null;
	readonly density: Density | null;
	readonly secant: Secant | null;
	readonly sharpness: Readonly<Record<string, Sharpness>> | null;
	/** Hessian-vector products that the numbers took, those of earlier starts included. */
	readonly products: number;
}

/** Of float32 arithmetic, beside the largest Ritz value. */
const NOISE = 1e-5;

/** What all parts of the computation share. */
interface Measured {
	readonly derivatives: Differentiable;
	readonly layout: Layout;
	readonly loss: number;
	readonly settings: MeasureSettings;
	readonly notebook: Notebook;
	readonly tell: (progress: CurvatureProgress) => void;
}

/** Computes what is wanted, step by step as the notebook has it or takes it. */
export async function measure(
	derivatives: Differentiable,
	problem: Pick<CurvatureProblem, "graph" | "state">,
	settings: MeasureSettings,
	notebook: Notebook,
	tell: (progress: CurvatureProgress) => void = () => undefined,
): Promise<Numbers> {
	const layout = parameterLayout(problem.graph);
	const {
		numbers: [loss = Number.NaN],
	} = await noted(notebook, "loss", async () => ({ numbers: [await derivatives.value()] }));
	const { vector: gradient = new Float32Array() } = await noted(notebook, "gradient", async () => ({
		numbers: [],
		vector: await derivatives.gradient(),
	}));
	const measured: Measured = { derivatives, layout, loss, settings, notebook, tell };
	const { products, ...ofEigenvectors } = await byEigenvectors(measured);
	const spread = settings.density ? await densityOf(measured) : null;
	const { seed } = settings;
	const sharpness = settings.sharpness
		? await sharpnessOf(subjectOf(derivatives, problem, { loss, gradient, seed }), notebook, (name, done, total) =>
				tell({ stage: "sharpness", done, total, unit: "measures", note: name }),
			)
		: null;
	return {
		loss,
		gradientNorm: norm(gradient),
		gradientNorms: Object.fromEntries(layout.slots.map((slot) => [slot.name, norm(slice(gradient, slot))])),
		...ofEigenvectors,
		density: spread,
		sharpness,
		products:
			products + (spread?.probes.reduce((sum, { nodes }) => sum + nodes.length, 0) ?? 0) + (sharpness === null ? 0 : 1),
	};
}

/** Eigenvalues, and what is taken along their vectors. These go when it is done: the density's basis needs their room. */
async function byEigenvectors(measured: Measured) {
	const { settings } = measured;
	const { vectors, products, ...values } = await eigenpairsOf(measured);
	const known = vectors.slice(0, values.top.filter(({ settled }) => settled).length);
	const traced = settings.trace ? await traceOf(measured, known) : null;
	const along = values.top.slice(0, settings.scale).map((eigenvalue, i) => ({
		eigenvalue,
		vector: vectors[i] ?? new Float32Array(),
	}));
	return {
		...values,
		trace: traced,
		secant: settings.scale === undefined ? null : await secantOf(measured, along),
		products: products + (traced === null ? 0 : traced.probes + known.length),
	};
}

/** Eigenvalues of both ends, and the vectors of the first ones where something is taken along them. */
async function eigenpairsOf({ derivatives, layout, settings, notebook, tell }: Measured) {
	const { method, top, bottom, tolerance, steps, seed, room } = settings;
	if (top + bottom === 0) return { top: [], bottom: [], noiseFloor: null, products: 0, vectors: [] };
	const total = method === "power" ? steps * top : steps;
	const found = await methods[method].find(
		(vector) => derivatives.product(vector),
		layout.length,
		{
			...{ top, bottom, tolerance, steps, seed, dimensions: derivatives.moving },
			...(room !== undefined && { room }),
			hold: (vector) => derivatives.hold(vector),
			onStep: (done, above, below) =>
				tell({
					...{ stage: "eigenvalues", done, total, unit: "products" },
					note: above[0] === undefined ? `lowest ${shown(below[0]?.value)}` : `largest ${shown(above[0].value)}`,
					estimates: {
						...(top > 0 && { largest: above[0]?.value ?? Number.NaN }),
						...(bottom > 0 && { lowest: below[0]?.value ?? Number.NaN }),
					},
				}),
		},
		notebook,
	);
	return {
		top: found.top,
		bottom: found.bottom,
		noiseFloor: NOISE * found.largest,
		products: found.products,
		vectors: settings.trace || settings.scale !== undefined ? found.vectors() : [],
	};
}

function traceOf({ derivatives, layout, settings, notebook, tell }: Measured, known: readonly Float32Array[]) {
	const most = 100;
	return trace(
		(vector) => derivatives.product(vector),
		{
			...{ layout, seed: settings.seed, known, most, least: 16, tolerance: 0.02 },
			hold: (vector) => derivatives.hold(vector),
			onProbe: ({ value, standardError, probes: done }) => {
				const note = `${shown(value)} ± ${shown(standardError)}`;
				tell({ stage: "trace", done, total: most, unit: "probes", note, estimates: { trace: value } });
			},
		},
		notebook,
	);
}

function secantOf({ derivatives, loss, settings, notebook, tell }: Measured, along: SecantAlong): Promise<Secant> {
	return secant(
		{
			...{ origin: derivatives.origin, loss, along, seed: settings.seed },
			lossAt: (parameters) => derivatives.value(parameters),
			onPoint: (done, total) => tell({ stage: "secant curvature", done, total, unit: "points", note: "" }),
		},
		notebook,
	);
}

type SecantAlong = Parameters<typeof secant>[0]["along"];

function densityOf({ derivatives, layout, settings, notebook, tell }: Measured): Promise<Density> {
	const { seed, probes, width, densitySteps: steps } = settings;
	return density(
		(vector) => derivatives.product(vector),
		{
			...{ length: layout.length, dimensions: derivatives.moving, seed, probes, steps },
			hold: (vector) => derivatives.hold(vector),
			...(width !== undefined && { width }),
			onProbe: (done) => tell({ stage: "density", done, total: probes, unit: "probes", note: "" }),
		},
		notebook,
	);
}

function shown(value: number | undefined): string {
	return (value ?? Number.NaN).toPrecision(4);
}
