import { writeFileSync } from "node:fs";
import { escaped, short } from "./picture.js";

const style = `
body { font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif; color: #111; background: #fff; margin: 2rem auto; padding: 0 1.5rem; max-width: 1180px; }
h1 { font-size: 1.5rem; margin-bottom: 0.2rem; }
.setting { color: #555; margin-top: 0; }
.loud { background: #b00020; color: #fff; font-weight: 700; padding: 0.7rem 1rem; margin: 1rem 0; }
svg { width: 100%; height: auto; display: block; max-width: 1000px; margin: 0 auto; }
table { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { padding: 0.2rem 0.5rem; text-align: right; vertical-align: baseline; }
th:first-child, td:first-child, td.words, th.words { text-align: left; }
td:first-child, td.words { white-space: nowrap; }
thead th { vertical-align: bottom; }
thead th { border-bottom: 2px solid #111; font-weight: 600; }
tr.network th { padding-top: 0.9rem; border-bottom: 1px solid #999; text-align: left; font-weight: 400; color: #555; }
tr.network b { color: #111; }
tr.ours td { font-weight: 600; }
.software { color: #b00020; font-weight: 700; }
.none { color: #777; text-align: left; }
ul { padding-left: 1.2rem; }
`;

const columns = ["points/s", "start-up, s", "whole surface, s", "off exact by", "of the loss", "same bits"];

/** One page: what was measured on, the picture, where a GPU overtakes, and the table. */
export function writePage(path, { setting, measured, agreement, adapters, overtakes, date, rows, picture, disagree }) {
	const loud = [
		...Object.entries(adapters)
			.filter(([, adapter]) => adapter?.isSoftware)
			.map(
				([api, { name }]) =>
					`SOFTWARE ADAPTER: ${titles[api]} computes on the processor here (${name}). No GPU was measured.`,
			),
		...(disagree > 0 ? [`${disagree} rows do not agree with exact: their times are left out.`] : []),
	];
	const networks = grouped(rows);
	writeFileSync(
		path,
		`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>isoloss beside the GPU backends</title>
<style>${style}</style>
<h1>The same sweep on GPU backends, native code and isoloss</h1>
<p class="setting">${escaped(setting)}; ${escaped(measured)}; ${escaped(date.slice(0, 10))}</p>
${loud.map((line) => `<p class="loud">${escaped(line)}</p>`).join("\n")}
${picture}
<ul>${overtakes.map((words) => `<li>${escaped(words)}.</li>`).join("")}</ul>
<p>A point is the mean loss of a network at θ0 + α·δ + β·η over all samples: parameters are formed in double precision, rounded once
and handed over anew for each point. Start-up runs from the start of the process or page until the first point has been computed
once; points/s are of all points after that; the whole surface takes both. GPUs are compared with isoloss on all threads.
Differences are the largest over all points, and the largest share of the loss there: ${escaped(agreement)}. Same bits: whether
all rounds gave the same.</p>
<table>
<thead><tr><th>engine</th><th class="words">adapter</th>${columns.map((column) => `<th>${column}</th>`).join("")}<th class="words">remark</th></tr></thead>
${[...networks].map(([network, some]) => `${heading(network, some[0])}\n${some.map(tableRow).join("\n")}`).join("\n")}
</table>
</html>
`,
	);
}

const titles = { webgl: "WebGL", webgpu: "WebGPU" };

function grouped(rows) {
	const groups = new Map();
	for (const row of rows) groups.set(row.network, [...(groups.get(row.network) ?? []), row]);
	return groups;
}

const heading = (network, { parameters, "multiply-adds a point": work }) =>
	`<tr class="network"><th colspan="${columns.length + 3}"><b>${escaped(network)}</b>: ${short(parameters)} parameters, ${short(work)} multiply-adds a point</th></tr>`;

function tableRow(row) {
	const isSoftware = row.adapter.startsWith("SOFTWARE");
	const cells =
		row["points/s"] === null && row["off exact by"] === null
			? `<td class="none" colspan="${columns.length + 1}">${escaped(row.remark)}</td>`
			: `${columns.map((column) => `<td>${cell(column, row[column])}</td>`).join("")}<td class="words">${escaped(row.remark ?? "")}</td>`;
	return `<tr${row.engine.startsWith("isoloss") ? ' class="ours"' : ""}><td>${escaped(row.engine)}</td><td class="words${isSoftware ? " software" : ""}">${escaped(row.adapter)}</td>${cells}</tr>`;
}

function cell(column, value) {
	if (value === null || value === undefined) return "";
	if (typeof value === "string") return escaped(value);
	if (column.startsWith("off") || column.startsWith("of ")) return value === 0 ? "0" : value.toExponential(1);
	return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
