import { type Figure, number, type Surfaces, type Verdict } from "../figure.js";
import { above, together, wider } from "../judge.js";
import { type Setting, trained } from "../setting.js";
import { compareShapes, type NamedShape, panelsOf, planeName, planesAround, shapeTable, withRange } from "./shapes.js";

const [small, large] = ["batch size 64", "batch size 256"] as const;

const contestants = (setting: Setting) => [
	{ label: small, network: trained(setting) },
	{ label: large, network: trained(setting, { batchSize: 256 }) },
];

/** The small batch's minimum counts as wider where both its half-widths are larger and the rise near the network is smaller. */
function smallIsWider(surfaces: Surfaces, setting: Setting): Verdict {
	const comparison = compareShapes(surfaces, setting, [small, large]);
	const [of64, of256] = comparison.shapes;
	if (of64 === undefined || of256 === undefined) throw new TypeError("there are no batch sizes to compare");
	const both = (of: (shape: NamedShape) => readonly number[], unit = "") =>
		`${withRange(of(of64))}${unit} around 64 and ${withRange(of(of256))}${unit} around 256`;
	return {
		borneOut: together(wider(of64, of256), above(of256.rises, of64.rises)),
		because:
			`The loss doubles at ${both(({ widths }) => widths.values)}, and comes to ${number(comparison.level)} at ` +
			`${both(({ commonWidths }) => commonWidths.values)}; within a quarter of the axes it rises by ${both(({ rises }) => rises, " %")}.`,
		...shapeTable(comparison),
	};
}

export const filterNormalized: Figure = {
	number: 6,
	title: "Batch size 64 and 256, filter-normalised",
	claim:
		"With filter normalisation the small batch turns out to have found the wider minimum, the large one a sharper one.",
	explanation:
		"Each filter of the directions has the length of the network's own, so a step of 1 means the same to both networks. " +
		"Both panels have one colour scale. The wider the dark middle, the flatter the minimum. Small batches have been said to find the " +
		"flatter ones, and to generalise better for it [keskar2017].",
	formulas: ["filter", "halfWidth", "sharpness"],
	opening: {
		sweep: planeName(small, 0),
		words:
			"A pit in a space with a dimension for every weight, cut along two of them. At its bottom, under the pin, lies a trained network; " +
			"at the edges its filters are changed by as much as they are long. The height is how wrong each of these networks is about handwritten digits.",
	},
	recipe: (setting) => ({
		sweeps: planesAround(contestants(setting), setting),
		pictures: [panelsOf([small, large], "Loss, filter-normalised")],
	}),
	verdict: smallIsWider,
};

/** Spread over all layers alike, a step of 1 moves most of them less than one of filter normalisation does. */
const WHOLE_RANGE = 3;

export const wholeNormalized: Figure = {
	number: 7,
	title: "Batch size 64 and 256, the whole vector normalised",
	claim:
		"Scaling each direction as a whole to the length of all parameters shows the same: the small batch is the wider.",
	explanation:
		"Here one number scales all of a direction. Between layers its entries stay alike, so layers with small weights are " +
		"shaken more than those with large ones: the picture depends on how a network spreads its weights, which filter " +
		"normalisation takes out.",
	formulas: ["whole", "halfWidth", "sharpness"],
	recipe: (setting) => ({
		sweeps: planesAround(contestants(setting), setting, { norm: "whole", range: WHOLE_RANGE }),
		pictures: [panelsOf([small, large], "Loss, whole vector normalised")],
	}),
	verdict: smallIsWider,
};
