import { version } from "../index.js";
import type { BorneOut, Verdict } from "./figure.js";
import type { FinishedArticle, FinishedFigure, FinishedNetwork } from "./finished.js";
import type { NetworkRecipe } from "./network.js";

/** A verdict as the page and the terminal word it. */
export const verdictWords: Readonly<Record<BorneOut, string>> = {
	yes: "borne out by this data",
	partly: "borne out in part",
	no: "not borne out by this data",
};

/** The page of an article: one HTML document that refers to no other file. */
export function page({ setting, figures, networks }: Omit<FinishedArticle, "page">): string {
	const quick =
		setting.name === "quick"
			? "<p>This is the quick version: small networks, little training, few samples and coarse grids. It shows how " +
				"everything is done; a verdict here is about these networks, and the full version may come to another.</p>"
			: "";
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The loss landscape article, ${setting.name}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>What loss landscapes show, and what they don't</h1>
<p>The figures of an article about the loss surfaces of networks for MNIST, made anew by isoloss ${escaped(version)}. Each
comes with what the article claims, and with whether the numbers behind this very picture bear it out. <em>In part</em>
means that the mean says so but not every plane, or one measure but not another. Half-widths are given twice, since networks
are not equally well trained: to twice a network's own loss, which favours the one with the higher loss, and to a level
common to all, which favours the one with the lower.</p>
${quick}
${summary(figures)}
${figures.map(section).join("\n")}
${networkTable(networks)}
</main>
</body>
</html>
`;
}

function summary(figures: readonly FinishedFigure[]): string {
	const rows = figures.map(
		({ figure, verdict }) =>
			`<tr><td><a href="#figure-${figure.number}">${figure.number}</a></td><td>${escaped(figure.title)}</td><td>${badge(verdict)}</td></tr>`,
	);
	return `<table><tbody>\n${rows.join("\n")}\n</tbody></table>`;
}

function section({ figure, verdict, pictures, command, steps }: FinishedFigure): string {
	const images = pictures.map(
		({ name, bytes, title }) =>
			`<img${name.endsWith("panels.svg") ? ' class="wide"' : ""} alt="${escaped(title)}" src="${dataUri(name, bytes)}">`,
	);
	const head = verdict.columns?.map((column) => `<th scope="col">${escaped(column)}</th>`).join("");
	const numbers = verdict.numbers.map(({ label, value }) => {
		const cells = [value].flat().map((cell) => `<td>${escaped(cell)}</td>`);
		return `<tr><th scope="row">${escaped(label)}</th>${cells.join("")}</tr>`;
	});
	return `<section id="figure-${figure.number}">
<h2>${figure.number}. ${escaped(figure.title)}</h2>
<div class="${pictures.some(({ name }) => name.includes("panels")) ? "wide" : "pictures"}">${images.join("\n")}</div>
<p>${escaped(figure.explanation)}</p>
<p><strong>The claim.</strong> ${escaped(figure.claim)}</p>
<p><strong>The verdict.</strong> ${badge(verdict)} ${escaped(verdict.because)}</p>
<table>${head === undefined ? "" : `<thead><tr><th></th>${head}</tr></thead>`}<tbody>
${numbers.join("\n")}
</tbody></table>
<pre>${escaped(command)}</pre>
<details><summary>Step by step</summary><pre>${escaped(steps.join("\n"))}</pre></details>
</section>`;
}

function badge({ borneOut }: Verdict): string {
	return `<span class="${borneOut}">${verdictWords[borneOut]}</span>`;
}

/** How each network came about, and how good it is. */
function networkTable(networks: readonly FinishedNetwork[]): string {
	const rows = networks.map(({ name, recipe, testAccuracy }) => {
		const accuracy = testAccuracy === null ? "" : `${(100 * testAccuracy).toFixed(1)} %`;
		return `<tr><th scope="row">${escaped(name)}</th><td>${escaped(describeNetwork(recipe))}</td><td>${accuracy}</td></tr>`;
	});
	return `<section><h2>The networks</h2>
<p>What each was made from, and the share of test images that it gets right.</p>
<table><tbody>\n${rows.join("\n")}\n</tbody></table></section>`;
}

function describeNetwork(recipe: NetworkRecipe): string {
	switch (recipe.kind) {
		case "initial":
			return `fresh parameters of seed ${recipe.seed}`;
		case "rescaled":
			return `${recipe.kernel} times ${recipe.factor}, the next layer divided by it`;
		case "trained": {
			const { samples, optimizer, learningRate, batchSize, epochs, seed } = recipe;
			const passes = `${epochs} ${epochs === 1 ? "epoch" : "epochs"} of ${samples === "all" ? "all" : samples.toLocaleString("en")} images`;
			return `${passes}, ${optimizer}, learning rate ${learningRate}, batch size ${batchSize}, seed ${seed}`;
		}
	}
}

/** As a reference of its own, so that identifiers inside one SVG don't meet those of another. */
function dataUri(name: string, bytes: Uint8Array): string {
	const type = name.endsWith(".svg") ? "image/svg+xml" : name.endsWith(".webp") ? "image/webp" : "image/png";
	return `data:${type};base64,${Buffer.from(bytes).toString("base64")}`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
	return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}

const style = `
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; margin: 0; }
main { max-width: 50rem; margin: 0 auto; padding: 1rem; }
section { margin-top: 3rem; }
img { max-width: 100%; height: auto; }
img.wide { grid-column: 1 / -1; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem; align-items: start; }
table { display: block; overflow-x: auto; border-collapse: collapse; font-size: 0.875rem; }
th, td { text-align: left; vertical-align: top; padding: 0.2rem 0.8rem 0.2rem 0; border-bottom: 1px solid #ddd; }
th { font-weight: normal; }
thead th { color: #555; }
pre { background: #f4f4f4; padding: 0.5rem; overflow-x: auto; font-size: 0.8rem; }
.yes, .partly, .no { padding: 0.1rem 0.5rem; border-radius: 0.3rem; white-space: nowrap; }
.yes { background: #d7f0dd; }
.partly { background: #fdf0c8; }
.no { background: #f8d9d3; }
`;
