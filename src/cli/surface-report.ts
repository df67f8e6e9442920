import {
	type BarrierEstimate,
	extrema,
	type FieldErrors,
	gridPoints,
	type Path,
	type SweepResult,
	type SweepStart,
	surfaceLosses,
} from "../index.js";
import { marginFactor } from "../measure/index.js";
import { duration } from "./duration.js";

/** What is swept, a line each, before it is begun. */
export function announce(start: SweepStart): string[] {
	const { surface, assumptions, parameters, samples, data, cosine, directory, missing, points, tornBytes } = start;
	const { threads, workers, adaptive } = start;
	const idle = workers < threads ? `, of which ${workers} work: one a core` : "";
	const { model } = surface.provenance.plan;
	return [
		`${model}, ${parameters.toLocaleString("en")} parameters, ${samples} samples of ${data}, ${threads} threads${idle}`,
		...assumptions.map((assumption) => `assumed: ${assumption}`),
		...(cosine === null
			? []
			: [`cosine between the directions: ${cosine.toFixed(6).replace("-0.000000", "0.000000")}`]),
		...(tornBytes > 0 ? [`dropped ${tornBytes} bytes of an unfinished record`] : []),
		...(missing === 0 ? [`${directory}: all ${points} points are there; drawing`] : []),
		...(missing > 0 && missing < points && adaptive === null
			? [`${directory}: going on, ${missing} of ${points} points to do`]
			: []),
		...(missing > 0 && adaptive !== null ? [adaptiveLine(start, adaptive)] : []),
	];
}

function adaptiveLine({ directory, missing, points }: SweepStart, cells: number): string {
	const begun = missing < points ? `${directory}: going on, ${points - missing} points are there; ` : "";
	return `${begun}adaptive: of ${points} points those that isolines need, to ${cells} cells; the others are interpolated`;
}

/** A value as people read it: shares in per cent. */
export function formatValue(value: number, unit: string): string {
	return unit === "fraction" ? `${(100 * value).toFixed(2)} %` : short(value);
}

/** A number to so many digits. */
export const short = (value: number, digits = 6) => String(Number(value.toPrecision(digits)));

/** What came out, a line each. */
export function summary(result: SweepResult): string[] {
	const { surface, computed, elapsedSeconds, digest, threads } = result;
	// Errors stand beside what they are of.
	const told = surface.fields.filter(({ errorOf }) => errorOf === undefined);
	const width = Math.max(...told.map(({ name }) => name.length));
	const rate = (computed / elapsedSeconds).toFixed(2);
	const { plan } = surface.provenance;
	const relaxed = plan.precision === "relaxed";
	return [
		...told.map(({ name }) => `${name.padEnd(width)}  ${fieldSummary(result, name)}`),
		...barrierLines(result, width),
		...adaptiveLines(result, width),
		...marginLines(result),
		...notFinite(result),
		...confidenceLines(result),
		...(computed > 0
			? [
					`${computed} ${computed === 1 ? "point" : "points"} in ${duration(elapsedSeconds)}, ${rate} points/s, ${threads} threads`,
				]
			: []),
		`digest    ${digest}${relaxed ? " (relaxed: of machines that fuse multiply-add alike)" : ""}`,
	];
}

/** How many points were computed, and how good the others are. */
function adaptiveLines({ adaptive }: SweepResult, width: number): string[] {
	if (adaptive === null) return [];
	const { points, evaluated, audits, bound, cells, coarse } = adaptive;
	const last = audits.at(-1);
	const failed = audits.filter(({ over }) => over > 0).length;
	const lines = [
		`${evaluated} of ${points} points computed, ${points - evaluated} interpolated`,
		...(failed === 0 ? [] : [`${failed} of ${audits.length} audits failed, and what was around was refined`]),
		...(bound === null || last === undefined
			? []
			: [
					`at ${last.points} points drawn at random isolines shift by ${twoDigits(last.worst)} cells at most; with 95 % confidence no ` +
						`more than ${(100 * bound).toFixed(1)} % of those interpolated are off by more than ${cells}`,
					`by cubics of the plain ${coarse.columns} × ${coarse.rows} grid they shift by ${twoDigits(last.worstOfCoarse)} there, and by up to ` +
						`${twoDigits(coarse.worst)} at the points computed besides`,
				]),
	];
	return lines.map((line, i) => `${(i === 0 ? "adaptive" : "").padEnd(width)}  ${line}`);
}

