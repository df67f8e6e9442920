import { dirname } from "node:path";
import {
	type EnsembleOptions,
	type EnsembleResult,
	OptionError,
	renderEnsemble,
	type SweepOptions,
	sweepEnsemble,
	writeAll,
} from "../index.js";
import type { PictureOptions } from "../render/index.js";
import { writePictures, writeViewer } from "./files.js";
import { overQueue } from "./queue.js";
import { formatValue, short } from "./surface-report.js";
import { table } from "./table.js";

/** An ensemble as the command line asks for it. */
export interface EnsembleCall {
	readonly sweep: Omit<EnsembleOptions, "executor" | "threads">;
	readonly carriers: Omit<Parameters<typeof overQueue>[0], "tell">;
	readonly drawing: PictureOptions;
	readonly noPictures: boolean;
	readonly noViewer: boolean;
	readonly live: boolean | number | undefined;
	readonly tell: (line: string) => void;
}

/** Sweeps an ensemble and draws it; what came out, and the files. */
export async function runEnsemble({
	sweep,
	carriers,
	drawing,
	noPictures,
	noViewer,
	live,
	tell,
}: EnsembleCall): Promise<{ readonly result: EnsembleResult; readonly files: readonly string[] }> {
	if (live !== undefined && live !== false) throw new OptionError("live", "expected one sweep, not an ensemble");
	const sweepWith = (executor: Pick<SweepOptions, "executor" | "threads">) =>
		sweepEnsemble({
			...sweep,
			...executor,
			onMember: ({ seed, number, of }) => tell(`seed ${seed}, ${number + 1} of ${of}`),
		});
	const result = await overQueue({ ...carriers, tell }, sweepWith);
	const { mean, members } = result;
	const directory = dirname(mean.files[0] ?? "");
	const named = members.map(({ seed, surface }) => ({ label: `seed ${seed}`, surface }));
	const pictures = noPictures ? [] : await writePictures(mean.surface, directory, drawing);
	const together = noPictures ? [] : await writeAll(directory, await renderEnsemble(named, mean.surface, drawing));
	const tables = await writeAll(directory, [{ name: "agreement.csv", bytes: agreementTable(result) }]);
	const viewer = noViewer ? [] : await writeViewer(mean.surface, directory);
	const runs = members.flatMap(({ files }) => files.slice(0, 1));
	return { result, files: [...runs, ...mean.files, ...tables, ...pictures, ...together, ...viewer] };
}

function agreementTable({ agreement: { levels } }: EnsembleResult): Uint8Array {
	const rows = levels.map(({ level, below, above, differing }) => [level, below, above, differing].join(","));
	return new TextEncoder().encode(`${["level,below,above,differing", ...rows].join("\n")}\n`);
}

/** What came out, a line each: mean and spread, levels all agree on, measures of shape. */
export function ensembleSummary({ members, mean, agreement }: EnsembleResult): string[] {
	const spread = (name: string, unit: string) =>
		formatValue(
			Math.max(...finite(mean.surface.fields.find((field) => field.name === `${name}-spread`)?.values)),
			unit,
		);
	const fields = members[0]?.surface.fields.filter(({ name }) =>
		mean.surface.fields.some((field) => field.name === `${name}-spread`),
	);
	const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
	const levels = agreement.levels.map(({ level, below, above, differing }) =>
		[short(level), ...[below, above, differing].map(percent)].map(String),
	);
	const shapes = agreement.measures.map(({ label, unit, mean: middle, spread: deviation, lowest, highest }) => [
		unit === "" ? label : `${label} (${unit})`,
		`${short(middle, 4)} ± ${short(deviation, 2)}`,
		`${short(lowest, 4)} to ${short(highest, 4)}`,
	]);
	return [
		...(fields ?? []).map(
			({ name, unit }) =>
				`${name}: origin ${formatValue(mean.origin[name] ?? Number.NaN, unit)}, spread over ${members.length} seeds up to ${spread(name, unit)}`,
		),
		...agreedSentence(agreement.levels, members.length),
		...(levels.length === 0 ? [] : table([["level", "all below", "all above", "they differ"], ...levels])),
		...(shapes.length === 0 ? [] : table([["measure", "mean ± deviation", "range"], ...shapes])),
		...members.map(({ seed, digest }) => `seed ${seed}    ${digest}`),
		`digest    ${mean.digest}`,
	];
}

/** At which level the directions matter least, and at which most. */
function agreedSentence(levels: EnsembleResult["agreement"]["levels"], count: number): string[] {
	const ordered = levels.toSorted((a, b) => a.differing - b.differing);
	const [least, most] = [ordered[0], ordered.at(-1)];
	if (least === undefined || most === undefined) return [];
	const agreed = ({ level, differing }: typeof least) =>
		`${(100 * (1 - differing)).toFixed(1)} % (level ${short(level)})`;
	return [
		`on which side of a level a point lies all ${count} agree at ${agreed(most)} to ${agreed(least)} of the points`,
	];
}

function finite(values: Float64Array = new Float64Array()): number[] {
	return [...values].filter(Number.isFinite);
}

/** The same for programs. */
export function ensembleJson({ members, mean, agreement }: EnsembleResult, files: readonly string[]): object {
	return {
		digest: mean.digest,
		plan: mean.planDigest,
		members: members.map(({ seed, digest, origin, elapsedSeconds }) => ({ seed, digest, origin, elapsedSeconds })),
		agreement,
		files,
	};
}
