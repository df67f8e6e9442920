import { barrier } from "../../measure/index.js";
import type { CurveRecipe, Recipe, Surfaces, SweepRecipe } from "../figure.js";
import { surfaceNamed } from "../figure.js";
import type { TrainedNetwork } from "../network.js";
import type { Setting } from "../setting.js";

/** Three ways from one network to another, and the words for them. */
const ways = { straight: "straight line", aligned: "straight line, aligned", curve: "Bezier curve" } as const;
type Way = keyof typeof ways;

const parts = ["train", "test"] as const;

/** What a way is called among a figure's surfaces. */
function nameOf(prefix: string, way: Way, part: (typeof parts)[number]): string {
	return `${prefix}${way}, ${part}`;
}

interface Ends {
	readonly network: TrainedNetwork;
	readonly to: TrainedNetwork;
	readonly ends: readonly [string, string];
}

/**
 * The straight line, the line to the other network with its neurons in order, and a curve; on both parts of the data.
 *
 * @param prefix of the names of the surfaces, where a figure has ways between several pairs of networks
 */
export function waysBetween(
	setting: Setting,
	{ network, to, ends }: Ends,
	title: string,
	prefix = "",
): Required<Recipe> {
	const samples = 4 * setting.samples;
	const x = { min: 0, max: 1, steps: setting.lineSteps };
	const line = (split: (typeof parts)[number], aligned: boolean): SweepRecipe => ({
		...{ network, to, ends, aligned, plane: { split, samples, x } },
	});
	const curve: CurveRecipe = {
		...{ network, to, samples, points: setting.lineSteps },
		training: { samples: setting.training.samples, epochs: setting.curveEpochs, seed: setting.seed },
	};
	const picture = (part: (typeof parts)[number], metric?: string) => ({
		picture: "curves.svg" as const,
		of: (Object.keys(ways) as Way[]).map((way) => [nameOf(prefix, way, part), ways[way]] as const),
		title: `${title}, ${part}`,
		...(metric !== undefined && { metric }),
	});
	return {
		sweeps: Object.fromEntries(
			parts.flatMap((part) => [
				[nameOf(prefix, "straight", part), line(part, false)],
				[nameOf(prefix, "aligned", part), line(part, true)],
			]),
		),
		curves: { [`${prefix}curve`]: curve },
		pictures: parts.map((part) => picture(part)),
	};
}

/** The barriers of the ways between two networks, of the loss and of the error; NaN where a way has none. */
export interface Barriers {
	readonly way: Way;
	readonly label: string;
	readonly loss: number;
	readonly error: number;
}

/** Those of all ways on both parts of the data. */
export function barriersOf(surfaces: Surfaces, prefix = ""): Barriers[] {
	return parts.flatMap((part) =>
		(Object.keys(ways) as Way[]).map((way) => {
			const surface = surfaceNamed(surfaces, nameOf(prefix, way, part));
			return {
				way,
				label: `${ways[way]}, ${part}`,
				loss: barrier(surface)?.height ?? Number.NaN,
				error: barrier(surface, { field: "accuracy" })?.height ?? Number.NaN,
			};
		}),
	);
}
