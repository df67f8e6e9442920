import { basename } from "node:path";
import { OptionError } from "../errors.js";
import { filesMatching } from "../files/matching.js";
import { Spool } from "../files/spool.js";
import { readWeights } from "../formats/index.js";
import { checkState } from "../network/check.js";
import type { Network } from "../network/network.js";
import { type Layout, parameterLayout, type State } from "../network/parameters.js";
import { TRAJECTORY_MARGIN, usualSteps } from "../options/sweep.js";
import { affineSection, type Direction } from "../section/affine.js";
import { principal } from "../section/principal.js";
import { project } from "../section/project.js";
import { rowsOf, type VectorRows } from "../section/rows.js";
import { cosine } from "../section/vector.js";
import { readTrajectory } from "../store/trajectory.js";
import { type Axis, axisValue } from "../surface/grid.js";
import type { Anchor } from "../surface/surface.js";
import type { Path, PrincipalFacts } from "../surface/trajectory.js";
import type { Stillness } from "./moving.js";
import type { Reading } from "./network.js";
import type { SweepRequest } from "./request.js";
import type { ResolvedSection } from "./section.js";

/** Bytes of networks that are held in memory; more are kept in a file for the time being. */
const HELD_BYTES = 1 << 30;

/** Networks of trainings, one after another, path by path. */
export interface Checkpoints {
	readonly rows: VectorRows;
	/** One network's parameters, whole. */
	row(number: number): Promise<Float32Array>;
	/** The running statistics of each. */
	readonly statistics: readonly Float32Array[];
	readonly paths: readonly { readonly label: string; readonly files: readonly string[] }[];
	close(): Promise<void>;
}

/** Reads trainings one network at a time. */
export async function readCheckpoints(
	network: Network,
	given: readonly string[],
	reading: Reading,
): Promise<Checkpoints> {
	const keeper = new Keeper(parameterLayout(network.graph).length);
	const statistics: Float32Array[] = [];
	const paths: { label: string; files: string[] }[] = [];
	try {
		for (const pattern of given) {
			const files: string[] = [];
			for await (const { file, state } of networksOf(pattern, network, reading)) {
				checkState("trajectory", state, network.graph);
				await keeper.add(state.parameters);
				statistics.push(state.statistics);
				files.push(file);
			}
			paths.push({ label: pattern, files });
		}
	} catch (error) {
		await keeper.close();
		throw error;
	}
	return {
		rows: keeper.rows(),
		row: (number) => keeper.row(number),
		statistics,
		paths,
		close: () => keeper.close(),
	};
}

/** The networks of a training, or of files: each when its turn comes. */
export async function* networksOf(
	pattern: string,
	network: Network,
	reading: Reading,
): AsyncGenerator<{ readonly file: string; readonly state: State }> {
	if (pattern.endsWith(".trajectory.msgpack")) {
		for (const { step, state } of (await readTrajectory(pattern)).snapshots) yield { file: `step ${step}`, state };
		return;
	}
	for (const path of await filesMatching(pattern))
		yield { file: basename(path), state: await readWeights(path, network, reading) };
}

/** Vectors in memory, and from so many bytes on in a file. */
class Keeper {
	readonly #length: number;
	#vectors: Float32Array[] = [];
	#spool: Spool | undefined;

	constructor(length: number) {
		this.#length = length;
	}

