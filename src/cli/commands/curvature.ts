import { join } from "node:path";
import { type CurvatureResult, type CurvatureStart, curvature, type Sharpness } from "../../index.js";
import { type CurvatureCommandOptions, curvatureCommandOptions } from "../../options/curvature.js";
import { defineCommand } from "../command.js";
import { interruptible } from "../interrupt.js";
import { print, printJson, tell } from "../print.js";

export const curvatureCommand = defineCommand<CurvatureCommandOptions>({
	name: "curvature",
	summary:
		"Computes gradients, eigenvalues of the Hessian, its trace and spectrum, and measures of sharpness at a network.",
	options: curvatureCommandOptions,
	examples: [
		"--model net.onnx --data data.npz --samples all",
		"--top 10 --bottom 0 --trace",
		"--top 0 --bottom 0 --density",
		"--sharpness --rescaled 10",
	],
	notes:
		"Products with the Hessian are exact (reverse over forward mode); at kinks, as of relu, second derivatives count as 0. The same command again goes on where it stopped.",
	run: ({ options }) => interruptible({ message }, (signal) => run(options, signal)),
});

const message = "interrupted; what is finished is kept, and the same command goes on from there";

async function run(
	{ quiet = false, json = false, ...options }: CurvatureCommandOptions,
	signal: AbortSignal,
): Promise<void> {
	const progress = newProgress(quiet);
	const result = await curvature({
		...options,
		out:
			options.out ??
			((name, digest) => join("runs", `curvature-${name.replaceAll(/[^\w.-]+/g, "-")}-${digest.slice(0, 8)}`)),
		signal,
		...(!quiet && { onStart: (start: CurvatureStart) => tell(announced(start).join("\n")) }),
		onProgress: progress,
	});
	if (json) printJson(result);
	else print([...summary(result), ...result.files].join("\n"));
}

/** Between two lines of progress. */
const INTERVAL_MS = 3000;

function newProgress(quiet: boolean): (stage: string, note: string) => void {
	let next = performance.now() + INTERVAL_MS;
	return (stage, note) => {
		if (quiet || performance.now() < next) return;
		next = performance.now() + INTERVAL_MS;
		tell(note === "" ? stage : `${stage}: ${note}`);
	};
}

function announced({ model, parameters, samples, data, loss, assumptions, found, bytes }: CurvatureStart): string[] {
	return [
		`${model}, ${parameters.toLocaleString("en")} parameters, ${samples} samples of ${data}, ${loss}`,
		...assumptions.map((line) => `assumed: ${line}`),
		`vectors take up to ${Math.ceil(bytes / 2 ** 20)} MB`,
		...(found > 0 ? [`going on: ${found} steps are there`] : []),
	];
}

function summary(result: CurvatureResult): string[] {
	const { loss, gradientNorm, top, bottom, trace, density, products, elapsedSeconds, digest } = result;
	const line = ({ value, residual, settled }: CurvatureResult["top"][number], i: number, end: string) =>
		`${`${end} ${i + 1}`.padEnd(10)} ${number(value).padStart(13)} ± ${number(residual)}${settled ? "" : "  not settled"}`;
	return [
		`loss          ${number(loss)}`,
		`gradient norm ${number(gradientNorm)}`,
		...top.map((each, i) => line(each, i, "top")),
		...bottom.map((each, i) => line(each, i, "bottom")),
		...(trace === null
			? []
			: [
					`trace         ${number(trace.value)} ± ${number(trace.standardError)} (standard error, ${trace.probes} probes)`,
				]),
		...(density === null ? [] : [`density       by ${density.probes.length} probes, width ${number(density.width)}`]),
		...sharpnessLines(result),
		`${products} products in ${elapsedSeconds.toFixed(1)} s`,
		`digest ${digest}`,
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
