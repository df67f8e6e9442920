import { join } from "node:path";
import type { Numbers } from "../curvature/measure.js";
import { writeWhole } from "../files/write.js";

/** The numbers as JSON, as tables and as pictures; their paths. */
export async function writeCurvature(
	directory: string,
	result: Numbers & { readonly model: string; readonly parameters: number; readonly samples: number },
): Promise<string[]> {
	const eigenvalues = [
		...result.top.map((each, i) => ["top", i + 1, each.value, each.residual, each.settled]),
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
	const { drawSpectrum } = await import("../render/pictures/spectrum.js");
	const pictures = await drawSpectrum({
		title: `Curvature of ${result.model}`,
		foot: `${result.parameters.toLocaleString("en")} parameters, ${result.samples} samples, loss ${result.loss.toPrecision(4)}.`,
		...{ parameters: result.parameters, density: result.density, top: result.top, bottom: result.bottom },
	});
	const paths: string[] = [];
	for (const [name, content] of [...files, ...pictures.map(({ name, bytes }) => [name, bytes] as const)]) {
		const path = join(directory, name);
		await writeWhole(path, content);
		paths.push(path);
	}
	return [join(directory, "curvature.msgpack"), ...paths];
}

function csv(header: readonly string[], rows: readonly (readonly unknown[])[]): string {
	return `${[header, ...rows].map((row) => row.join(",")).join("\n")}\n`;
}
