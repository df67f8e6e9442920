import { gridPoints } from "../../surface/grid.js";
import { type BatchResult, isInterpolated, record } from "../../surface/surface.js";
import { carryOutBatches, type Keeper } from "../carry-out.js";
import type { Batch, Executor, Job } from "../executor.js";
import { missing } from "../plan.js";
import { type AdaptiveReport, adaptiveRounds, type Round } from "./rounds.js";

/** What an adaptive sweep is asked for, and whom it tells. */
export interface AdaptiveSettings {
	/** The shift of isolines, in cells of the grid, that is tolerated. */
	readonly cells: number;
	/** Told of each round whose points are not all there, before it begins. */
	readonly onRound?: (round: Round, missing: number) => void;
}

/** Each slot has about so many batches a round, so that none waits long for the last one. */
const BATCHES_A_SLOT = 4;

/**
 * The whole of an adaptive sweep: the rounds' points are carried out, each round when the one before is complete; what they say of the
 * others is kept last, and marked.
 *
 * @returns each run of points as it is kept; at the end, how good the surface is
 */
export async function* carryOutAdaptively<Problem>(
	job: Job<Problem>,
	keeper: Keeper,
	executor: Executor<Problem>,
	{ cells, onRound }: AdaptiveSettings,
	signal?: AbortSignal,
): AsyncGenerator<BatchResult, AdaptiveReport, void> {
	const { surface } = keeper;
	const apart = missing(surface, executor.slots).filter(({ first }) => first >= gridPoints(surface.grid));
	const rounds = adaptiveRounds(surface, cells, seedOf(job.digest));
	for (let round = rounds.next(); ; round = rounds.next()) {
		if (round.done === true) {
			yield* keepPredicted(keeper, round.value.predicted);
			return round.value.report;
		}
		const { points, purpose } = round.value;
		const lacking = points.filter((point) => surface.done[point] !== 1 || isInterpolated(surface, point));
		if (lacking.length > 0) onRound?.(round.value, lacking.length);
		const longest = Math.max(1, Math.ceil(lacking.length / (BATCHES_A_SLOT * executor.slots)));
		const batches = [...runsOf(lacking, longest), ...(purpose === "first grid" ? apart : [])];
		yield* carryOutBatches(job, batches, keeper, executor, signal);
	}
}

/** The first 13 digits of the plan's digest: 52 bits. */
function seedOf(digest: string): number {
	return Number.parseInt(digest.slice(0, 13), 16);
}

/** Points in rising order as runs, none longer than some length. */
function runsOf(points: readonly number[], longest: number): Batch[] {
	const batches: { first: number; count: number }[] = [];
	for (const point of points) {
		const last = batches.at(-1);
		if (last !== undefined && last.first + last.count === point && last.count < longest) last.count++;
		else batches.push({ first: point, count: 1 });
	}
	return batches;
}

async function* keepPredicted(
	keeper: Keeper,
	predicted: { readonly points: readonly number[]; readonly fields: readonly Float64Array[] },
): AsyncGenerator<BatchResult, void, void> {
	const { surface } = keeper;
	const columnOf = new Map(predicted.points.map((point, i) => [point, i] as const));
	const lacking = predicted.points.filter((point) => surface.done[point] !== 1);
	for (const { first, count } of runsOf(lacking, lacking.length)) {
		const values = new Float64Array(count * predicted.fields.length);
		for (let i = 0; i < count; i++)
			for (const [field, column] of predicted.fields.entries())
				values[i * predicted.fields.length + field] = column[columnOf.get(first + i) ?? -1] ?? Number.NaN;
		const result = { first, count, values, interpolated: true };
		await keeper.append(result);
		record(surface, result);
		yield result;
	}
}
