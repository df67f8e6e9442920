import { rm } from "node:fs/promises";
import { noNotebook } from "../curvature/notebook.js";
import { OptionError } from "../errors.js";
import { drawnField } from "../render/parts/values.js";
import { openNotebook, type StoredNotebook } from "../store/notebook.js";
import type { FieldSpec } from "../surface/field.js";
import { gridPoints } from "../surface/grid.js";
import type { BatchResult } from "../surface/surface.js";
import type { Batch, Executor, Job } from "../sweep/executor.js";
import type { Problem } from "../sweep/problem.js";
import { anchorsOf } from "./anchors.js";
import { halfWidthAt, samplesAt } from "./looks.js";
import { batchesOf, jobOver, type Stretch } from "./problem.js";
import { lineShifts } from "./shift.js";
import { Tallies } from "./tallies.js";

/** How far a look has got. */
export interface ConfidenceProgress {
	/** Which look, and how many samples it takes. */
	readonly stage: string;
	readonly done: number;
	readonly total: number;
	readonly unit: "points";
	readonly note: string;
}

/** Where notes are kept, and whether they are begun anew. */
interface Keeping {
	readonly path: string;
	readonly fresh: boolean;
}

type Tell = (progress: ConfidenceProgress) => void;

/**
 * Carries out a sweep by another executor, on as many samples as its contour lines need: look after look with twice the samples at
 * the points where a line may still lie more than half a cell off, until there are none or all samples are used.
 *
 * Once as much has been spent as it takes to evaluate every fourth column and row on all samples, that is done, and other points are
 * compared with these (`anchorsAround`). So it never takes more than twice what the cheaper of both ways would.
 *
 * What comes out depends on values alone: neither on threads nor on interruptions, after which it goes on from its notebook.
 */
export class ConfidentExecutor implements Executor<Problem> {
	readonly slots: number;
	readonly #inner: Executor<Problem>;
	readonly #means: readonly FieldSpec[];
	readonly #tell: Tell;
	#keeping: Keeping | undefined;
	#notebook: StoredNotebook | undefined;

	/** @param means the fields, the loss first, each of which is a mean over samples */
	constructor(inner: Executor<Problem>, means: readonly FieldSpec[], tell: Tell = () => undefined) {
		this.slots = inner.slots;
		this.#inner = inner;
		this.#means = means;
		this.#tell = tell;
	}

	/** Keeps what is found in a file from the first look on; an interrupted sweep goes on from there. */
	keep(keeping: Keeping): void {
		this.#keeping = keeping;
	}

	/** Means in their order, their standard errors, and how many samples they are of, at each point asked for. */
	async *run(job: Job<Problem>, batches: readonly Batch[], signal?: AbortSignal): AsyncGenerator<BatchResult> {
		if (batches.length === 0) return;
		const { path, fresh } = this.#keeping ?? {};
		if (path !== undefined) this.#notebook = await openNotebook(path, job.digest, fresh ?? false, "confidence");
		const tallies = await this.#looked(job, signal);
		for (const { first, count } of batches) {
			const points = Array.from({ length: count }, (_, i) => first + i);
			const values = points.flatMap((point) => {
				const estimates = this.#means.map((_, field) => tallies.estimate(point, field));
				return [
					...estimates.map(({ mean }) => mean),
					...estimates.map(({ standardError }) => standardError),
					tallies.count(point),
				];
			});
			yield { first, count, values: Float64Array.from(values) };
		}
	}

