import type { Field } from "./field.js";
import { type Coordinates, type Grid, gridPoints } from "./grid.js";

/** Trainings as they lie on, and off, a line or plane. */
export interface Trajectories {
	/** The network at the origin, by its file or step. */
	readonly origin: string;
	/** What the plane is made of, where it is one of principal components. */
	readonly principal: PrincipalFacts | null;
	readonly paths: readonly Path[];
	/** Networks of no training that are marked, by their files. */
	readonly marks?: readonly PathPoint[];
}

/** Trainings, and what is marked as if it were one more. */
export function allPaths({ paths, marks = [] }: Pick<Trajectories, "paths" | "marks">): readonly Path[] {
	return marks.length === 0 ? paths : [...paths, { label: "marked", points: marks }];
}

/** What principal components say of the networks they are of. */
export interface PrincipalFacts {
	/** Whether the mean was taken out first. */
	readonly centred: boolean;
	/** Of the differences to the origin, falling. */
	readonly singularValues: readonly number[];
	/** The share of each in the sum of squares. */
	readonly explainedVariance: readonly number[];
}

/** One training, from its start to its end. */
export interface Path {
	readonly label: string;
	readonly points: readonly PathPoint[];
}

/** A network of a training. */
export interface PathPoint {
	/** Its file, or its step. */
	readonly file: string;
	/** The nearest place of the section. */
	readonly at: Coordinates;
	/** How far the network lies off it, and the share of that in its distance to the origin. */
	readonly offPlane: number;
	readonly offPlaneShare: number;
	/** The network's loss, with the origin's running statistics, as the section has them. */
	readonly loss: number;
	/** With its own. */
	readonly lossOwnStatistics: number;
}

/** What a marked network is called: its file, without the ending. */
export function markedName({ file }: PathPoint): string {
	return file.replace(/\.[a-z0-9]+$/i, "");
}

/**
 * How far trainings had come at each of their networks, path by path: their steps where all are named by them, else their numbers from
 * 0; and which.
 */
export function progressOf(paths: readonly Path[]): {
	readonly unit: "step" | "network";
	readonly values: readonly (readonly number[])[];
} {
	const steps = paths.map(({ points }) =>
		points.map(({ file }) => Number(/^step (\d+)$/.exec(file)?.[1] ?? Number.NaN)),
	);
	return steps.flat().every(Number.isFinite)
		? { unit: "step", values: steps }
		: { unit: "network", values: paths.map(({ points }) => points.map((_, i) => i)) };
}

/** A share of the way off the plane above which the plane does not tell where a network is. */
const FAR = 0.5;

/** The largest share of the way off the plane, how many networks have more than half of theirs there, and how many there are. */
export function offPlaneShares(paths: readonly Path[]): {
	readonly most: number;
	readonly far: number;
	readonly all: number;
} {
	const shares = paths.flatMap(({ points }) => points.map(({ offPlaneShare }) => offPlaneShare));
	return {
		most: Math.max(0, ...shares.filter(Number.isFinite)),
		far: shares.filter((share) => share > FAR).length,
		all: shares.length,
	};
}

/** The places of a surface's path points, in their order: the last of its extra points. */
export function pathPlaces(trajectories: Trajectories): Coordinates[] {
	return allPaths(trajectories).flatMap(({ points }) => points.map(({ at }) => at));
}

/**
 * The first field of a surface at the places nearest to the networks of its trainings, path by path, and then to those that are
 * marked; NaN where it is not computed.
 */
export function surfaceLosses({
	grid,
	extras,
	fields,
	done,
	trajectories,
}: {
	readonly grid: Grid;
	readonly extras: readonly Coordinates[];
	readonly fields: readonly Field[];
	readonly done: Uint8Array;
	readonly trajectories?: Trajectories;
}): number[][] {
	if (trajectories === undefined) return [];
	const paths = allPaths(trajectories);
	const count = paths.reduce((sum, { points }) => sum + points.length, 0);
	let point = gridPoints(grid) + extras.length - count;
	const next = () => {
		const value = done[point] === 1 ? (fields[0]?.values[point] ?? Number.NaN) : Number.NaN;
		point += 1;
		return value;
	};
	return paths.map(({ points }) => points.map(next));
}