const twoDigits = (shift: number) => String(Number(shift.toPrecision(2)));

/** The barriers of a line, and what follows from them. */
function barrierLines({ barrier, connection, batchNorm: rule }: SweepResult, width: number): string[] {
	if (barrier === null) return [];
	const under = rule === null ? "" : `, ${rule}`;
	if (connection === null)
		return [`${"barrier".padEnd(width)}  ${short(barrier.height)} at α = ${short(barrier.alpha)}${under}`];
	const { loss, error, verdict } = connection;
	return [
		`${"barrier".padEnd(width)}  ${estimated(loss)} at α = ${short(loss.alpha)}${under}`,
		...(error === null || verdict === null
			? []
			: [
					`${"".padEnd(width)}  of the error ${estimated(error, 100)} % at α = ${short(error.alpha)}: ${verdicts[verdict]}`,
				]),
	];
}

/** What the barrier of the error says, in words. */
export const verdicts = {
	connected: "linearly connected (below 2 %)",
	"not connected": "not linearly connected (2 % or more)",
	unsettled: "too near to 2 % to say whether linearly connected",
} as const;

/** A height with its standard error, to the digits that this leaves. */
export function estimated(
	{ height, standardError }: Pick<BarrierEstimate, "height" | "standardError">,
	times = 1,
): string {
	if (standardError === null || !(standardError > 0)) return short(times * height);
	const digits = Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(times * standardError))));
	return `${(times * height).toFixed(digits)} ± ${(times * standardError).toFixed(digits)}`;
}

/** A field at the origin, and where it is lowest and highest. */
function fieldSummary(result: SweepResult, name: string): string {
	const { surface, origin } = result;
	const found = extrema(surface, name);
	if (found === null) return "no finite value";
	const { unit = "none" } = surface.fields.find((field) => field.name === name) ?? {};
	const { standardErrors, samples } = result;
	const format = (value: number, where: keyof FieldErrors) =>
		withMargin(value, marginFactor(samples) * (standardErrors[name]?.[where] ?? Number.NaN), unit);
	const at = ({ value, alpha, beta }: typeof found.min, where: keyof FieldErrors) =>
		`${format(value, where)} at (${short(alpha)}, ${short(beta)})`;
	const atOrigin = format(origin[name] ?? Number.NaN, "origin");
	if (gridPoints(surface.grid) === 1) return atOrigin;
	return `origin ${atOrigin}   min ${at(found.min, "min")}   max ${at(found.max, "max")}`;
}

/** A value with its margin of error, to the digits that this leaves; alone where the samples say nothing of one. */
function withMargin(value: number, margin: number, unit: string): string {
	if (!(margin > 0) || !Number.isFinite(value)) return formatValue(value, unit);
	return `${estimated({ height: value, standardError: margin }, unit === "fraction" ? 100 : 1)}${unit === "fraction" ? " %" : ""}`;
}

/** Fewer samples than these, of losses most of which are small, say too little of the few that are large. */
const ENOUGH_SAMPLES = 100;

/** What the margins in the lines above are. */
function marginLines({ standardErrors, samples, plan, connection }: SweepResult): string[] {
	const all = Object.values(standardErrors).flatMap((errors) => Object.values(errors));
	if (!all.some((error) => error > 0)) return [];
	const { population } = plan;
	const of = population === undefined ? "the population that the samples are drawn from" : `all ${population} samples`;
	const few = samples < ENOUGH_SAMPLES ? `, too narrow for skewed losses of ${samples} samples` : "";
	const barriers = connection === null ? "" : "; of barriers one standard error";
	return [`±: 95 % interval of the mean over ${of}${few}${barriers}`];
}