	async add(vector: Float32Array): Promise<void> {
		if (this.#spool === undefined && 4 * this.#length * (this.#vectors.length + 1) > HELD_BYTES) {
			this.#spool = await Spool.open(this.#length);
			for (const held of this.#vectors) await this.#spool.append(held);
			this.#vectors = [];
		}
		if (this.#spool === undefined) this.#vectors.push(vector);
		else await this.#spool.append(vector);
	}

	rows(): VectorRows {
		const spool = this.#spool;
		if (spool === undefined) return rowsOf(this.#vectors);
		return {
			count: spool.count,
			length: this.#length,
			stretch: (first, size) => spool.stretch(first, size),
		};
	}

	async row(number: number): Promise<Float32Array> {
		return this.#spool?.row(number) ?? this.#vectors[number] ?? new Float32Array();
	}

	async close(): Promise<void> {
		await this.#spool?.close();
	}
}

/** A section of principal components, and where its origin is. */
export interface PrincipalSection extends ResolvedSection {
	readonly facts: readonly string[];
	readonly principal: PrincipalFacts;
	readonly originFile: string;
}

/**
 * The line or plane of the first principal components of trainings.
 *
 * @throws {OptionError} where their networks lie on a line, so that they span no plane
 */
export async function alongPrincipalComponents(
	{ graph, state }: Network,
	checkpoints: Checkpoints,
	request: SweepRequest,
	{ still, facts }: Stillness,
): Promise<PrincipalSection> {
	const { origin: which = "last", centred = false } = request;
	const number = which === "first" ? 0 : (checkpoints.paths[0]?.files.length ?? 0) - 1;
	const origin: State = {
		parameters: await checkpoints.row(number),
		statistics: checkpoints.statistics[number] ?? state.statistics,
	};
	const layout = parameterLayout(graph);
	const hold = still.size === 0 ? undefined : holding(layout, still);
	const found = await principal(checkpoints.rows, { origin: origin.parameters, centred, hold });
	if (found === undefined)
		throw new OptionError(
			"trajectory",
			`expected networks that span a plane, the ${checkpoints.rows.count} there lie on one line or are the same`,
		);
	const { directions, singularValues, explained } = found;
	const [x, y] = directions;
	const anchor: Anchor = {
		label: request.labels?.[0] ?? "origin",
		at: request.y === null ? [0] : [0, 0],
		role: "origin",
	};
	const along = (parameters: Float32Array): Direction => ({ parameters });
	const name = (k: number) => `PC ${k + 1}, ${Number((100 * (explained[k] ?? 0)).toPrecision(3))} %`;
	return {
		section: affineSection(origin, request.y === null ? [along(x)] : [along(x), along(y)], [anchor]),
		cosine: request.y === null ? null : cosine(x, y),
		facts: [`principal components${centred ? ", centred" : " through the origin"}`, ...facts],
		assumptions: [],
		axisLabels: request.y === null ? [name(0)] : [name(0), name(1)],
		principal: { centred, singularValues, explainedVariance: explained },
		originFile: checkpoints.paths[0]?.files[number] ?? "",
	};
}

/** Sets to 0 what does not move, in a stretch of a vector. */
function holding(layout: Layout, still: ReadonlySet<string>): (difference: Float64Array, first: number) => void {
	const held = layout.slots.filter(({ name }) => still.has(name));
	return (difference, first) => {
		for (const { offset, size } of held) {
			const [from, to] = [Math.max(0, offset - first), Math.min(difference.length, offset + size - first)];
			if (from < to) difference.fill(0, from, to);
		}
	};
}

/** Where the networks lie; their losses are not known yet. */
export async function projected(checkpoints: Checkpoints, { section }: ResolvedSection): Promise<Path[]> {
	const [origin = new Float32Array(), ...directions] = section.vectors;
	const places = await project(checkpoints.rows, origin, directions);
	let next = 0;
	return checkpoints.paths.map(({ label, files }) => ({
		label,
		points: files.map((file) => {
			const place = places[next++] ?? { at: [], offPlane: Number.NaN, offPlaneShare: Number.NaN };
			return { file, ...place, loss: Number.NaN, lossOwnStatistics: Number.NaN };
		}),
	}));
}

/** Axes around trainings, a fifth of their stretch to each side, of which the origin is a point. */
export function axesAround(paths: readonly Path[], dimensions: 1 | 2, steps: number = usualSteps): Axis[] {
	return Array.from({ length: dimensions }, (_, k) => {
		const places = [0, ...paths.flatMap(({ points }) => points.map(({ at }) => at[k] ?? 0))];
		const [low, high] = [Math.min(...places), Math.max(...places)];
		const margin = TRAJECTORY_MARGIN * (high - low || 1);
		return throughZero(low - margin, high + margin, steps);
	});
}

/** An axis over at least a stretch around 0, with 0 among its values and a spacing of three digits. */
function throughZero(min: number, max: number, steps: number): Axis {
	// Two values are the ends, with nothing between them.
	if (steps < 3) return { min, max, steps };
	const last = steps - 1;
	const below = Math.min(last - 1, Math.max(1, Math.round((-min / (max - min)) * last)));
	const least = Math.max(-min / below, max / (last - below));
	const digit = 10 ** (Math.floor(Math.log10(least)) - 2);
	const axisOf = (spacing: number): Axis => ({ min: -below * spacing, max: (last - below) * spacing, steps });
	// Of most spacings the products cancel; where rounding leaves something at 0, the next one is taken.
	for (let digits = Math.ceil(least / digit); digits < 10_000; digits++) {
		const axis = axisOf(Number((digits * digit).toPrecision(3)));
		if (axisValue(axis, below) === 0) return axis;
	}
	return axisOf(Math.fround(least));
}
