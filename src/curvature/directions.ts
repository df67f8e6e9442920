import { OptionError } from "../errors.js";
import type { Layout } from "../network/parameters.js";
import type { BiasRule, Normalization } from "../section/normalize.js";
import { orthogonalUnit, unit } from "../section/orthogonal.js";
import { dot, norm } from "../section/products.js";
import { randomDirection } from "../section/random.js";
import type { Derivatives } from "./derivatives.js";
import { type Eigenvalue, extremes } from "./lanczos.js";
import { noNotebook } from "./notebook.js";
import type { CurvatureProgress } from "./progress.js";

/** Directions that the loss itself gives, at a network. */
export const curvedKinds = [
	"hessian",
	"hessian:top,bottom",
	"gradient",
	"gradient,curvature",
] as const satisfies readonly CurvedKind[];

/** Kinds of directions by what the loss gives. */
export type CurvedKind = "hessian" | "hessian:top,bottom" | "gradient" | "gradient,curvature";

/** A direction of length 1, and what it is. */
export interface CurvedDirection {
	readonly vector: Float32Array;
	/** For an axis: `eigenvector 1, λ = 1.937`. */
	readonly label: string;
	/** dᵀHd. */
	readonly curvature: number;
	/** What is uncertain of it, in a sentence. */
	readonly doubt?: string;
}

export interface DirectionsOptions {
	readonly kind: CurvedKind;
	/** How many: one for a line. */
	readonly count: 1 | 2;
	readonly layout: Layout;
	readonly still: ReadonlySet<string>;
	/** Of the random vectors. */
	readonly seed: number;
	readonly bias: BiasRule;
	/** Of the random direction. */
	readonly norm: Normalization;
	readonly onProgress?: ((progress: CurvatureProgress) => void) | undefined;
}

/** Products that eigenvectors may take. */
const STEPS = 80;

/** Of an eigenvector's residual, in units of the largest eigenvalue. */
const TOLERANCE = 1e-3;

/**
 * Directions of length 1 by the curvature at a network. Each points downhill, where the loss has a slope along it at all: what is right
 * or up in a picture is where the loss falls first.
 *
 * @throws {OptionError} where the gradient is 0, or a plane would be a line
 */
export async function curvedDirections(
	derivatives: Derivatives,
	options: DirectionsOptions,
): Promise<CurvedDirection[]> {
	const gradient = await derivatives.gradient();
	const found = options.kind.startsWith("hessian")
		? await eigenvectors(derivatives, options)
		: await alongGradient(derivatives, gradient, options);
	return found.slice(0, options.count).map((direction) => {
		const uphill = dot(gradient, direction.vector) > 0;
		return uphill ? { ...direction, vector: direction.vector.map((part) => -part) } : direction;
	});
}

async function eigenvectors(
	derivatives: Derivatives,
	{ kind, seed, layout, onProgress }: DirectionsOptions,
): Promise<CurvedDirection[]> {
	const [top, bottom] = kind === "hessian" ? [2, 0] : [1, 1];
	const found = await extremes(
		(vector) => derivatives.product(vector),
		layout.length,
		{
			...{ top, bottom, seed, steps: STEPS, tolerance: TOLERANCE, dimensions: derivatives.moving },
			hold: (vector) => derivatives.hold(vector),
			onStep: (done, [largest]) =>
				onProgress?.({
					...{ stage: "directions", done, total: STEPS, unit: "products" },
					note: `largest eigenvalue ${shown(largest?.value)}`,
				}),
		},
		noNotebook,
	);
	const vectors = found.vectors();
	const names = kind === "hessian" ? ["eigenvector 1", "eigenvector 2"] : ["top eigenvector", "bottom eigenvector"];
	const pairs = [...found.top, ...found.bottom];
	if (pairs.length < 2) throw new OptionError("directions", "expected a network of two parameters or more");
	return pairs.map((pair, i) => described(names[i] ?? "", pair, vectors[i] ?? new Float32Array()));
}

function described(name: string, { value, residual, settled }: Eigenvalue, vector: Float32Array): CurvedDirection {
	if (settled) return { vector, label: `${name}, λ = ${shown(value)}`, curvature: value };
	return {
		vector,
		label: `${name}, λ = ${shown(value)} ± ${shown(residual)}`,
		curvature: value,
		doubt: `the ${name} is not settled after ${STEPS} products: its eigenvalue is ${shown(value)} ± ${shown(residual)}`,
	};
}

async function alongGradient(
	derivatives: Derivatives,
	gradient: Float32Array,
	{ kind, count, layout, still, seed, bias, norm: normalization }: DirectionsOptions,
): Promise<CurvedDirection[]> {
	const down = unit(gradient);
	if (down === undefined) throw new OptionError("directions", "expected a gradient other than 0 for them");
	const image = await derivatives.product(down);
	const first = {
		vector: down.map((part) => -part),
		label: `down the gradient, length ${shown(norm(gradient))}`,
		curvature: dot(down, image),
	};
	if (count === 1) return [first];
	const isRandom = kind === "gradient";
	const other = isRandom
		? randomDirection("y", derivatives.origin, layout, { seed, norm: normalization, bias, still })
		: image;
	const second = orthogonalUnit(other, down);
	if (second === undefined)
		throw new OptionError("directions", "expected a curvature that turns the gradient: Hg lies along g");
	const curvature = dot(second, await derivatives.product(second));
	const label = `${isRandom ? "random direction" : "along H∇L"}, curvature ${shown(curvature)}`;
	return [first, { vector: second, label, curvature }];
}

/** A number with four significant digits. */
function shown(value = Number.NaN): string {
	return String(Number(value.toPrecision(4))).replace("-", "−");
}

/**
 * How far to look along a direction: where a parabola of that curvature has risen by the loss and 1, at most 2; rounded to two
 * significant digits.
 */
export function reach(loss: number, curvature: number): number {
	const far = Math.sqrt((2 * (loss + 1)) / Math.abs(curvature));
	return Number.isFinite(far) && far < MOST ? Number(far.toPrecision(2)) : MOST;
}

const MOST = 2;
