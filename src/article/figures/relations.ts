import { originValue } from "../../measure/index.js";
import { DRAWS, LEVEL, type RankCorrelation, rankCorrelation, relationVerdict } from "../correlation.js";
import type { Figure, Surfaces, SweepRecipe, Verdict } from "../figure.js";
import { number, surfaceNamed } from "../figure.js";
import { mean, together } from "../judge.js";
import { networkName } from "../network.js";
import { type Setting, trained } from "../setting.js";
import { optimizerLabels, residualLabels } from "./networks.js";
import { type Contestant, compareShapes, describeWidths, type NamedShape, planesAround } from "./shapes.js";

interface Member extends Contestant {
	/** The figure that is about it. */
	readonly group: string;
}

/** Every network of which the article has filter-normalised planes, once. */
function everyNetwork(setting: Setting): readonly Member[] {
	const { samplesAPoint, planeSteps, ...training } = setting.residual;
	const all: readonly Member[] = [
		...[64, 256].map((batchSize) => ({
			...{ label: `batch size ${batchSize}`, group: "batch sizes", network: trained(setting, { batchSize }) },
		})),
		...optimizerLabels.map((optimizer) => ({
			...{ label: optimizer, group: "optimisers", network: trained(setting, { optimizer }) },
		})),
		...setting.widths.map((model) => ({
			...{ label: model.replace("mnist-cnn-", ""), group: "widths", network: trained(setting, { model }) },
		})),
		...setting.depths.flatMap(residualLabels).map((model) => ({
			...{ label: model, group: "depths", network: trained(setting, { model, ...training }) },
		})),
	];
	const names = all.map(({ network }) => networkName(network));
	return all.filter((_, i) => names.indexOf(names[i] ?? "") === i);
}

/** The planes of figures 6, 9, 10 and 11, and each network itself on test data. */
function everySweep(setting: Setting): Record<string, SweepRecipe> {
	const { samplesAPoint: samples, planeSteps: steps } = setting.residual;
	const members = everyNetwork(setting);
	const isDeep = ({ group }: Member) => group === "depths";
	const itself = { min: 0, max: 0, steps: 1 };
	return {
		...planesAround(
			members.filter((member) => !isDeep(member)),
			setting,
		),
		...planesAround(members.filter(isDeep), setting, { samples, steps }),
		...Object.fromEntries(
			members.map(({ label, network }) => [
				testName(label),
				{ network, plane: { split: "test" as const, samples: setting.errorSamples, x: itself } },
			]),
		),
	};
}

function testName(label: string): string {
	return `${label}, itself`;
}

/** A network with what its planes measure, and how it does on test data. */
interface Judged extends NamedShape {
	readonly group: string;
	/** In per cent. */
	readonly error: number;
	readonly testLoss: number;
}

function everyJudged(
	surfaces: Surfaces,
	setting: Setting,
): { readonly level: number; readonly all: readonly Judged[] } {
	const members = everyNetwork(setting);
	const { shapes, level } = compareShapes(
		surfaces,
		setting,
		members.map(({ label }) => label),
	);
	const all = shapes.map((shape, i) => {
		const itself = surfaceNamed(surfaces, testName(shape.label));
		const accuracy = originValue(itself, { field: "accuracy" }) ?? Number.NaN;
		const testLoss = originValue(itself) ?? Number.NaN;
		return { ...shape, group: members[i]?.group ?? "", error: 100 * (1 - accuracy), testLoss };
	});
	return { level, all };
}

/** One number of each network beside another, and the sign that the claim expects of their correlation. */
interface Relation {
	readonly label: string;
	readonly correlation: RankCorrelation;
	readonly sign: 1 | -1;
}

function judge(
	what: string,
	relations: readonly Relation[],
	columns: readonly string[],
	all: readonly Judged[],
	row: (of: Judged) => string[],
): Verdict {
	const [first] = relations;
	const told = relations.map(({ label, correlation, sign }) => {
		const { rho, above, below } = correlation;
		const [along, against] = sign > 0 ? [above, below] : [below, above];
		const reversed = against < LEVEL ? `, the other way round ${number(against, 2)}` : "";
		return `${number(rho, 2)} with ${label} (p = ${number(along, 2)}${reversed})`;
	});
	const { pairs = 0, strong = 1, isExact = true } = first?.correlation ?? {};
	const few = strong < LEVEL ? "" : "; so few would not even tell a correlation of 0.5 from chance";
	return {
		borneOut: together(...relations.map(({ correlation, sign }) => relationVerdict(correlation, sign))),
		because:
			`Rank correlations of the ${what} over ${pairs} networks: ${told.join(", ")}; p is the share of ${isExact ? "all" : `${DRAWS.toLocaleString("en")} random`} ` +
			`orders that come to as much in the claim's direction${few}.`,
		columns,
		numbers: all.map((of) => ({ label: of.label, value: row(of) })),
	};
}

