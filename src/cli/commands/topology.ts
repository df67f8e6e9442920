import { dirname } from "node:path";
import { drawTopology, fieldNamed, formatPairs, readRun, type Surface, smad, topology, writeAll } from "../../index.js";
import { type TopologyCommandOptions, topologyCommandOptions } from "../../options/topology.js";
import { placeOf } from "../../surface/index.js";
import { defineCommand } from "../command.js";
import { figuresApart, runFile } from "../files.js";
import { print, printJson } from "../print.js";
import { formatValue } from "../surface-report.js";
import { table } from "../table.js";

export const topologyCommand = defineCommand<TopologyCommandOptions>({
	name: "topology",
	summary: "Finds the minima of a run, the saddles between them and their basins, and says which of them stand out.",
	argument: { placeholder: "<run>", help: "directory of a run, or its run.msgpack" },
	options: topologyCommandOptions,
	examples: ["runs/mnist-cnn-ec7f120e", "run --persistence 0.05 --neighbours 4", "run --field accuracy --out figures"],
	notes:
		"A minimum is significant where it lies deeper below the saddle to a lower one than noise reaches. Points without a value are holes; nothing is filled in.",
	async run({ options, args: [given = ""] }) {
		const path = await runFile(given);
		const { surface } = await readRun(path);
		const { pictures, rest } = figuresApart(options);
		const { out = dirname(path), json = false, ...asked } = rest;
		const found = topology(surface, asked);
		const drawn = await drawTopology(surface, found, pictures);
		const pairs = { name: "pairs.csv", bytes: formatPairs(surface, found) };
		const files = await writeAll(out, [pairs, ...drawn]);
		if (json) printJson({ ...toJson(surface, found), files });
		else print([...summary(surface, found), ...files].join("\n"));
	},
});

type Found = ReturnType<typeof topology>;

/** More lines than these nobody reads; all are in pairs.csv. */
const MOST_LINES = 20;

function summary(surface: Surface, found: Found): string[] {
	const { minima, maxima, domains, missing, rule, field } = found;
	const { unit, label } = fieldNamed(surface, field);
	const format = (value: number) => formatValue(value, unit);
	const count = (pairs: Found["minima"]) => pairs.filter(({ significant }) => significant).length;
	const least =
		rule === "standard error" ? "twice the standard error of the difference" : format(minima[0]?.threshold ?? 0);
	const inside = maxima.filter(({ border, significant }) => significant && !border).length;
	return [
		`${label}: ${numberOf(minima.length, "minimum", "minima")}, ${count(minima)} significant (persistence above ${least}${rule === "range" ? ", a hundredth of the range" : ""})`,
		`${numberOf(maxima.length, "maximum", "maxima")}, ${count(maxima)} significant, ${inside} of these within the grid`,
		...(missing > 0 ? [`${numberOf(missing, "point has", "points have")} no value: holes, around which paths go`] : []),
		...(domains > 1 ? [`${domains} parts separated by missing points, each with an essential minimum`] : []),
		`mean depth of minima (smad): ${format(smad(found))}`,
		"",
		...pairsTable(surface, found, format),
		...(minima.length > MOST_LINES ? [`and ${minima.length - MOST_LINES} of less persistence, in pairs.csv`] : []),
		"",
	];
}

function numberOf(count: number, one: string, several: string): string {
	return `${count} ${count === 1 ? one : several}`;
}

/** A line a minimum: where it is, how deep, where its saddle is, its basin's share of the area, and whether it counts. */
function pairsTable(surface: Surface, { minima, basinAreas }: Found, format: (value: number) => string): string[] {
	const area = basinAreas.reduce((sum, each) => sum + each, 0);
	const rows = minima
		.slice(0, MOST_LINES)
		.map(({ point, end, birth, death, persistence, ...pair }, i) => [
			`${i + 1}`,
			format(birth),
			placeText(surface, point),
			pair.essential ? "-" : format(death),
			pair.essential ? "-" : placeText(surface, end),
			format(persistence),
			`${((100 * (basinAreas[i] ?? 0)) / area).toFixed(1)} %`,
			[pair.significant ? "significant" : "", pair.essential ? "essential" : "", pair.border ? "border" : ""]
				.filter((word) => word !== "")
				.join(", "),
		]);
	const header = ["", "minimum", "at", "saddle", "at", "persistence", "basin", ""];
	const widest = Math.max(...rows.map((row) => row.at(-1)?.length ?? 0));
	return table([header, ...rows].map((row) => [...row.slice(0, -1), (row.at(-1) ?? "").padEnd(widest)]));
}

/** Where a point lies, to the digits that tell it from its neighbours. */
function placeText(surface: Surface, point: number): string {
	const texts = placeOf(surface, point).map((place) => String(Number(place.toPrecision(4))));
	return texts.length === 1 ? (texts[0] ?? "") : `(${texts.join(", ")})`;
}

/** Points as places; numbers that are not finite have no place in JSON and become null. */
function toJson(surface: Surface, found: Found): object {
	const { basins: _basins, minima, maxima, basinAreas, ...facts } = found;
	const told = ({ point, end, into, ...pair }: Found["minima"][number]) => ({
		...pair,
		at: placeOf(surface, point),
		saddle: placeOf(surface, end),
		into: into === null ? null : into + 1,
	});
	return {
		...facts,
		smad: smad(found),
		minima: minima.map((pair, i) => ({ ...told(pair), basinArea: basinAreas[i] })),
		maxima: maxima.map(told),
	};
}