	/** @param isComplete whether nobody will go on from the notebook */
	async finish(isComplete: boolean): Promise<void> {
		await this.#notebook?.close();
		this.#notebook = undefined;
		if (isComplete && this.#keeping !== undefined) await rm(this.#keeping.path, { force: true });
	}

	async close(): Promise<void> {
		await this.#inner.close();
	}

	async #looked(job: Job<Problem>, signal: AbortSignal | undefined): Promise<Tallies> {
		const { grid, extras, problem } = job;
		const population = problem.data.samples;
		const points = gridPoints(grid);
		const tallies = new Tallies(grid, { points: points + extras.length, fields: this.#means.length, population });
		const take = (which: readonly number[], to: number, stage: string) =>
			this.#take({ job, tallies, signal }, which, to, stage);
		const lacking = (which: Iterable<number>, to: number) => sumOf(which, (point) => to - tallies.count(point));
		const anchors = anchorsOf(grid);
		let unsettled: readonly number[] = Array.from({ length: points }, (_, point) => point);
		let doublings = 0;
		for (let look = 0; unsettled.length > 0; look++) {
			const price = lacking(anchors, population);
			const isWorthIt = tallies.spent >= price && price < lacking(unsettled, population);
			if (isWorthIt && !tallies.hasAnchors) {
				await take(anchors, population, `look ${look + 1}, all ${population} samples at anchors`);
				tallies.useAnchors();
			} else {
				const samples = samplesAt(doublings++, population);
				await take(unsettled, samples, `look ${look + 1}, ${samples} samples`);
			}
			unsettled = unsettledAt(tallies, job, look).filter((point) => tallies.count(point) < population);
		}
		const apart = extras.map((_, i) => points + i);
		await take(apart, population, `all ${population} samples apart from the grid`);
		return tallies;
	}

	/** Evaluates points on their next samples, up to a number of them. */
	async #take(
		{ job, tallies, signal }: { job: Job<Problem>; tallies: Tallies; signal: AbortSignal | undefined },
		points: readonly number[],
		to: number,
		stage: string,
	): Promise<void> {
		const lacking = points.filter((point) => tallies.count(point) < to).sort((a, b) => a - b);
		let done = 0;
		const starts = [...new Set(lacking.map((point) => tallies.count(point)))].sort((a, b) => a - b);
		const groups = starts.map((from) => ({ from, points: lacking.filter((point) => tallies.count(point) === from) }));
		for (const { from, points: some } of groups)
			for await (const { first, count, values } of this.#valuesOf(job, some, { from, to }, signal)) {
				for (let i = 0; i < count; i++)
					tallies.add(
						first + i,
						this.#means.map((_, field) => {
							const start = (i * this.#means.length + field) * (to - from);
							return values.slice(start, start + to - from);
						}),
					);
				done += count;
				this.#tell({ stage, done, total: lacking.length, unit: "points", note: "" });
			}
	}

	/** What each sample of a stretch gives at some points: point by point, field by field; as it was noted, or computed now and noted. */
	async *#valuesOf(
		job: Job<Problem>,
		points: readonly number[],
		stretch: Stretch,
		signal: AbortSignal | undefined,
	): AsyncGenerator<BatchResult> {
		const notebook = this.#notebook ?? noNotebook;
		const keyOf = ({ first, count }: Batch) => `${stretch.from}-${stretch.to} ${first}+${count}`;
		const left: Batch[] = [];
		for (const batch of batchesOf(points, stretch.to - stretch.from)) {
			const noted = notebook.find(keyOf(batch));
			if (noted === undefined) left.push(batch);
			else yield { ...batch, values: Float64Array.from(noted.numbers) };
		}
		if (left.length === 0) return;
		const names = this.#means.map(({ name }) => name);
		for await (const result of this.#inner.run(jobOver(job, names, stretch), left, signal)) {
			const values = meansOfSamples(result.values, stretch.to - stretch.from);
			await notebook.note(keyOf(result), { numbers: [...values] });
			yield { ...result, values };
		}
	}
}

function sumOf(points: Iterable<number>, of: (point: number) => number): number {
	let sum = 0;
	for (const point of points) sum += of(point);
	return sum;
}

/** The points around which a line may lie farther off than it should, by what is known after a look. */
function unsettledAt(tallies: Tallies, { grid }: Job<Problem>, look: number): number[] {
	const points = gridPoints(grid);
	const estimates = Array.from({ length: points }, (_, point) => tallies.estimate(point, 0));
	const values = Float64Array.from(estimates, ({ mean }) => mean);
	const loss = { name: "loss", label: "loss", unit: "loss", values } as const;
	const of = drawnField({ grid, fields: [loss], done: new Uint8Array(points).fill(1) }, "loss");
	const halfWidths = Float64Array.from(estimates, ({ standardError }, point) =>
		halfWidthAt(standardError, tallies.count(point), look, points),
	);
	return [...lineShifts(of, halfWidths).unsettled].sort((a, b) => a - b);
}

/**
 * Of sums and weights, a stretch of either in turn, each sample's mean.
 *
 * @throws {OptionError} where samples count differently: what is estimated is a mean of samples that count alike
 */
function meansOfSamples(parts: Float64Array, samples: number): Float64Array {
	const means = new Float64Array(parts.length / 2);
	for (let start = 0; start < parts.length; start += 2 * samples) {
		const weight = parts[start + samples] ?? Number.NaN;
		for (let i = 0; i < samples; i++) {
			const own = parts[start + samples + i];
			if (own !== weight)
				throw new OptionError(
					"confidence",
					`expected a loss and metrics that count all samples alike, got samples of weights ${weight} and ${own}`,
				);
			means[start / 2 + i] = (parts[start + i] ?? Number.NaN) / weight;
		}
	}
	return means;
}
