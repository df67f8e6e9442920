import { sha256 } from "../exact/digest.js";
import { sharedVector } from "../network/shared-memory.js";
import type { Section } from "../section/section.js";
import { regularGrid } from "../surface/grid.js";
import type { Executor } from "./executor.js";
import type { Problem } from "./problem.js";

/** Bytes of networks that are with the workers at a time, and how many at most. */
const [HELD_BYTES, MOST_HELD] = [256 << 20, 16];

/** Networks one after another: what of them there are, and each when its turn comes. */
export interface NetworkRow {
	readonly count: number;
	/** SHA-256 over all that their losses depend on. */
	readonly digest: string;
	/** Puts the parameters of one into an array. */
	read(number: number, into: Float32Array): Promise<void>;
	/** The running statistics of each. */
	readonly statistics: readonly Float32Array[];
}

/** The loss of a network with the running statistics of the section's origin, and with its own. */
export interface CheckpointLoss {
	readonly loss: number;
	readonly own: number;
}

/**
 * The losses of networks that need not lie on a section, by the executor of its sweep, some networks at a time: as the points of a
 * chain from network to network.
 */
export async function checkpointLosses(
	executor: Executor<Problem>,
	problem: Problem,
	networks: NetworkRow,
	signal?: AbortSignal,
): Promise<CheckpointLoss[]> {
	const { section, batchNorm } = problem;
	const length = section.vectors[0]?.length ?? 0;
	const some = Math.max(1, Math.min(MOST_HELD, Math.floor(HELD_BYTES / (4 * length))));
	const origin = section.statistics[0] ?? new Float32Array();
	const differ = origin.length > 0 && (batchNorm === "running" || batchNorm === "fixed");
	const losses: CheckpointLoss[] = [];
	const rooms = Array.from({ length: Math.min(some, networks.count) }, () => sharedVector(length));
	for (let first = 0; first < networks.count; first += some) {
		const count = Math.min(some, networks.count - first);
		const vectors = rooms.slice(0, count);
		for (const [i, vector] of vectors.entries()) await networks.read(first + i, vector);
		const statistics = networks.statistics.slice(first, first + count);
		const judge = (chained: Section, whose: string) =>
			lossesOf(executor, problem, chained, sha256(networks.digest, String(first), whose), signal);
		const own = await judge(chain(vectors, differ ? statistics : [origin]), "own");
		const there = differ ? await judge(chain(vectors, [origin]), "origin") : own;
		losses.push(...own.map((loss, i) => ({ loss: there[i] ?? Number.NaN, own: loss })));
	}
	return losses;
}

function chain(vectors: readonly Float32Array[], statistics: Section["statistics"]): Section {
	return { vectors, statistics, weighting: "chain", dimensions: 1, anchors: [] };
}

async function lossesOf(
	executor: Executor<Problem>,
	problem: Problem,
	section: Section,
	digest: string,
	signal: AbortSignal | undefined,
): Promise<number[]> {
	const count = section.vectors.length;
	const job = {
		digest,
		grid: regularGrid({ min: 0, max: count - 1, steps: count }, null),
		extras: [],
		problem: {
			...problem,
			section,
			probes: ["loss"],
			batchNorm: problem.batchNorm === "fixed" ? "running" : problem.batchNorm,
		},
	} as const;
	const losses = new Array<number>(count).fill(Number.NaN);
	const batches = Array.from({ length: count }, (_, first) => ({ first, count: 1 }));
	for await (const { first, values } of executor.run(job, batches, signal)) losses[first] = values[0] ?? Number.NaN;
	return losses;
}
