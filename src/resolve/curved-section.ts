import type { AlignmentProgress } from "../align/match.js";
import { Derivatives } from "../curvature/derivatives.js";
import { type CurvedKind, curvedDirections, reach } from "../curvature/directions.js";
import type { CurvatureProblem } from "../curvature/memory.js";
import type { CurvatureProgress } from "../curvature/progress.js";
import { OptionError } from "../errors.js";
import { parameterLayout } from "../network/parameters.js";
import { defaults } from "../options/plane/index.js";
import { affineSection } from "../section/affine.js";
import { normalize } from "../section/normalize.js";
import { cosine } from "../section/products.js";
import type { VectorStore } from "../section/vector-store.js";
import type { Anchor } from "../surface/surface.js";
import type { Stillness } from "./moving.js";
import type { SweepRequest } from "./request.js";
import type { ResolvedSection } from "./section.js";

/** Who computes what a request takes derivatives for. */
export interface ResolveOptions {
	/** How many threads; no bit depends on it. */
	readonly threads?: number;
	readonly signal?: AbortSignal | undefined;
	/** Where directions are kept; in memory where nothing is said. */
	readonly store?: VectorStore;
	/** Told what is being computed, and how far it has got. */
	readonly onProgress?: ((progress: CurvatureProgress | AlignmentProgress) => void) | undefined;
}

/**
 * The line or plane along directions that the curvature at the network gives.
 *
 * @throws {OptionError} where statistics of batch normalisation depend on the batch, so that the loss has no such derivative
 */
export async function alongCurvature(
	problem: CurvatureProblem,
	kind: CurvedKind,
	request: SweepRequest,
	moving: Stillness,
	{ threads = 1, signal, onProgress }: ResolveOptions,
): Promise<ResolvedSection> {
	const { batchNorm = defaults.batchNorm, norm, bias, seed } = { ...defaults, norm: undefined, ...request };
	if (batchNorm !== "running" && batchNorm !== "fixed")
		throw new OptionError("batchNorm", `expected running or fixed for directions ${kind}, got ${batchNorm}`);
	const { state, graph } = problem;
	const layout = parameterLayout(graph);
	const count = request.y === null ? 1 : 2;
	const derivatives = await Derivatives.start(problem, threads, signal);
	try {
		const loss = await derivatives.value();
		const settings = { kind, count, layout, seed, bias, norm: norm ?? defaults.norm, still: moving.still } as const;
		const found = await curvedDirections(derivatives, { ...settings, onProgress });
		const directions = found.map(({ vector, label, curvature }) => {
			if (norm === undefined) return { vector, label, half: reach(loss, curvature) };
			const scaled = Float64Array.from(vector);
			normalize(scaled, state.parameters, layout, norm, bias);
			const name = label.replace(/,.*/, "");
			return { vector: Float32Array.from(scaled), label: `${name}, norm ${norm}`, half: 1 };
		});
		const [x, y] = directions;
		if (x === undefined) throw new RangeError("no direction");
		const origin: Anchor = {
			label: request.labels?.[0] ?? "origin",
			at: directions.map(() => 0),
			role: "origin",
		};
		const moved = ({ vector }: typeof x) => ({ parameters: vector });
		return {
			section: affineSection(state, y === undefined ? [moved(x)] : [moved(x), moved(y)], [origin]),
			cosine: y === undefined ? null : cosine(x.vector, y.vector),
			facts: [
				`directions ${kind}`,
				...(norm === undefined ? ["axes of length 1"] : [`norm ${norm}`, `bias ${bias}`]),
				`seed ${seed}`,
				...moving.facts,
			],
			assumptions: [
				...found.flatMap(({ doubt }) => doubt ?? []),
				...(norm === undefined
					? []
					: [`directions ${kind} are what they were no more: norm ${norm} has scaled them by tensors`]),
			],
			axisLabels: directions.map(({ label }) => label),
			halves: directions.map(({ half }) => half),
		};
	} finally {
		await derivatives.close();
	}
}
