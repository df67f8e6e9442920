import { convexityShare } from "../../measure/index.js";
import { extrema, mainField } from "../../surface/index.js";
import { type Figure, number, type SweepRecipe, surfaceNamed } from "../figure.js";
import { median, relativeDifferences, steepening, together } from "../judge.js";
import type { TrainedNetwork } from "../network.js";
import { type Setting, trained } from "../setting.js";

function unnormalizedPlane(setting: Setting, network: TrainedNetwork, range: number): SweepRecipe {
	const axis = { min: -range, max: range, steps: setting.planeSteps };
	return { network, plane: { samples: setting.samples, norm: "none", seed: setting.seed, x: axis, y: axis } };
}

/** Figures 2 to 4: random directions as they are drawn, over ever larger ranges. */
export function unnormalized(figure: number, range: number): Figure {
	const limits = range < 1e6 ? `±${range.toLocaleString("en")}` : `±${range / 1e6} million`;
	return {
		number: figure,
		title: `Random directions without normalisation, ${limits}`,
		claim:
			"The surface is a bowl: lowest at the trained network, flat around it and steep far away, whatever the range.",
		explanation:
			`Each of the two directions is a Gaussian number a weight, the trained network is in the middle and the axes go to ${limits}. ` +
			"The weights themselves are far below 1, so every point but the middle one is a network of noise. The first picture has a " +
			"linear scale, on which the middle looks flat; the second one a logarithmic scale, on which the same middle is a " +
			"funnel. Its width is the grid's: between the middle and its neighbours nothing is computed.",
		formulas: ["steepening"],
		opening: {
			sweep: "plane",
			words:
				"A pit in a space with a dimension for every weight, cut along two of them. At its bottom, under the pin, lies a trained network; all " +
				"around it are networks of noise. The height is how wrong each of them is about handwritten digits.",
		},
		recipe: (setting) => ({
			sweeps: { plane: unnormalizedPlane(setting, trained(setting), range) },
			pictures: (["linear", "log"] as const).map((scale) => ({
				picture: "heatmap.svg",
				of: [["plane", ""]],
				title: `Loss, no normalisation, ${limits}, ${scale} scale`,
				scale,
			})),
		}),
		verdict(surfaces) {
			const plane = surfaceNamed(surfaces, "plane");
			const steeper = steepening(plane);
			const lowest = extrema(plane, "loss")?.min;
			const atOrigin = lowest?.alpha === 0 && lowest.beta === 0;
			const where = lowest === undefined ? "nowhere" : `at (${number(lowest.alpha)}, ${number(lowest.beta)})`;
			return {
				borneOut: together(atOrigin ? "yes" : "no", steeper > 1 ? "yes" : "no"),
				because: `The lowest loss of the grid lies ${where}; the outer half rises ${number(steeper)} times as steeply as the inner one.`,
				numbers: [
					{ label: "lowest loss", value: number(lowest?.value ?? Number.NaN) },
					{ label: "highest loss", value: number(extrema(plane, "loss")?.max.value ?? Number.NaN) },
					{ label: "steepness of the outer half over that of the inner one", value: number(steeper) },
					{ label: "share of points that curve upwards", value: number(convexityShare(plane) ?? Number.NaN) },
				],
			};
		},
	};
}

const FAR = 25_000_000;

/** Surfaces alike to a hundredth look the same in any picture; to a tenth, nearly so. */
const ALIKE = 0.01;

export const batchSizesFarOut: Figure = {
	number: 5,
	title: "Batch size 64 and 256 at ±25 million",
	claim: "Over a huge range the surfaces around the networks of different batch sizes look alike.",
	explanation:
		"The same two random directions around two networks, without normalisation. At this distance a network's own " +
		"weights are a millionth of a millionth of what is added to them, so the pictures show the directions and the " +
		"architecture, and nothing that training has found. The upper pictures have a linear scale, the lower ones a logarithmic " +
		"one, on which all but the trained networks in the middle is of one height.",
	formulas: ["difference"],
	recipe: (setting) => ({
		sweeps: {
			small: unnormalizedPlane(setting, trained(setting), FAR),
			large: unnormalizedPlane(setting, trained(setting, { batchSize: 256 }), FAR),
		},
		pictures: (["linear", "log"] as const).map((scale) => ({
			picture: "panels.svg",
			of: [
				["small", "batch size 64"],
				["large", "batch size 256"],
			],
			title: `Loss, no normalisation, ±25 million, ${scale} scale`,
			scale,
		})),
	}),
	verdict(surfaces) {
		const [small, large] = [surfaceNamed(surfaces, "small"), surfaceNamed(surfaces, "large")];
		const differences = relativeDifferences(small, large);
		const middle = median(differences);
		return {
			borneOut: middle <= ALIKE ? "yes" : middle <= 10 * ALIKE ? "partly" : "no",
			because: `At half of the points the two losses differ by no more than ${number(100 * middle, 2)} %.`,
			numbers: [
				{ label: "median difference", value: `${number(100 * middle, 2)} %` },
				{ label: "points compared", value: `${differences.length} of ${mainField(small).values.length}` },
				{ label: "steepness, outer half over inner, 64", value: number(steepening(small)) },
				{ label: "steepness, outer half over inner, 256", value: number(steepening(large)) },
			],
		};
	},
};
