import { machine, report } from "../measure.js";
import { BOUND, DISAGREES } from "./judge.js";
import { writePage } from "./page.js";
import { crossingsOf, drawPicture } from "./picture.js";

/**
 * Prints what was measured and writes it as JSON and as a page.
 *
 * @param rows     of all engines on all networks, each with its engine as `of`
 * @param settings of the measurement: engines, the browser's version or why there is none, adapters, rounds
 * @returns whether all engines agree
 */
export function publish(rows, { engines, browser, adapters, rounds }) {
	const { cpu, cores, node, date } = machine();
	const series = engines.filter(({ isDrawn }) => isDrawn).map((engine) => seriesOf(engine, rows));
	const crossings = crossingsOf(series);
	const facts = {
		setting: `${cpu}, ${cores} cores, Node ${node}, ${browser}`,
		measured: `${rounds === 1 ? "one round" : `median of ${rounds} rounds`}, each engine and network in a process or browser of its own`,
		agreement: `all are within ${BOUND.relative} of the loss that exact has, or ${BOUND.absolute} where it is smaller`,
		adapters,
		overtakes: crossings.map(({ words }) => words),
	};
	const told = rows.map(({ of, ...row }) => row);
	const disagree = told.filter(({ remark }) => remark === DISAGREES).length;
	console.log(`${facts.setting}\n${facts.measured}`);
	for (const [api, adapter] of Object.entries(adapters))
		if (adapter?.isSoftware)
			console.log(`!!! SOFTWARE ADAPTER: ${api} computes on the processor (${adapter.name}); no GPU is measured !!!`);
	console.log(disagree === 0 ? `losses agree: ${facts.agreement}\n` : `!!! LOSSES DISAGREE in ${disagree} rows !!!\n`);
	report("gpu", told.map(printed), facts);
	console.log(`\n${facts.overtakes.join("\n")}`);
	const page = new URL(`../results/gpu-${process.version}.html`, import.meta.url);
	writePage(page, { ...facts, date, rows: told, picture: drawPicture(series, crossings), disagree });
	return disagree === 0;
}

/** A line of the picture. */
function seriesOf(engine, rows) {
	const points = rows
		.filter((row) => row.of === engine && row["points/s"] !== null)
		.map((row) => ({ network: row.network, x: row["multiply-adds a point"], y: row["points/s"] }));
	return { ...engine, points: points.toSorted((a, b) => a.x - b.x) };
}

/** Differences with as many digits as mean something. */
function printed(row) {
	const short = (value) => value?.toExponential(1) ?? null;
	return { ...row, "off exact by": short(row["off exact by"]), "of the loss": short(row["of the loss"]) };
}
