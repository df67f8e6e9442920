import type { Figure, Surfaces, SweepRecipe } from "../figure.js";
import { number, surfaceNamed } from "../figure.js";
import { above, mean, together, wider } from "../judge.js";
import { trained } from "../setting.js";
import { compareShapes, type NamedShape, panelsOf, planesAround, shapeTable, withRange } from "./shapes.js";

/** The plane through all trainings. */
const TOGETHER = "all trainings";

export const optimizerLabels = ["sgd", "momentum", "adam", "adadelta"] as const;

export const optimizerShapes: Figure = {
	number: 9,
	title: "Four optimisers",
	claim: "Different optimisers end in minima of different shape.",
	explanation:
		"The same network, from the same initial parameters, trained as long by each of four optimisers at its usual " +
		"learning rate; filter-normalised, on one colour scale. They have not all got equally far: compare the losses at " +
		"the origin before the shapes.",
	formulas: ["filter", "halfWidth"],
	recipe(setting) {
		const networks = optimizerLabels.map((optimizer) => [optimizer, trained(setting, { optimizer })] as const);
		const common: SweepRecipe = {
			network: trained(setting),
			trainings: Object.fromEntries(networks),
			plane: { samples: setting.samples, steps: setting.planeSteps },
		};
		return {
			sweeps: {
				...planesAround(
					networks.map(([label, network]) => ({ label, network })),
					setting,
				),
				[TOGETHER]: common,
			},
			pictures: [
				panelsOf(optimizerLabels, "Loss by optimiser, filter-normalised"),
				{ picture: "contour.svg", of: [[TOGETHER, TOGETHER]], title: "Four trainings on one plane", scale: "log" },
				{
					picture: "training.webp",
					of: [[TOGETHER, TOGETHER]],
					title: "Four trainings on one plane, step by step",
					scale: "log",
				},
			],
		};
	},
	verdict(surfaces, setting) {
		const comparison = compareShapes(surfaces, setting, optimizerLabels);
		const shapes = comparison.shapes.toSorted((a, b) => mean(b.widths.values) - mean(a.widths.values));
		const [widest, narrowest] = [shapes[0], shapes.at(-1)];
		if (widest === undefined || narrowest === undefined) throw new TypeError("there are no optimisers to compare");
		return {
			borneOut: wider(widest, narrowest),
			because:
				`${widest.label} is the widest, its loss doubles at ${withRange(widest.widths.values)}, and ${narrowest.label} the ` +
				`narrowest, at ${withRange(narrowest.widths.values)}; to a loss of ${number(comparison.level)} the half-widths are ` +
				`${withRange(widest.commonWidths.values)} and ${withRange(narrowest.commonWidths.values)}. ${toldOfPlane(surfaces)}`,
			...shapeTable(comparison),
		};
	},
};

/** What the plane of all trainings shows of them. */
function toldOfPlane(surfaces: Surfaces): string {
	const { trajectories } = surfaceNamed(surfaces, TOGETHER);
	const [first = 0, second = 0] = trajectories?.principal?.explainedVariance ?? [];
	const ends = trajectories?.paths.map(
		({ label, points }) => `${label} ${number(100 * (points.at(-1)?.offPlaneShare ?? Number.NaN), 2)} %`,
	);
	return (
		`The plane of all four trainings has ${number(100 * (first + second))} % of their squared way from the first one's end; ` +
		`of their own ways to their ends lie off it: ${ends?.join(", ") ?? "none"}.`
	);
}

export const width: Figure = {
	number: 10,
	title: "From narrow to wide",
	claim: "The wider the network, the flatter its surface.",
	explanation:
		"The same architecture with more and more filters and hidden units, trained alike; w0.25 has a quarter of " +
		"mnist-cnn's. Filter-normalised, on one colour scale.",
	formulas: ["filter", "halfWidth", "sharpness"],
	recipe: (setting) => ({
		sweeps: planesAround(
			setting.widths.map((model) => ({ label: model, network: trained(setting, { model }) })),
			setting,
		),
		pictures: [panelsOf(setting.widths, "Loss by width, filter-normalised")],
	}),
	verdict(surfaces, setting) {
		const comparison = compareShapes(surfaces, setting, setting.widths);
		const { shapes, level } = comparison;
		const [narrow, wide] = [shapes[0], shapes.at(-1)];
		if (narrow === undefined || wide === undefined) throw new TypeError("there are no widths to compare");
		// At the common level many a width is the grid's end, and equal to the one before.
		const reached = shapes.map(({ commonWidths }) => mean(commonWidths.values));
		const grows = reached.every((width, i) => i === 0 || width >= (reached[i - 1] ?? 0));
		const verdict = together(wider(wide, narrow), above(narrow.rises, wide.rises));
		const list = (of: (shape: NamedShape) => readonly number[], unit = "") =>
			shapes.map((shape) => `${number(mean(of(shape)))}${unit}`).join(", ");
		return {
			borneOut: grows || verdict === "no" ? verdict : "partly",
			because:
				`From ${narrow.label} to ${wide.label} the loss doubles at ${list(({ widths }) => widths.values)}, and comes to ` +
				`${number(level)} at ${list(({ commonWidths }) => commonWidths.values)}; within a quarter of the axes it rises by ` +
				`${list(({ rises }) => rises, " %")}.`,
			...shapeTable(comparison),
		};
	},
};

export const residualLabels = (layers: number) => [`resnet-${layers}`, `resnet-${layers}-noskip`] as const;

export const depth: Figure = {
	number: 11,
	title: "Depth, with and without skip connections",
	claim: "Skip connections make the surface of a deep network smoother and more convex.",
	explanation:
		"Residual networks beside the same networks with their shortcuts removed, trained alike; filter-normalised, on one " +
		"colour scale. The effect is one of depth: the published pictures that show chaos [li2018] have 56 layers and more; with " +
		"eight there is little to tell apart. Roughness is that of the loss's logarithm, which is what the colours show.",
	formulas: ["filter", "convexity", "roughness"],
	recipe(setting) {
		const { samplesAPoint, planeSteps, ...training } = setting.residual;
		const labels = setting.depths.flatMap(residualLabels);
		return {
			sweeps: planesAround(
				labels.map((model) => ({ label: model, network: trained(setting, { model, ...training }) })),
				setting,
				{ samples: samplesAPoint, steps: planeSteps },
			),
			pictures: setting.depths.map((layers) =>
				panelsOf(residualLabels(layers), `Loss of ${layers} layers, filter-normalised`),
			),
		};
	},
	verdict(surfaces, setting) {
		const comparison = compareShapes(surfaces, setting, setting.depths.flatMap(residualLabels));
		const judged = setting.depths.map((layers) => {
			const [skip, plain] = residualLabels(layers).map((label) =>
				comparison.shapes.find((shape) => shape.label === label),
			);
			if (skip === undefined || plain === undefined) throw new TypeError("a network needs its counterpart");
			return { layers, skip, plain };
		});
		return {
			borneOut: together(
				...judged.flatMap(({ skip, plain }) => [
					above(skip.convexity, plain.convexity),
					above(plain.roughness, skip.roughness),
				]),
			),
			because: `${judged
				.map(
					({ layers, skip, plain }) =>
						`${layers} layers: convexity share ${withRange(skip.convexity)} with and ${withRange(plain.convexity)} without shortcuts, ` +
						`roughness of the logarithm ${withRange(skip.roughness)} and ${withRange(plain.roughness)}`,
				)
				.join("; ")}.`,
			...shapeTable(comparison),
		};
	},
};
