import { join } from "node:path";
import {
	type CurvatureProgress,
	type CurvatureResult,
	type CurvatureStart,
	curvature,
	type Sharpness,
} from "../../index.js";
import { type CurvatureCommandOptions, curvatureCommandOptions } from "../../options/curvature.js";
import type { LivePage } from "../../view/index.js";
import { defineCommand } from "../command.js";
import { figuresApart, usualDirectory } from "../files.js";
import { interruptible } from "../interrupt.js";
import { endingLive, LIVE_FILE, liveProgress, startLive } from "../live.js";
import { print, printJson, tell } from "../print.js";
import { startStages } from "../progress.js";
import { overQueue } from "../queue.js";

export const curvatureCommand = defineCommand<CurvatureCommandOptions>({
	name: "curvature",
	summary:
		"Computes gradients, eigenvalues of the Hessian, its trace and spectrum, and measures of sharpness at a network.",
	options: curvatureCommandOptions,
	examples: [
		"--model net.onnx --data data.npz --samples all",
		"--top 10 --bottom 0 --trace",
		"--top 0 --bottom 0 --density",
		"--top 3 --bottom 0 --scale 3",
		"--method power --top 5 --steps 200",
		"--sharpness --rescaled 10",
	],
	notes:
		"Products with the Hessian are exact (reverse over forward mode); at kinks, as of relu, second derivatives count as 0. The same command again goes on where it stopped.",
	run: ({ options }) => interruptible({ message }, (signal) => run(options, signal)),
});

const message = "interrupted; what is finished is kept, and the same command goes on from there";

async function run(
	{ quiet = false, json = false, live, queue, verify, threads, ...options }: CurvatureCommandOptions,
	signal: AbortSignal,
): Promise<void> {
	const stages = startStages(quiet);
	const { pictures, rest } = figuresApart(options);
	const page = newLiveReporter(live);
	const result = await page
		.ending(() =>
			overQueue({ queue, verify, threads, tell: quiet ? () => undefined : tell }, (carriers) =>
				curvature({
					...rest,
					...carriers,
					pictures,
					out: options.out ?? usualDirectory("curvature-"),
					signal,
					async onStart(start) {
						if (!quiet) tell(announced(start).join("\n"));
						await page.start(start);
					},
					onProgress(progress) {
						stages.update(progress);
						page.progress(progress);
					},
				}),
			),
		)
		.finally(stages.stop);
	if (json) printJson(result);
	else print([...summary(result), ...result.files].join("\n"));
}

/** Draws the estimates on a page while they settle, where one is asked for. */
function newLiveReporter(asked: boolean | number | undefined) {
	let page: LivePage | undefined;
	let stage = "";
	let progress: ReturnType<typeof liveProgress> = () => undefined;
	return {
		async start(start: CurvatureStart) {
			const { model, directory } = start;
			page = await startLive(
				asked,
				`Curvature of ${model}`,
				directory === null ? undefined : join(directory, LIVE_FILE),
			);
			page?.say(announced(start));
		},
		progress({ stage: current, done, total, unit, note, estimates = {} }: CurvatureProgress) {
			if (current !== stage) {
				stage = current;
				progress = liveProgress(page, unit, { total });
				const series = Object.keys(estimates).map((label) => ({ label, side: "left", points: [] }) as const);
				if (series.length > 0) page?.plot({ name: current, xLabel: unit, leftLabel: current, series });
			}
			for (const [label, value] of Object.entries(estimates))
				page?.points(current, label, [[done, Number.isFinite(value) ? value : null]]);
			progress(done, `${current} ${note}`);
		},
		ending: <T extends { readonly files: readonly string[] }>(work: () => Promise<T>) =>
			endingLive(
				() => page,
				work,
				({ files }) => `done; ${files.join(", ")}`,
			),
	};
}

