import { affineSection } from "../section/affine.js";
import { type Curve, type CurveShape, curveSection } from "../section/curve.js";
import type { Section } from "../section/section.js";
import { interpolationDirection } from "../section/towards.js";
import { gridPoints, regularGrid } from "../surface/grid.js";
import type { Surface } from "../surface/surface.js";
import { type Measuring, measureSection } from "./measure.js";
import { gridAround, waysOnPlane } from "./plane.js";
import type { ResolvedConnection } from "./request.js";
import type { MeasuredLine, Rule, Way } from "./table.js";

/** What is told of points: how many are measured, of how many. */
type OnPoints = ((done: number, total: number) => void) | undefined;

type Setting = Omit<Measuring, "onPoints"> & { readonly labels: readonly [string, string] };

type Wanted = ResolvedConnection["measured"];

/** Both ways, on each part of the data, by each rule: with statistics that move along, and with those measured at each place. */
export async function measureLines(
	setting: Setting,
	curve: Curve,
	{ parts, points }: Wanted,
	onPoints: OnPoints,
): Promise<MeasuredLine[]> {
	const sections: Readonly<Record<Way, Section>> = {
		curve: curveSection(curve, setting.labels),
		line: straightSection(curve, setting.labels),
	};
	const rules: readonly Rule[] = setting.options.start.statistics.length > 0 ? ["running", "reestimate"] : [null];
	const all = rules.flatMap((rule) =>
		parts.flatMap(({ name, data }) => (["curve", "line"] as const).map((way) => ({ way, part: name, rule, data }))),
	);
	const grid = regularGrid({ min: 0, max: 1, steps: points }, null);
	const lines: MeasuredLine[] = [];
	let done = 0;
	for (const { way, part, rule, data } of all) {
		const before = done;
		const { surface, connection } = await measureSection(
			{
				...setting,
				onPoints: (count) => {
					done += count;
					onPoints?.(done, all.length * points);
				},
			},
			{
				name: [way, part, ...(rule === "reestimate" ? ["reestimated"] : [])].join("-"),
				...{ section: sections[way], grid, data, dataName: nameOf(data.name, part, setting) },
				batchNorm: rule ?? "running",
				axisLabels: [way === "curve" ? "along the curve" : "along the straight line"],
			},
		);
		done = before + points;
		lines.push({ way, part, rule, surface, connection });
	}
	return lines;
}

function nameOf(name: string, part: string, { options: { data } }: Setting): string {
	return name === data.name ? `${name}, ${part}` : name;
}

/** The straight line as a sweep from network to network has it. */
function straightSection({ networks }: Curve, [from, to]: readonly [string, string]): Section {
	const [start, end] = [networks[0], networks.at(-1)];
	if (start === undefined || end === undefined) throw new RangeError("a line without ends");
	const moves = start.statistics.length > 0;
	return affineSection(
		start,
		[
			{
				parameters: interpolationDirection(start.parameters, end.parameters),
				...(moves && { statistics: interpolationDirection(start.statistics, end.statistics) }),
			},
		],
		[
			{ label: from, at: [0], role: "origin" },
			{ label: to, at: [1], role: "end" },
		],
	);
}

/** Loss over the plane through the curve, on training data, by the rule that is surest; null where there is no such plane. */
export async function measurePlane(
	setting: Setting,
	shape: CurveShape,
	{ parts: [part], planeSteps }: Wanted,
	lines: readonly MeasuredLine[],
	onPoints: OnPoints,
): Promise<Surface | null> {
	const rule = lines.some((line) => line.rule === "reestimate") ? "reestimate" : null;
	const shown = lines.filter((line) => line.part === part?.name && line.rule === rule);
	const trajectories = waysOnPlane(shape, shown, setting.labels[0]);
	if (planeSteps === 0 || part === undefined || shape.plane === undefined || trajectories === undefined) return null;
	const grid = gridAround(trajectories, planeSteps);
	let done = 0;
	const { surface } = await measureSection(
		{
			...setting,
			onPoints: (count) => {
				done += count;
				onPoints?.(done, gridPoints(grid));
			},
		},
		{
			...{ name: "plane", section: shape.plane.section, grid, trajectories },
			...{ data: part.data, dataName: nameOf(part.data.name, part.name, setting) },
			batchNorm: rule ?? "running",
			axisLabels: ["along the straight line", "across it"],
		},
	);
	return surface;
}