export const flatterIsBetter: Figure = {
	number: 14,
	title: "Do flatter minima err less?",
	claim: "The flatter the minimum, the lower the error on test data.",
	explanation:
		"A dot for every trained network of the article of which there are filter-normalised planes: how much its loss rises nearby, and how " +
		"often it errs on images that it was not trained on. Three measures of flatness are asked, since each alone has its bias: a half-width to twice the " +
		"own loss favours poorly trained networks, one to a common level favours well trained ones. The networks share data and, most of them, " +
		"an architecture, so that p flatters whatever it finds; and a correlation over networks that differ in everything at once says nothing of a cause [dinh2017].",
	formulas: ["sharpness", "halfWidth", "spearman"],
	recipe: (setting) => ({
		sweeps: everySweep(setting),
		pictures: [
			{
				picture: "scatter.svg",
				title: "Test error and rise of the loss nearby",
				x: { label: "rise of the loss within a quarter of the axes (%)", scale: "log" },
				y: { label: "test error (%)", scale: "log" },
				points: (surfaces) =>
					everyJudged(surfaces, setting).all.map(({ label, group, rises, error }) => ({
						...{ label, group, x: mean(rises), y: error },
					})),
			},
		],
	}),
	verdict(surfaces, setting) {
		const { level, all } = everyJudged(surfaces, setting);
		const errors = all.map(({ error }) => error);
		const relation = (label: string, sign: 1 | -1, of: (network: Judged) => number): Relation => ({
			...{ label, sign, correlation: rankCorrelation(all.map(of), errors) },
		});
		return judge(
			"test error",
			[
				relation("the rise nearby", 1, ({ rises }) => mean(rises)),
				relation("the half-width to twice the own loss", -1, ({ widths }) => mean(widths.values)),
				relation(`that to a loss of ${number(level)}`, -1, ({ commonWidths }) => mean(commonWidths.values)),
			],
			["test error", "rise nearby", "half-width to twice the loss", `half-width to a loss of ${number(level)}`],
			all,
			({ error, rises, widths, commonWidths }) => [
				`${number(error)} %`,
				`${number(mean(rises))} %`,
				describeWidths(widths),
				describeWidths(commonWidths),
			],
		);
	},
};

export const chaoticIsWorse: Figure = {
	number: 15,
	title: "Do chaotic surfaces lie higher?",
	claim: "The more chaotic the surface around a network, the less convex and the rougher, the higher its loss.",
	explanation:
		"The same networks: at what share of the points their planes curve upwards, and the loss they have come to on test data. Chaos in " +
		"the sense of the published pictures belongs to deep networks without shortcuts [li2018]; where an article has few of them, it has little to say. " +
		"Roughness is that of the loss's logarithm, which a deeper funnel has more of, whatever its walls are like: against the claim, if anything.",
	formulas: ["convexity", "roughness", "spearman"],
	recipe: (setting) => ({
		sweeps: everySweep(setting),
		pictures: [
			{
				picture: "scatter.svg",
				title: "Test loss and convexity",
				x: { label: "share of points at which the plane curves upwards", scale: "linear" },
				y: { label: "test loss", scale: "log" },
				points: (surfaces) =>
					everyJudged(surfaces, setting).all.map(({ label, group, convexity, testLoss }) => ({
						...{ label, group, x: mean(convexity), y: testLoss },
					})),
			},
		],
	}),
	verdict(surfaces, setting) {
		const { all } = everyJudged(surfaces, setting);
		const losses = all.map(({ testLoss }) => testLoss);
		const convexity = rankCorrelation(
			all.map((network) => mean(network.convexity)),
			losses,
		);
		const roughness = rankCorrelation(
			all.map((network) => mean(network.roughness)),
			losses,
		);
		return judge(
			"test loss",
			[
				{ label: "the share of convex points", sign: -1, correlation: convexity },
				{ label: "the roughness of the logarithm", sign: 1, correlation: roughness },
			],
			["test loss", "convexity share", "roughness of log₁₀ loss"],
			all,
			(of) => [number(of.testLoss), number(mean(of.convexity)), number(mean(of.roughness))],
		);
	},
};
