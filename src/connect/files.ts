import { formatHistory } from "../export/history.js";
import { writeAll } from "../files/write.js";
import { formatSafetensors } from "../formats/safetensors.js";
import { toNamedTensors } from "../network/parameters.js";
import type { FigureOptions } from "../render/options.js";
import type { CurveOptions } from "../train/curve.js";
import { curvePlan } from "../train/curve-training.js";
import type { ConnectResult } from "./result.js";
import type { LineSummary } from "./table.js";

/** The bends as weights, numbers as JSON and as tables, and pictures; their paths. */
export async function writeConnection(
	directory: string,
	options: CurveOptions,
	result: Omit<ConnectResult, "files">,
	pictures: FigureOptions = {},
): Promise<string[]> {
	const plan = Object.fromEntries(Object.entries(curvePlan(options)).map(([name, value]) => [name, String(value)]));
	const bends = result.curve.networks.slice(1, -1).map((bend, i) => ({
		name: `bend-${i + 1}.safetensors`,
		bytes: formatSafetensors({
			tensors: toNamedTensors(options.graph, bend),
			metadata: { format: "pt", ...plan, bend: `${i + 1} of ${options.bends}` },
		}),
	}));
	// What draws is loaded when there is something to draw.
	const { drawConnection } = await import("./draw.js");
	const files: readonly { readonly name: string; readonly bytes: Uint8Array | string }[] = [
		...bends,
		{ name: "training.csv", bytes: formatHistory(result.history) },
		{ name: "connection.csv", bytes: formatSummaries(result.summaries) },
		{ name: "connection.json", bytes: `${JSON.stringify(connectionJson(result), null, "\t")}\n` },
		...(await drawConnection(options, result, pictures)),
	];
	return writeAll(directory, files);
}

/** All but the networks and the values along the lines, which have files of their own. */
export function connectionJson(result: Omit<ConnectResult, "files">): object {
	const { curve, labels, summaries, chord, length, plane, digest, assumptions, lines } = result;
	return {
		...{ digest, labels, curve: curve.kind, bends: curve.networks.length - 2, chord, length },
		...{ summaries, plane: plane !== null },
		verdicts: lines.map(({ way, part, rule, connection }) => ({
			...{ way, part, rule, verdict: connection?.verdict ?? null },
		})),
		assumptions,
	};
}

function formatSummaries(summaries: readonly LineSummary[]): string {
	const header =
		"way,data,statistics,field,start,end,min,max,mean,length_mean,barrier,barrier_at,barrier_standard_error";
	const rows = summaries.map(({ way, part, rule, field, start, end, min, max, mean, lengthMean, barrier }) =>
		[
			...[way, part, rule ?? "", field, start, end, min, max, mean, lengthMean],
			...[barrier?.height ?? "", barrier?.alpha ?? "", barrier?.standardError ?? ""],
		].join(","),
	);
	return `${[header, ...rows].join("\n")}\n`;
}
