import { exp } from "../exact/elementary.js";
import { extend, krylov, type Operator, ritz } from "./lanczos.js";
import { type Notebook, noted } from "./notebook.js";
import { rademacher } from "./trace.js";
import { meanOf } from "./vector.js";

/** How the eigenvalues are spread: a curve, and what it was made from. */
export interface Density {
	/** Values of the eigenvalue. */
	readonly at: readonly number[];
	/** The density there, which sums to 1; its mean over the probes. */
	readonly density: readonly number[];
	/** The standard error of that mean, by the spread between probes. */
	readonly standardError: readonly number[];
	/** Standard deviation of the Gaussian that stands for each eigenvalue. */
	readonly width: number;
	/** What each probe found: eigenvalues, and which share of all each stands for. */
	readonly probes: readonly { readonly nodes: readonly number[]; readonly weights: readonly number[] }[];
}

export interface DensityOptions {
	readonly length: number;
	readonly dimensions: number;
	readonly seed: number;
	readonly probes: number;
	/** Products a probe. */
	readonly steps: number;
	/** Standard deviation of the Gaussians; a 300th of the range where nothing is said. */
	readonly width?: number;
	readonly hold: (vector: Float32Array) => Float32Array;
	readonly onProbe?: (probe: number) => void;
}

/** Places at which the density is given. */
const PLACES = 1000;

/**
 * The spectral density of a symmetric operator by stochastic Lanczos quadrature.
 *
 * @see Ghorbani, Krishnan and Xiao, ICML 2019 (arXiv 1901.10159); Ubaru, Chen and Saad, SIMAX 38 (2017)
 */
export async function density(operator: Operator, options: DensityOptions, notebook: Notebook): Promise<Density> {
	const probes: Density["probes"][number][] = [];
	for (let probe = 0; probe < options.probes; probe++) {
		const { numbers } = await noted(notebook, `density ${probe}`, async () => ({
			numbers: await quadrature(operator, probe, options),
		}));
		const half = numbers.length / 2;
		probes.push({ nodes: numbers.slice(0, half), weights: numbers.slice(half) });
		options.onProbe?.(probe + 1);
	}
	const nodes = probes.flatMap((probe) => probe.nodes);
	const [least, most] = [Math.min(...nodes), Math.max(...nodes)];
	const range = most - least;
	const width = options.width ?? Math.max(range / 300, 1e-5 * Math.max(Math.abs(least), Math.abs(most)), 1e-30);
	const [from, to] = [least - 4 * width, most + 4 * width];
	const at = Array.from({ length: PLACES }, (_, i) => from + ((to - from) * i) / (PLACES - 1));
	const curves = probes.map((probe) => at.map((place) => gaussians(place, probe, width)));
	const places = at.map((_, i) => meanOf(curves.map((curve) => curve[i] ?? 0)));
	return {
		at,
		density: places.map(({ mean }) => mean),
		standardError: places.map(({ standardError }) => standardError),
		width,
		probes,
	};
}

/** Nodes, then their weights: the squares of the first components of the eigenvectors. */
async function quadrature(
	operator: Operator,
	probe: number,
	{ length, dimensions, seed, steps, hold }: DensityOptions,
): Promise<number[]> {
	const draw = (part: number) => Float64Array.from(hold(rademacher(length, seed, part, "densityProbes")));
	const space = krylov(draw(probe));
	const most = Math.min(steps, dimensions);
	while (space.diagonal.length < most && space.basis.length > space.diagonal.length) {
		await extend(space, operator, (step) => draw((probe + 1) * 2 ** 16 + step));
		// What is left over is nothing: the probe's own space is done, and what comes after has no weight.
		if (space.offDiagonal.at(-1) === 0) break;
	}
	const { spectrum } = ritz(space);
	return [...spectrum.values, ...spectrum.vectors.map((vector) => (vector[0] ?? 0) ** 2)];
}

function gaussians(
	place: number,
	{ nodes, weights }: { readonly nodes: readonly number[]; readonly weights: readonly number[] },
	width: number,
): number {
	let sum = 0;
	for (const [i, node] of nodes.entries()) {
		const distance = (place - node) / width;
		if (Math.abs(distance) < 40) sum += (weights[i] ?? 0) * exp(-0.5 * distance * distance);
	}
	return sum / (width * Math.sqrt(2 * Math.PI));
}
