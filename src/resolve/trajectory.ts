import { OptionError } from "../errors.js";
import type { Range } from "../kernels/differences.js";
import type { Network } from "../network/network.js";
import { type Layout, parameterLayout, type State } from "../network/parameters.js";
import { sharedVector } from "../network/shared-memory.js";
import { TRAJECTORY_MARGIN, usualSteps } from "../options/plane/index.js";
import { affineSection, type Direction } from "../section/affine.js";
import { principal } from "../section/principal.js";
import { cosine } from "../section/products.js";
import { project } from "../section/project.js";
import { reordered } from "../section/rows.js";
import { inMemory } from "../section/vector.js";
import { type Axis, axisValue } from "../surface/grid.js";
import type { Anchor } from "../surface/surface.js";
import type { Path, PrincipalFacts, Trajectories } from "../surface/trajectory.js";
import type { Checkpoints } from "./checkpoints.js";
import type { ResolveOptions } from "./curved-section.js";
import type { Stillness } from "./moving.js";
import type { SweepRequest } from "./request.js";
import type { ResolvedSection } from "./section.js";

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
	{ graph }: Network,
	checkpoints: Checkpoints,
	request: SweepRequest,
	{ still, facts }: Stillness,
	{ threads, signal }: ResolveOptions,
): Promise<PrincipalSection> {
	const { centred = false } = request;
	const layout = parameterLayout(graph);
	const { origin: start, rows, digests, marks } = checkpoints;
	const trained = checkpoints.paths.reduce((sum, { files }) => sum + files.length, 0);
	const origin: State = {
		parameters: sharedVector(layout.length),
		statistics: checkpoints.statistics[start.number] ?? new Float32Array(),
	};
	await checkpoints.read(start.number, origin.parameters);
	// In the order of their digests: so that no bit depends on the order of the files.
	const spanning = [...digests.keys()].filter((row) => row < trained || row >= trained + marks.length);
	const order = spanning.sort((a, b) => ((digests[a] ?? "") < (digests[b] ?? "") ? -1 : 1));
	const found = await principal(reordered(rows, order), {
		origin: origin.parameters,
		...{ centred, threads, signal },
		held: holding(layout, still),
	});
	if (found === undefined)
		throw new OptionError(
			"trajectory",
			`expected networks that span a plane, ${degenerate(order.map((row) => digests[row] ?? ""))}`,
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
		originFile: start.file,
	};
}

/** What is wrong with networks that span no plane. */
function degenerate(digests: readonly string[]): string {
	const apart = new Set(digests).size;
	if (digests.length === 1) return "there is one alone";
	if (apart === 1) return `the ${digests.length} there are all the same`;
	return `the ${digests.length} there lie on one line${apart < digests.length ? `, and only ${apart} of them differ` : ""}`;
}

/** Where what does not move lies in a stretch of a vector. */
function holding({ slots }: Layout, still: ReadonlySet<string>): (first: number, size: number) => Range[] {
	const held = slots.filter(({ name }) => still.has(name));
	return (first, length) =>
		held.flatMap(({ offset, size }): Range[] => {
			const [from, to] = [Math.max(0, offset - first), Math.min(length, offset + size - first)];
			return from < to ? [[from, to]] : [];
		});
}

/** Where the networks lie; their losses are not known yet. */
export async function projected(
	checkpoints: Checkpoints,
	{ section }: ResolvedSection,
	{ threads, signal }: ResolveOptions,
): Promise<Required<Pick<Trajectories, "paths" | "marks">>> {
	const [origin = new Float32Array(), ...directions] = section.vectors;
	const places = await project(checkpoints.rows, inMemory(origin), directions, { threads, signal });
	let next = 0;
	const pointOf = (file: string) => {
		const place = places[next++] ?? { at: [], offPlane: Number.NaN, offPlaneShare: Number.NaN };
		return { file, ...place, loss: Number.NaN, lossOwnStatistics: Number.NaN };
	};
	const paths = checkpoints.paths.map(({ label, files }) => ({ label, points: files.map(pointOf) }));
	return { paths, marks: checkpoints.marks.map(pointOf) };
}

/** Axes around trainings, a fifth of their stretch to each side, of which the origin is a point. */
export function axesAround(
	paths: readonly Pick<Path, "points">[],
	dimensions: 1 | 2,
	steps: number = usualSteps,
): Axis[] {
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