/** What a plane took whose samples were taken in stages. */
function confidenceLines({ confidence }: SweepResult): string[] {
	if (confidence === null) return [];
	const { looks, population, evaluated, share, usesAnchors, regions, largestShift } = confidence;
	const percent = (part: number) => `${Number((100 * part).toPrecision(2))} %`;
	const anchors = usesAnchors ? ", every fourth column and row on all samples" : "";
	const parts = regions.map((region) => `${region.samples} at ${percent(region.share)}`);
	return [
		`samples   ${parts.join(", ")} of the points`,
		`${looks} looks${anchors}: ${evaluated.toLocaleString("en")} samples evaluated, ${percent(share)} of a whole sweep's ${(evaluated / share).toLocaleString("en")}`,
		`lines lie within ${short(Number(largestShift.toPrecision(2)))} cells of those of all ${population} samples, with a confidence of 95 %`,
	];
}

function notFinite({ surface, assumptions }: SweepResult): string[] {
	const points = gridPoints(surface.grid);
	const count = surface.fields[0]?.values.subarray(0, points).filter((value) => !Number.isFinite(value)).length ?? 0;
	if (count === 0) return [];
	const moved = assumptions.some((assumption) => assumption.startsWith("statistics of batch normalisation move"));
	const hint = moved ? "; where a variance falls below 0, --batch-norm reestimate measures it anew" : "";
	return [`not finite: loss at ${count} of ${points} points${hint}`];
}

/** Trainings for programs: of one its points; of several each with its own. */
function trajectoryOf(surface: SweepResult["surface"]): object | undefined {
	const { trajectories } = surface;
	if (trajectories === undefined) return undefined;
	const { origin, principal, paths, marks = [] } = trajectories;
	const drawn = surfaceLosses(surface);
	const told = (points: Path["points"], path: number) =>
		points.map(({ file, at: [x = 0, y = 0], offPlane, offPlaneShare, loss, lossOwnStatistics }, i) => ({
			...{ file, x, y, offPlane, offPlaneShare, loss, lossOwnStatistics },
			surfaceLoss: drawn[path]?.[i] ?? Number.NaN,
		}));
	const all = paths.map(({ label, points }, path) => ({ label, points: told(points, path) }));
	return {
		origin,
		...principal,
		...(all.length === 1 ? { points: all[0]?.points } : { trajectories: all }),
		...(marks.length > 0 && { marks: told(marks, paths.length) }),
	};
}

/** Values that are not finite have no place in JSON and become null. */
export function toJson(result: SweepResult, files: readonly string[]): object {
	const { digest, planDigest, surface, threads, elapsedSeconds, parameters, samples, origin } = result;
	const { barrier, connection, standardErrors, adaptive } = result;
	const range = (name: string) => {
		const found = extrema(surface, name);
		const errors = standardErrors[name];
		return {
			...{ origin: origin[name], min: found?.min.value ?? null, max: found?.max.value ?? null },
			...(errors && { standardErrors: errors }),
		};
	};
	return {
		digest,
		plan: planDigest,
		points: gridPoints(surface.grid),
		evaluated: adaptive?.evaluated ?? gridPoints(surface.grid),
		...(adaptive && { adaptive }),
		threads,
		elapsedSeconds,
		parameters,
		samples,
		...Object.fromEntries(surface.fields.map(({ name }) => [name, range(name)])),
		barrier,
		...(connection && { connection }),
		...(result.confidence && { confidence: result.confidence }),
		...(surface.trajectories && { trajectory: trajectoryOf(surface) }),
		assumptions: result.assumptions,
		files,
	};
}
