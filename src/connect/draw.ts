import { sha256 } from "../exact/digest.js";
import { drawLines } from "../render/compare.js";
import { render } from "../render/index.js";
import type { FigureOptions } from "../render/options.js";
import type { Picture } from "../render/picture.js";
import { renderTraining } from "../render/pictures/training.js";
import type { CurveOptions } from "../train/curve.js";
import { captionOf } from "../train/recipe.js";
import type { ConnectResult } from "./result.js";
import type { MeasuredLine, Rule } from "./table.js";

/** Every field along both ways, a figure a rule; the plane with both on it; and how the training went. */
export async function drawConnection(
	options: CurveOptions,
	{ curve, lines, plane, history, labels }: Pick<ConnectResult, "curve" | "lines" | "plane" | "history" | "labels">,
	look: FigureOptions,
): Promise<Picture[]> {
	const rules = [...new Set(lines.map(({ rule }) => rule))];
	const figures = rules.flatMap((rule) => {
		const shown = lines.filter((line) => line.rule === rule);
		return (shown[0]?.surface.fields ?? []).map((field) =>
			drawLines(
				shown.map((line) => ({ label: labelOf(line), surface: line.surface })),
				{
					...look,
					field,
					name: `${field.name}${suffixes[rule ?? "running"]}`,
					title: `${capital(field.label)} between ${labels[0]} and ${labels[1]}${rule === null ? "" : `, batch norm ${rule === "running" ? "interpolated" : "re-estimated"}`}`,
					axisLabel: "from the one network to the other",
				},
			),
		);
	});
	const what = curve.kind === "bezier" ? "Bezier curve" : "polygonal chain";
	const bends = curve.networks.length - 2;
	const training = await renderTraining(history, {
		...look,
		...captionOf(options, sha256(...curve.networks.map(({ parameters }) => parameters))),
		title: `Training of a ${what} with ${bends} ${bends === 1 ? "bend" : "bends"}`,
	});
	const onPlane =
		plane === null
			? []
			: await render(plane, { ...look, title: `The plane through ${labels[0]}, ${labels[1]} and the ${what}` });
	return [
		...(await Promise.all(figures)).flat(),
		...onPlane.map(({ name, bytes }) => ({ name: `plane-${name}`, bytes })),
		...training,
	];
}

const suffixes: Readonly<Record<NonNullable<Rule>, string>> = { running: "", reestimate: "-reestimated" };

function labelOf({ way, part }: MeasuredLine): string {
	return `${way === "curve" ? "curve" : "straight line"}, ${part}`;
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
