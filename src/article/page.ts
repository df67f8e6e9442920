import { version } from "../index.js";
import { type ViewerParts, viewerParts } from "../view/index.js";
import { escaped } from "./essay/html.js";
import { badge, figureSection, pictureElement } from "./essay/section.js";
import { style } from "./essay/style.js";
import { Typesetter } from "./essay/typesetter.js";
import type { BorneOut } from "./figure.js";
import type { FinishedArticle, FinishedFigure, FinishedNetwork, FinishedOpening } from "./finished.js";
import type { NetworkRecipe } from "./network.js";

const TITLE = "What loss landscapes show, and what they don't";

/** Nothing is loaded from anywhere: pictures, style and the script that turns planes are in the page, and nothing else is run. */
const policy = (viewers: ViewerParts) =>
	`default-src 'none'; ${viewers.policy}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`;

/** The page of an article: one HTML document that refers to no other file and loads nothing. */
export function page({ setting, figures, networks, opening }: Omit<FinishedArticle, "page">): string {
	const typesetter = new Typesetter();
	// Formulas and citations count from the top of the page, so that its parts are set in their order.
	const viewers = viewerParts(figures.flatMap(({ planes }) => planes));
	let plane = 0;
	const placeOf = ({ planes }: FinishedFigure) =>
		planes.length === 0 ? "" : viewers.place(...planes.map(() => plane++));
	const parts = [
		reading(typesetter),
		...figures.map((figure) => figureSection(figure, typesetter, placeOf(figure))),
		closing(figures, typesetter),
		networkTable(networks),
		`<section id="references">\n<h2>References</h2>\n${typesetter.references()}\n</section>`,
	];
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy(viewers)}">
<meta name="referrer" content="no-referrer">
<meta name="description" content="${escaped(describe(figures))}">
<title>${escaped(TITLE)}</title>
<style>${viewers.style}
${style}</style>
</head>
<body>
${header(setting.name, figures, opening)}
<main>
${contents(figures)}
${parts.join("\n")}
</main>
<footer>Made by isoloss ${escaped(version)}, the ${setting.name} article of seed ${setting.seed}. The same command gives the same numbers on
every machine.</footer>
${viewers.script}
</body>
</html>
`;
}

function describe(figures: readonly FinishedFigure[]): string {
	return `${figures.length} claims about the loss landscapes of neural networks, each put to the test by the numbers behind its picture.`;
}

function header(name: string, figures: readonly FinishedFigure[], opening: FinishedOpening | undefined): string {
	const quick =
		name === "quick"
			? "<p>This is the quick version: small networks, little training, few samples a point. It shows how everything is done; a verdict " +
				"here is about these networks, and the full version may come to another.</p>"
			: "";
	const relief =
		opening === undefined ? "" : `\n<figure>${pictureElement(opening, `Relief. ${opening.words}`)}</figure>`;
	return `<header>
<div>
<h1>${escaped(TITLE)}</h1>
<p class="lede">${escaped(describe(figures))}</p>
${opening === undefined ? "" : `<p>${escaped(opening.words)}</p>`}
${quick}
</div>${relief}
</header>`;
}

function contents(figures: readonly FinishedFigure[]): string {
	const item = (id: string, title: string, after = "") => `<li><a href="#${id}">${title}</a>${after}</li>`;
	const items = [
		item("reading", "How to read this"),
		...figures.map(({ figure, verdict }) =>
			item(`figure-${figure.number}`, `${figure.number}. ${escaped(figure.title)}`, badge(verdict)),
		),
		item("closing", "Closing notes"),
		item("networks", "The networks"),
		item("references", "References"),
	];
	return `<nav aria-label="Contents"><ol>\n${items.join("\n")}\n</ol></nav>`;
}

function reading(typesetter: Typesetter): string {
	return `<section id="reading">
<h2>How to read this</h2>
<p>${typesetter.text(
		"A network with fixed data is a function of its parameters alone: its loss. That function has as many dimensions as the network has " +
			"weights, and a picture has two. So one goes from a trained network along one direction or two and draws what the loss does on the way [goodfellow2015] [li2018].",
	)}</p>
${typesetter.formulas(["loss", "plane"])}
<p>Each figure comes with what the article claims, and with whether the numbers behind this very picture bear it out:
${badge({ borneOut: "yes" })} where they do; ${badge({ borneOut: "partly" })} where the mean says so but not every plane, or one measure but not
another; ${badge({ borneOut: "no" })} where they don't; ${badge({ borneOut: "open" })} where there are too few of them to tell a relation from chance. Half-widths of
minima are given twice, since networks are not equally well trained: to twice a network's own loss, which favours the one with
the higher loss, and to a level common to all, which favours the one with the lower.</p>
</section>`;
}

const tallied: readonly BorneOut[] = ["yes", "partly", "no", "open"];

/** What the verdicts come to, and what to bear in mind of all such pictures. */
function closing(figures: readonly FinishedFigure[], typesetter: Typesetter): string {
	const tally = tallied
		.map((borneOut) => ({ borneOut, which: figures.filter(({ verdict }) => verdict.borneOut === borneOut) }))
		.filter(({ which }) => which.length > 0)
		.map(({ borneOut, which }) => {
			const links = which.map(({ figure: { number } }) => `<a href="#figure-${number}">${number}</a>`);
			return `<li>${badge({ borneOut })} ${links.length} of ${figures.length}: ${links.join(", ")}</li>`;
		});
	const notes = [
		"A plane is two dimensions of all there are. What curves upwards in it can have a way down elsewhere, and a wall can have a way around: " +
			"along curves, minima that look apart are joined [garipov2018] [draxler2018].",
		"Scale is a choice. Other parameters of the same function give another picture unless the directions are normalised, and flatness that is not " +
			"invariant to such a rescaling says nothing by itself of how well a network generalises [dinh2017] [li2018].",
		"One network, one seed and one pair of directions are one draw. Where planes of other directions disagree, the verdict is partly at most.",
	];
	return `<section id="closing">
<h2>Closing notes</h2>
<ul>
${tally.join("\n")}
</ul>
<p>What to bear in mind of these and of all such pictures:</p>
<ul>
${notes.map((note) => `<li>${typesetter.text(note)}</li>`).join("\n")}
</ul>
</section>`;
}

/** How each network came about, and how good it is. */
function networkTable(networks: readonly FinishedNetwork[]): string {
	const rows = networks.map(({ name, recipe, testAccuracy }) => {
		const accuracy = testAccuracy === null ? "" : `${(100 * testAccuracy).toFixed(1)} %`;
		return `<tr><th scope="row" class="name-of">${escaped(name)}</th><td>${escaped(describeNetwork(recipe))}</td><td>${accuracy}</td></tr>`;
	});
	return `<section id="networks">
<h2>The networks</h2>
<p>What each was made from, and the share of test images that it gets right.</p>
<div class="scroll"><table><thead><tr><th scope="col">network</th><th scope="col">made from</th><th scope="col">right answers</th></tr></thead><tbody>
${rows.join("\n")}
</tbody></table></div>
</section>`;
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
