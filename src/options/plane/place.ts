import { checkChoice } from "../../check/choice.js";
import { type CurvedKind, curvedKinds } from "../../curvature/directions.js";
import { OptionError } from "../../errors.js";
import { type BiasRule, type Normalization, normalizationNames } from "../../section/normalize.js";
import type { Axis } from "../../surface/grid.js";
import { axis, cells, choice, type Kind, oneOrSeveral, orNone, text, toggle, whole } from "../kinds.js";
import { seed } from "../shared.js";
import type { OptionTable } from "../table.js";
import { defaults } from "./defaults.js";

/** Of a sweep, where it looks: directions, axes, and which points of them. */
export interface PlaceOptions {
	/**
	 * What spans the line or plane: `random` directions; other networks (`interpolate`, `plane`); the Hessian's first two eigenvectors
	 * (`hessian`) or its first and last (`hessian:top,bottom`); downhill and a random one or Hg at right angles to it (`gradient`,
	 * `gradient,curvature`); the principal components of a trajectory (`pca`); those of a file (`file:d.h5`, .npz or .safetensors). Those
	 * of curvature and of a trajectory have length 1.
	 */
	readonly directions?: DirectionKind;
	/**
	 * The other networks, each a file or `init:SEED` for fresh parameters: one for an interpolation, two for a plane through
	 * three networks, none for random directions.
	 */
	readonly to?: string | readonly string[];
	/**
	 * Whether the other networks' neurons are put into the order in which they are closest to the origin's, by weight matching: they
	 * compute the same.
	 */
	readonly align?: boolean;
	/**
	 * Networks of a training in their order, each entry one training: a file of `train --snapshots`, or a pattern of files of weights,
	 * `ckpt/*.pt`, which are taken in natural order. `pca` spans the plane by them; on other planes they are projected.
	 */
	readonly trajectory?: string | readonly string[];
	/** Files of networks that are marked on the plane, wherever they lie beside it. */
	readonly mark?: string | readonly string[];
	/**
	 * Where a plane of principal components has its origin: `last` of the first trajectory where nothing is said, `first`, or the network
	 * of a file of weights, which then counts among those that the plane is made of.
	 */
	readonly origin?: string;
	/** Whether principal components are of the trajectory less its mean, so that the plane need not go through the origin's surroundings. */
	readonly centred?: boolean;
	/** Steps of both axes, where they are not given. */
	readonly steps?: number;
	/**
	 * Whether only those points of a plane are computed that isolines need, the others interpolated and marked: to so many cells of the
	 * grid by which lines may shift, or to half a cell. Axes must have 4·m + 1 steps, 17 or more.
	 */
	readonly adaptive?: boolean | number;
	/** How random directions are scaled by the parameters; `filter` where nothing is said. Those of curvature only where it is. */
	readonly norm?: Normalization;
	/** What becomes of biases in them: `zero`, or `keep`, scaled as the rest. */
	readonly bias?: BiasRule;
	/** Of the random directions, and of alignment: a whole number from 0 to 2^53 - 1. */
	readonly seed?: number;
	/** Tensors that don't move, by patterns of their names: `*.bias`, `layer?.weight`. */
	readonly freeze?: string | readonly string[];
	/** The only tensors that move, likewise. */
	readonly only?: string | readonly string[];
	/** Tensors of the network's file that move though they look like constants, likewise. */
	readonly move?: string | readonly string[];
	/** The values of α. */
	readonly x?: Axis;
	/** The values of β; null for a line. */
	readonly y?: Axis | null;
}

const directionKinds = [
	...(["random", "interpolate", "plane", "pca"] as const),
	...curvedKinds,
] as const satisfies readonly NamedDirections[];

/** Kinds of directions by their names. */
export type NamedDirections = "random" | "interpolate" | "plane" | "pca" | CurvedKind;

/** What spans a line or plane. */
export type DirectionKind = NamedDirections | DirectionFile;

/** Directions that lie in a file. */
export type DirectionFile = `file:${string}`;

export function isDirectionFile(kind: unknown): kind is DirectionFile {
	return typeof kind === "string" && kind.startsWith("file:");
}

export function pathOfDirections(file: DirectionFile): string {
	return file.slice("file:".length);
}

export const biasRules = ["zero", "keep"] as const satisfies readonly BiasRule[];

/** The axes of each kind of plane, where none are given; those of curvature reach as far as it says, in so many steps. */
export const defaultAxes: Readonly<Record<Exclude<NamedDirections, CurvedKind | "pca">, { x: Axis; y: Axis | null }>> =
	{
		random: { x: { min: -1, max: 1, steps: 25 }, y: { min: -1, max: 1, steps: 25 } },
		interpolate: { x: { min: -0.5, max: 1.5, steps: 41 }, y: null },
		plane: { x: { min: -0.5, max: 1.5, steps: 25 }, y: { min: -0.5, max: 1.5, steps: 25 } },
	};

