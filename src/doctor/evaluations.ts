import { isIsolossError } from "../errors.js";
import { sha256 } from "../exact/digest.js";
import type { SampleParts } from "../probe/of-samples.js";
import { requestOf } from "../resolve/again.js";
import { type Resolved, resolve } from "../resolve/index.js";
import type { SweepRequest } from "../resolve/request.js";
import { type Coordinates, type Grid, gridPoints, regularGrid } from "../surface/grid.js";
import type { RequestRecord } from "../surface/provenance.js";
import { emptySurface, record, type Surface } from "../surface/surface.js";
import type { Executor } from "../sweep/executor.js";
import { partsOfSamples } from "../sweep/of-samples.js";
import { planDigest } from "../sweep/plan.js";
import type { Problem } from "../sweep/problem.js";

/** Options of a sweep to be changed; undefined leaves one out. */
export type Changes = { readonly [Option in keyof SweepRequest]?: SweepRequest[Option] | undefined };

/** A request without what says where to look. */
export const noDirections = {
	directions: undefined,
	to: undefined,
	align: undefined,
	trajectory: undefined,
	mark: undefined,
	origin: undefined,
	centred: undefined,
	norm: undefined,
	bias: undefined,
	steps: undefined,
} as const;

/** What checks evaluate anew, by one executor, and keeps of it what several ask for. */
export class Evaluations {
	readonly #executor: Executor<Problem>;
	readonly #request: RequestRecord;
	readonly #signal: AbortSignal | undefined;

	constructor(executor: Executor<Problem>, request: RequestRecord, signal?: AbortSignal) {
		this.#executor = executor;
		this.#request = request;
		this.#signal = signal;
	}

	/** What a request like that of the run comes to, with some of it changed. */
	resolveWith(changes: Changes): Promise<Resolved> {
		const asked = Object.entries({ ...requestOf(this.#request), ...changes });
		return resolve(Object.fromEntries(asked.filter(([, value]) => value !== undefined)) as SweepRequest);
	}

	/**
	 * The network at the origin alone, with some of the request changed. Directions, which may take long to be had, are others, but for
	 * those whose origin comes with them.
	 */
	resolveOrigin(changes: Changes): Promise<Resolved> {
		const others = this.#request.directions === "pca" ? {} : noDirections;
		return this.resolveWith({ ...others, ...changes, x: { min: 0, max: 0, steps: 1 }, y: null });
	}

	/** So many samples, or all where there are fewer. */
	async atMost(samples: number): Promise<number | "all"> {
		try {
			const { trajectory } = await this.resolveOrigin({ samples });
			await trajectory?.checkpoints.close();
			return samples;
		} catch (error) {
			if (isIsolossError(error, "OptionError")) return "all";
			throw error;
		}
	}

	/** The loss on a grid, as a surface. */
	async surfaceOf({ problem, plan, fields }: Resolved, grid: Grid): Promise<Surface> {
		const surface = emptySurface({
			...{ grid, extras: [], anchors: problem.section.anchors, fields: fields.filter(({ name }) => name === "loss") },
			provenance: { plan, version: "", caption: [], assumptions: [], notes: {} },
		});
		const digest = sha256("doctor", planDigest(plan), JSON.stringify(grid));
		const job = { digest, grid, extras: [], problem: { ...problem, probes: ["loss"] } };
		const batches = Array.from({ length: gridPoints(grid) }, (_, first) => ({ first, count: 1 }));
		for await (const batch of this.#executor.run(job, batches, this.#signal)) record(surface, batch);
		return surface;
	}

	/** What probes measure at a place, one number after another. */
	async at({ problem, plan }: Resolved, probes: readonly string[], place: Coordinates): Promise<readonly number[]> {
		const grid = regularGrid({ min: 0, max: 0, steps: 1 }, null);
		const digest = sha256("doctor", planDigest(plan), ...probes, Float64Array.from(place));
		const job = { digest, grid, extras: [place], problem: { ...problem, probes } };
		for await (const { values } of this.#executor.run(job, [{ first: 1, count: 1 }], this.#signal)) return [...values];
		return [];
	}

	/** What each sample adds to the loss at some places. */
	async lossesOf({ problem, plan }: Resolved, places: readonly Coordinates[]): Promise<SampleParts[]> {
		const asked = { digest: planDigest(plan), fields: ["loss"], places };
		const parts = await partsOfSamples(this.#executor, problem, asked, this.#signal);
		return parts.flatMap(([loss]) => loss ?? []);
	}
}