function announced({ model, parameters, samples, data, loss, assumptions, found, bytes }: CurvatureStart): string[] {
	return [
		`${model}, ${parameters.toLocaleString("en")} parameters, ${samples} samples of ${data}, ${loss}`,
		...assumptions.map((line) => `assumed: ${line}`),
		`vectors take up to ${Math.ceil(bytes / 2 ** 20)} MB of memory`,
		...(found > 0 ? [`going on: ${found} steps are there`] : []),
	];
}

function summary(result: CurvatureResult): string[] {
	const {
		loss,
		gradientNorm,
		top,
		bottom,
		noiseFloor,
		method,
		trace,
		density,
		secant,
		products,
		elapsedSeconds,
		digest,
	} = result;
	// A residual below the noise floor says what exact arithmetic would have made of it.
	const error = (residual: number) => number(Math.max(residual, noiseFloor ?? 0));
	const line = ({ value, residual, settled }: CurvatureResult["top"][number], i: number, end: string) =>
		`${`${end} ${i + 1}`.padEnd(10)} ${number(value).padStart(13)} ± ${error(residual)}${settled ? "" : "  not settled"}`;
	return [
		`loss          ${number(loss)}`,
		`gradient norm ${number(gradientNorm)}`,
		...top.map((each, i) => line(each, i, method === "power" ? "largest" : "top")),
		...bottom.map((each, i) => line(each, i, "bottom")),
		...(noiseFloor === null ? [] : [`noise floor   ${number(noiseFloor)}: what lies below is 0 within rounding`]),
		...(trace === null ? [] : [traceLine(trace)]),
		...(secant === null ? [] : secantLines(secant)),
		...(density === null ? [] : [`density       by ${density.probes.length} probes, width ${number(density.width)}`]),
		...sharpnessLines(result),
		`${products} products in ${elapsedSeconds.toFixed(1)} s`,
		`digest ${digest}`,
	];
}

function traceLine({ value, standardError, interval, probes }: NonNullable<CurvatureResult["trace"]>): string {
	const [low, high] = interval.map(number);
	return `trace         ${number(value)} ± ${number(standardError)} (standard error, ${probes} probes); 95 %: ${low} to ${high}`;
}

/** A row a step, a column an eigenvector; what is lost in rounding is not shown. */
function secantLines({ curves }: NonNullable<CurvatureResult["secant"]>): string[] {
	const cells = (first: string, rest: readonly string[]) =>
		`${first.padEnd(10)} ${rest.map((cell) => cell.padStart(13)).join(" ")}`;
	const steps = curves[0]?.points ?? [];
	return [
		cells(
			"secant h",
			curves.map((_, i) => `along ${i + 1}`),
		),
		...steps.map(({ step }, row) =>
			cells(
				step.toPrecision(3),
				curves.map(({ points }) => {
					const { value = Number.NaN, lost = true } = points[row] ?? {};
					return lost ? "lost" : number(value);
				}),
			),
		),
	];
}

/** Measures by name; lower bounds are named as such, and what a rescaling changed stands beside. */
function sharpnessLines({ sharpness, rescaled }: CurvatureResult): string[] {
	if (sharpness === null) return [];
	return Object.entries(sharpness).flatMap(([name, { figures }]) =>
		Object.entries(figures).map(([figure, { value, how, standardError }]) => {
			const bound = how === "search" ? " (found by search: a lower bound)" : ` (${how})`;
			const error = standardError === undefined ? "" : ` ± ${number(standardError)}`;
			return `${`${name} ${figure}`.padEnd(32)} ${number(value)}${error}${bound}${beside(rescaled, name, figure, value)}`;
		}),
	);
}

function beside(
	rescaled: Readonly<Record<string, Sharpness>> | null,
	name: string,
	figure: string,
	value: number,
): string {
	const other = rescaled?.[name]?.figures[figure]?.value;
	if (other === undefined) return "";
	const same = Math.abs(other - value) <= 1e-3 * Math.abs(value);
	return same ? "; rescaled the same" : `; rescaled ${number(other)}`;
}

function number(value: number): string {
	return Number.isFinite(value) ? value.toPrecision(6) : String(value);
}