/** Steps of an axis whose length curvature or a trajectory says. */
export const usualSteps = 25;

/** By how many cells of the grid an adaptive sweep lets isolines shift, where nothing is said: no one sees less. */
export const USUAL_CELLS = 0.5;

/** How far an axis reaches beyond a trajectory, in parts of its stretch. */
export const TRAJECTORY_MARGIN = 0.2;

export function isCurved(kind: DirectionKind): kind is CurvedKind {
	return curvedKinds.some((curved) => curved === kind);
}

const group = "Where to look";

/** What spans the plane, by its name or as a file. */
const directions: Kind<DirectionKind> = {
	...choice(directionKinds, "kind|file:path"),
	parse: checkDirections,
	check: checkDirections,
};

function checkDirections(property: string, value: unknown): DirectionKind {
	if (!isDirectionFile(value)) return checkChoice(property, value, directionKinds);
	if (pathOfDirections(value) !== "") return value;
	throw new OptionError(property, "expected file:PATH with a file of directions, got no path");
}

export const placeOptions: OptionTable<PlaceOptions> = {
	directions: {
		...directions,
		help: `what spans the plane: ${directionKinds.join("; ")}; or file:d.h5 (.npz, .safetensors), directions of a file; those of curvature and pca have length 1`,
		group,
		fallback: defaults.directions,
	},
	to: {
		...oneOrSeveral("file|init:seed"),
		repeats: true,
		help: "the other network, in a file or fresh: once for interpolate, twice for plane",
		group,
	},
	align: {
		...toggle,
		help: "put the other networks' neurons into the order closest to the origin's first: they compute the same",
		group,
	},
	trajectory: {
		...oneOrSeveral("file|pattern"),
		repeats: true,
		help: "networks of a training: a file of train --snapshots, or a pattern of weights' files, 'ckpt/*.pt'; again for another training",
		group,
	},
	mark: {
		...oneOrSeveral("file|pattern"),
		repeats: true,
		help: "networks to mark on the plane, by files of their weights: a mean of isoloss average, say",
		group,
	},
	origin: {
		...text("last|first|file"),
		help: "where a plane of principal components has its origin: the last network of the first trajectory, its first, or that of a file",
		group,
		fallback: "last",
	},
	centred: {
		...toggle,
		help: "principal components less the mean, as scikit-learn has them; else of the way from the origin",
		group,
	},
	steps: {
		...whole(2),
		help: "steps of both axes, where those are not given",
		group,
		fallback: String(usualSteps),
	},
	adaptive: {
		...cells,
		help: `compute only the points that isolines need, to so many cells (${USUAL_CELLS} where none are said), and interpolate the others`,
		group,
	},
	norm: {
		...choice(normalizationNames),
		help: `scaling of random directions: ${normalizationNames.join(", ")}; given, of those of curvature or a file too`,
		group,
		fallback: defaults.norm,
	},
	bias: {
		...choice(biasRules, "rule"),
		help: `biases of random directions: ${biasRules.join(" or ")}`,
		group,
		fallback: defaults.bias,
	},
	seed: { ...seed("of the random directions, and of --align"), group },
	freeze: {
		...oneOrSeveral("pattern"),
		repeats: true,
		help: 'tensors that don\'t move, by a pattern of their names such as "*.bias"; may be given again',
		group,
		fallback: "none",
	},
	only: {
		...oneOrSeveral("pattern"),
		repeats: true,
		help: "the only tensors that move, likewise",
		group,
		fallback: "all",
	},
	move: {
		...oneOrSeveral("pattern"),
		repeats: true,
		help: "tensors of the network's file that move though they look like constants; inspect lists those",
		group,
		fallback: "none",
	},
	x: {
		...axis,
		help: "first axis, α",
		group,
		fallback: perKind("x"),
	},
	y: { ...orNone(axis), help: "second axis, β", group, fallback: perKind("y") },
};

/** The axes that each kind of directions has where nothing is said, in words. */
function perKind(name: "x" | "y"): string {
	const given = Object.entries(defaultAxes).map(([kind, { [name]: axis }]) => {
		return `${kind} ${axis === null ? "none" : `${axis.min}:${axis.max}:${axis.steps}`}`;
	});
	return [
		...given,
		`pca ${usualSteps} steps around the trajectory, by curvature ${usualSteps}, as far as it says`,
	].join(", ");
}
