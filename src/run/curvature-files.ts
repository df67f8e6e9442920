import { join } from "node:path";
import type { Numbers } from "../curvature/measure.js";
import { type MethodName, methods } from "../curvature/methods.js";
import type { Secant } from "../curvature/secant.js";
import { writeAll } from "../files/write.js";
import type { FigureOptions } from "../render/options.js";

/** The numbers as JSON, as tables and as pictures; their paths. */
export async function writeCurvature(
	directory: string,
	result: Numbers & {
		readonly model: string;
		readonly method: MethodName;
		readonly parameters: number;
		readonly samples: number;
	},
	look: FigureOptions = {},
): Promise<string[]> {
	const eigenvalues = [
		...result.top.map((each, i) => [
			methods[result.method].order === "size" ? "size" : "top",
			i + 1,
			each.value,
			each.residual,
			each.settled,
		]),
		...result.bottom.map((each, i) => ["bottom", i + 1, each.value, each.residual, each.settled]),
	];
	const tensors = Object.entries(result.gradientNorms).map(([name, length]) => [
		JSON.stringify(name),
		length,
		result.trace?.byTensor[name] ?? "",
	]);
	const files: [string, string][] = [
		["curvature.json", `${JSON.stringify(result, null, "\t")}\n`],
		["eigenvalues.csv", csv(["end", "rank", "value", "residual", "settled"], eigenvalues)],
		["tensors.csv", csv(["tensor", "gradient norm", "trace"], tensors)],
	];
	const { density: spread } = result;
	if (spread !== null) {
		const rows = spread.at.map((at, i) => [at, spread.density[i] ?? "", spread.standardError[i] ?? ""]);
		files.push(["density.csv", csv(["eigenvalue", "density", "standard error"], rows)]);
	}
	if (result.secant !== null) files.push(["secant.csv", csv(secantHeader, secantRows(result.secant))]);
	// What draws is loaded when there is something to draw.
	const { drawCurvature } = await import("../render/curvature.js");
	const { parameters, top, bottom, noiseFloor, secant } = result;
	const figure = {
		title: `Curvature of ${result.model}`,
		foot: `${parameters.toLocaleString("en")} parameters, ${result.samples} samples, loss ${result.loss.toPrecision(4)}.`,
		...{ parameters, density: spread, top, bottom, noiseFloor, secant },
		order: methods[result.method].order,
	};
	const pictures = await drawCurvature(figure, look);
	const all = [...files.map(([name, bytes]) => ({ name, bytes })), ...pictures];
	return [join(directory, "curvature.msgpack"), ...(await writeAll(directory, all))];
}

const secantHeader = ["eigenvector", "eigenvalue", "step", "secant curvature", "rounding", "lost"];

function secantRows({ curves }: Secant): unknown[][] {
	return curves.flatMap(({ eigenvalue, points }, i) =>
		points.map(({ step, value, rounding, lost }) => [i + 1, eigenvalue.value, step, value, rounding, lost]),
	);
}

function csv(header: readonly string[], rows: readonly (readonly unknown[])[]): string {
	return `${[header, ...rows].map((row) => row.join(",")).join("\n")}\n`;
}
