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

/** A figure of the article: its claim, its pictures, how they are to be read, the verdict with its numbers, and how it is made. */
export function figureSection(finished: FinishedFigure, typesetter: Typesetter): string {
	const { figure, verdict } = finished;
	return `<section id="figure-${figure.number}">
<h2>${figure.number}. ${escaped(figure.title)}</h2>
<p class="claim">${escaped(figure.claim)}</p>
<p>${typesetter.text(figure.explanation)}</p>
${pictureGroups(finished)}
${viewer(finished)}
${typesetter.formulas(figure.formulas)}
<div class="verdict ${verdict.borneOut}"><p>${badge(verdict)} ${escaped(verdict.because)}</p></div>
${numberTable(verdict)}
${remaking(finished)}
</section>`;
}

/** The place of what shows a figure's planes as more than pictures, where there is such a thing: nothing as yet. */
function viewer(_: FinishedFigure): string {
	return "";
}

/** Heat maps and curves in pairs beside each other, where the window is wide enough; all else below each other. */
function pictureGroups({ figure, pictures }: FinishedFigure): string {
	const numbered = pictures.map((picture, i) => {
		const letter = pictures.length > 1 ? ("abcdefgh"[i] ?? "") : "";
		return { isWide: isWide(picture), html: pictureFigure(picture, `${figure.number}${letter}`) };
	});
	const paired = numbered.filter(({ isWide }) => !isWide);
	const pair = paired.length > 1 ? [`<div class="pair">\n${paired.map(({ html }) => html).join("\n")}\n</div>`] : [];
	const alone = numbered.filter((each) => each.isWide || pair.length === 0);
	return [...alone.map(({ html }) => html), ...pair].join("\n");
}

function isWide({ name }: FinishedPicture): boolean {
	return /panels|scatter/.test(name);
}

function pictureFigure(picture: FinishedPicture, number: string): string {
	const { caption } = picture;
	const image = pictureElement(picture, caption);
	const shown = isWide(picture)
		? `<div class="scroll wide" tabindex="0" role="group" aria-label="Figure ${number}">${image}</div>`
		: image;
	return `<figure id="picture-${number}">${shown}<figcaption><b>Figure ${number}.</b> ${escaped(caption)}</figcaption></figure>`;
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
	const head = columns?.map((column) => `<th scope="col">${escaped(column)}</th>`).join("");
	const rows = numbers.map(({ label, value }) => {
		const cells = [value].flat().map((cell) => `<td>${escaped(cell)}</td>`);
		return `<tr><th scope="row">${escaped(label)}</th>${cells.join("")}</tr>`;
	});
	return `<div class="scroll"><table>${head === undefined ? "" : `<thead><tr><td></td>${head}</tr></thead>`}<tbody>
${rows.join("\n")}
</tbody></table></div>`;
}

/** The command for this figure alone, what it writes, and what it consists of. */
function remaking({ figure, pictures, command, steps }: FinishedFigure): string {
	const files = pictures.flatMap(({ name, darkName }) => [name, darkName]);
	const lines = steps.map((step) => `<code>${escaped(step)}</code>`);
	return `<h3>How to make figure ${figure.number}</h3>
<pre class="command">${escaped(command)}</pre>
<p class="made">writes, in that folder, <code>index.html</code> with this figure alone and ${files.map((name) => `<code>${escaped(name)}</code>`).join(", ")}; what it
trains is kept in <code>networks/</code>, what it sweeps in <code>runs/</code>, and neither is made twice.</p>
<details><summary>Step by step: ${steps.length} commands</summary><pre>${lines.join("")}</pre></details>`;
}
