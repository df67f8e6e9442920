import type { BorneOut, Verdict } from "../figure.js";
import type { FinishedFigure, FinishedPicture } from "../finished.js";
import { dataUri, escaped } from "./html.js";
import type { Typesetter } from "./typesetter.js";

/** A verdict as the page and the terminal word it. */
export const verdictWords: Readonly<Record<BorneOut, string>> = {
	yes: "borne out by this data",
	partly: "borne out in part",
	no: "not borne out by this data",
	open: "too few to say",
};

/**
 * A figure of the article: its claim, its pictures, how they are to be read, the verdict with its numbers, and how it is made.
 *
 * @param viewer the place where its planes can be opened; empty where it has none
 */
export function figureSection(finished: FinishedFigure, typesetter: Typesetter, viewer: string): string {
	const { figure, verdict } = finished;
	return `<section id="figure-${figure.number}">
<h2>${figure.number}. ${escaped(figure.title)}</h2>
<p class="claim">${escaped(figure.claim)}</p>
<p>${typesetter.text(figure.explanation)}</p>
${pictureGroups(finished)}
${viewer}
${typesetter.formulas(figure.formulas)}
<div class="verdict ${verdict.borneOut}"><p>${badge(verdict)} ${escaped(verdict.because)}</p></div>
${numberTable(verdict)}
${remaking(finished)}
</section>`;
}

/** Heat maps and curves in pairs beside each other, where the window is wide enough; all else below each other. */
function pictureGroups({ figure, pictures }: FinishedFigure): string {
	const numbered = pictures.map((picture, i) => {
		const letter = pictures.length > 1 ? ("abcdefgh"[i] ?? "") : "";
		return { isAlone: !isPaired(picture), html: pictureFigure(picture, `${figure.number}${letter}`) };
	});
	const paired = numbered.filter(({ isAlone }) => !isAlone);
	const pair = paired.length > 1 ? [`<div class="pair">\n${paired.map(({ html }) => html).join("\n")}\n</div>`] : [];
	const alone = numbered.filter((each) => each.isAlone || pair.length === 0);
	return [...alone.map(({ html }) => html), ...pair].join("\n");
}

function isPaired({ name }: FinishedPicture): boolean {
	return /heatmap|curves/.test(name);
}

/** Figures of several plots scroll where a window is too narrow for them, and reach out of the column where it is wide. */
function pictureFigure(picture: FinishedPicture, number: string): string {
	const { name, caption } = picture;
	const image = pictureElement(picture, caption);
	const size = isBroadPicture(picture) ? "broad" : "wide";
	const shown = /panels|scatter|training/.test(name)
		? `<div class="scroll ${size}" tabindex="0" role="group" aria-label="Figure ${number}">${image}</div>`
		: image;
	const moving = name.endsWith("training.webp") ? ' class="moving"' : "";
	return `<figure${moving} id="picture-${number}">${shown}<figcaption><b>Figure ${number}.</b> ${escaped(caption)}</figcaption></figure>`;
}

/** Whether it is drawn broader than the page's text. */
function isBroadPicture({ name, bytes }: FinishedPicture): boolean {
	if (!name.endsWith("panels.svg")) return false;
	const [, width] = / width="(\d+)/.exec(new TextDecoder().decode(bytes.subarray(0, 400))) ?? [];
	return Number(width) > 1000;
}

/** In the colours of the reader's theme; on paper in those for white. */
export function pictureElement(
	{ name, bytes, dark }: Pick<FinishedPicture, "name" | "bytes" | "dark">,
	alt: string,
): string {
	return `<picture><source media="screen and (prefers-color-scheme: dark)" srcset="${dataUri(name, dark)}"><img alt="${escaped(alt)}" src="${dataUri(name, bytes)}"></picture>`;
}

export function badge({ borneOut }: Pick<Verdict, "borneOut">): string {
	return `<span class="badge ${borneOut}">${verdictWords[borneOut]}</span>`;
}

function numberTable({ columns, numbers }: Verdict): string {
	const isBroad = (columns?.length ?? 0) > 3;
	const head = columns?.map((column) => `<th scope="col">${escaped(column)}</th>`).join("");
	const rows = numbers.map(({ label, value }) => {
		const cells = [value].flat().map((cell) => `<td>${escaped(cell)}</td>`);
		return `<tr><th scope="row">${escaped(label)}</th>${cells.join("")}</tr>`;
	});
	return `<div class="scroll"><table${isBroad ? ' class="columns"' : ""}>${head === undefined ? "" : `<thead><tr><td></td>${head}</tr></thead>`}<tbody>
${rows.join("\n")}
</tbody></table></div>`;
}

/** The command for this figure alone, what it writes, and what it consists of. */
function remaking({ figure, pictures, command, steps }: FinishedFigure): string {
	const files = pictures.flatMap(({ name, darkName }) => [name, darkName]);
	const lines = steps.map((step) => `<code>${commandLine(step)}</code>`);
	return `<h3>How to make figure ${figure.number}</h3>
<pre class="command">${commandLine(command)}</pre>
<p class="made">writes, in that folder, <code>index.html</code> with this figure alone and ${files.map((name) => `<code>${escaped(name)}</code>`).join(", ")}; what it
trains is kept in <code>networks/</code>, what it sweeps in <code>runs/</code>, and neither is made twice.</p>
<details><summary>Step by step: ${steps.length} commands</summary><pre>${lines.join("")}</pre></details>`;
}

/** A command whose flags are not broken at their hyphens. */
function commandLine(command: string): string {
	return escaped(command).replaceAll(/--[a-z-]+/g, (flag) => `<span class="flag">${flag}</span>`);
}
