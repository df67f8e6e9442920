import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./fixtures.js";

interface Derivatives {
	readonly loss: number;
	readonly gradientNorm: number;
	readonly gradientNormByTensor: Record<string, number>;
	/** Along unit vectors, by name. */
	readonly slope: Record<"b-a" | "c-a", number>;
	readonly vHv: Record<"b-a" | "c-a", number>;
	/** The mixed one. */
	readonly uHw: number;
	/** Of the gradient, ĝᵀHĝ. */
	readonly gradientHgradientNormalised: number;
}

/** Losses at θ0 + tv along an eigenvector. */
type Losses = readonly { readonly t: number; readonly loss: number }[];

interface PairedSamples {
	readonly mean: number;
	readonly standardError: number;
	readonly pairedDifference: number;
	readonly pairedStandardError: number;
	readonly correlationWithOrigin: number;
	/** Covariance over the variance at theta0. */
	readonly controlVariateSlope: number;
}

/** What PyTorch says of a network in float64, by double backward. */
export interface Reference {
	readonly directions: Record<"b-a" | "c-a", { readonly norm: number }>;
	/** Of single samples' losses: n − 1 in all variances, and pairs with those at theta0. */
	readonly perSample: {
		readonly a: { readonly mean: number; readonly standardError: number };
		readonly midpoint: PairedSamples;
		readonly b: PairedSamples;
	};
	readonly theta0: Derivatives;
	readonly midpoint: Derivatives;
	readonly hessian: {
		readonly top: number[];
		readonly bottom: number[];
		readonly trace: number;
		readonly lossAlongVector: { readonly top: Losses; readonly second: Losses };
	};
	readonly sharpness: {
		readonly sam: {
			readonly rho: number;
			readonly linear: number;
			readonly quadratic: number;
			readonly step: number;
		}[];
		readonly asam: { readonly values: { readonly rho: number; readonly linear: number; readonly step: number }[] };
		readonly fisherRao: { readonly thetaFisherTheta: number };
	};
}

/** The reference of a network of the corpus, in shared files where those are at hand. */
export async function referenceOf(name: string): Promise<Reference | undefined> {
	const path = join(root, "..", "shared", "reference", `${name}.json`);
	if (!(await stat(path).catch(() => undefined))) return undefined;
	return JSON.parse(await readFile(path, "utf8")) as Reference;
}
