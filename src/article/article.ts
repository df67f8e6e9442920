import { join } from "node:path";
import { compare, OptionError, type Picture, prepareDirectory, render, writeWhole } from "../index.js";
import { drawPoints } from "../render/index.js";
import type { ViewedRun } from "../view/index.js";
import { commandsOf } from "./commands.js";
import { captionOf } from "./essay/captions.js";
import type { Figure, PictureRecipe, Recipe, Surfaces } from "./figure.js";
import { surfaceNamed } from "./figure.js";
import { figures } from "./figures/index.js";
import type { FinishedArticle, FinishedFigure, FinishedOpening, FinishedPicture } from "./finished.js";
import { page } from "./page.js";
import { type Setting, settingOf } from "./setting.js";
import { type OnWork, Workshop, type WorkshopOptions } from "./workshop.js";

export interface ArticleOptions extends Pick<WorkshopOptions, "executor" | "onSurface" | "onBatch"> {
	/** The version of a few minutes in place of the whole one. */
	readonly quick?: boolean;
	/** Where everything goes: networks, runs, figures, index.html. */
	readonly directory: string;
	readonly threads: number;
	/** The numbers of the figures to make; all where nothing is said. */
	readonly only?: readonly number[];
	readonly seed?: number;
	readonly signal?: AbortSignal;
	readonly onWork?: OnWork;
	/** Called with each figure as it is finished. */
	readonly onFigure?: (figure: FinishedFigure) => void;
}

/**
 * Makes the article's figures from scratch into one folder: trains the networks they need, sweeps, draws, judges each claim,
 * and writes index.html. What the folder holds already is used again, so the same call goes on where an earlier one stopped.
 *
 * @throws {OptionError} for a number that is no figure's, or a folder that can't be written
 * @throws {InterruptedError} when the signal stops it
 */
export async function makeArticle(options: ArticleOptions): Promise<FinishedArticle> {
	const { directory, only, seed = 0 } = options;
	const setting = settingOf(options.quick ? "quick" : "full", seed);
	const chosen = chooseFigures(only);
	await prepareDirectory(directory);
	const workshop = new Workshop(options);
	const finished: FinishedFigure[] = [];
	let opening: FinishedOpening | undefined;
	try {
		for (const figure of chosen) {
			const surfaces = await surfacesOf(figure.recipe(setting), workshop);
			const made = await makeFigure(figure, setting, surfaces, directory);
			if (figure === openingFigure(chosen)) opening = await makeOpening(figure, surfaces, directory);
			finished.push(made);
			options.onFigure?.(made);
		}
	} finally {
		await workshop.close();
	}
	const parts = { setting, figures: finished, networks: workshop.networks, ...(opening && { opening }) };
	const article = { ...parts, page: join(directory, "index.html") };
	await writeWhole(article.page, page(article));
	return article;
}

/** @throws {OptionError} for a number that is no figure's */
export function chooseFigures(only?: readonly number[]): readonly Figure[] {
	const unknown = only?.find((number) => !figures.some((figure) => figure.number === number));
	if (unknown !== undefined)
		throw new OptionError("only", `expected figures from 1 to ${figures.length}, got "${unknown}"`);
	return figures.filter(({ number }) => only === undefined || only.includes(number));
}

/** Normalised planes are the ones to open with; a figure without normalisation stands in for them where it is all there is. */
function openingFigure(chosen: readonly Figure[]): Figure | undefined {
	return (
		chosen.find(({ formulas, opening }) => opening !== undefined && formulas.includes("filter")) ??
		chosen.find(({ opening }) => opening)
	);
}

async function surfacesOf({ sweeps, curves = {} }: Recipe, workshop: Workshop): Promise<Surfaces> {
	const surfaces: Record<string, Surfaces[string]> = {};
	for (const [name, recipe] of Object.entries(sweeps)) surfaces[name] = await workshop.surface(recipe);
	for (const [name, recipe] of Object.entries(curves))
		for (const { part, surface } of await workshop.curve(recipe)) surfaces[`${name}, ${part}`] = surface;
	return surfaces;
}

async function makeFigure(
	figure: Figure,
	setting: Setting,
	surfaces: Surfaces,
	directory: string,
): Promise<FinishedFigure> {
	const recipe = figure.recipe(setting);
	const pictures: FinishedPicture[] = [];
	for (const [i, picture] of recipe.pictures.entries()) {
		const number = `${String(figure.number).padStart(2, "0")}${"abcdef"[i]}`;
		const drawn = await inBothThemes(`${number}-${picture.picture}`, directory, (theme) =>
			draw(picture, surfaces, theme),
		);
		pictures.push({ ...drawn, caption: captionOf(picture, recipe, surfaces) });
	}
	return {
		figure,
		verdict: figure.verdict(surfaces, setting),
		pictures,
		planes: planesOf(recipe, surfaces),
		...commandsOf(figure, setting, directory),
	};
}

/** Reliefs that a page shows beside each other. */
const MOST_PLANES = 4;

/** The planes of a figure's pictures, each once, under the name that it has there. */
function planesOf({ pictures }: Recipe, surfaces: Surfaces): ViewedRun[] {
	const named = new Map<string, string>();
	for (const picture of pictures) {
		if (picture.picture === "scatter.svg") continue;
		for (const [sweep, label] of picture.of) if (!named.has(sweep)) named.set(sweep, label);
	}
	return [...named]
		.map(([sweep, name]) => ({ name, surface: surfaceNamed(surfaces, sweep) }))
		.filter(({ surface }) => surface.grid.axes.length === 2)
		.slice(0, MOST_PLANES);
}

async function makeOpening({ opening }: Figure, surfaces: Surfaces, directory: string): Promise<FinishedOpening> {
	if (opening === undefined) throw new TypeError("the figure has nothing to open with");
	const surface = surfaceNamed(surfaces, opening.sweep);
	const options = { pictures: ["relief"], formats: ["webp"], bare: true, width: OPENING_WIDTH, scale: "log" } as const;
	const drawn = await inBothThemes("00-relief.webp", directory, async (theme) =>
		pictureNamed("relief.webp", await render(surface, { ...options, theme })),
	);
	return { ...drawn, words: opening.words };
}

/** Draws a picture for white and for a dark ground, and writes both. */
async function inBothThemes(
	file: string,
	directory: string,
	drawIn: (theme: Theme) => Promise<Uint8Array>,
): Promise<Omit<FinishedOpening, "words">> {
	const [name, darkName] = [join("figures", file), join("figures", file.replace(".", "-dark."))];
	const [bytes, dark] = [await drawIn("light"), await drawIn("dark")];
	await writeWhole(join(directory, name), bytes);
	await writeWhole(join(directory, darkName), dark);
	return { name, bytes, darkName, dark };
}

type Theme = "light" | "dark";

/** Of two panels, as wide as the page's text; of more, which are broader than that; of the relief beside the title. */
const [WIDTH, BROAD, OPENING_WIDTH] = [760, 1056, 640];

async function draw(recipe: PictureRecipe, surfaces: Surfaces, theme: Theme): Promise<Uint8Array> {
	const { picture, title } = recipe;
	// The page has captions. Text as text has a sixth of the bytes of its outlines.
	const look = {
		title,
		theme,
		bare: true,
		text: "text",
		formats: [picture.endsWith(".svg") ? "svg" : "webp"],
	} as const;
	if (recipe.picture === "scatter.svg") {
		const { x, y, points } = recipe;
		return pictureNamed(picture, await drawPoints(points(surfaces), { ...look, x, y, width: WIDTH }));
	}
	const { of, metric, scale } = recipe;
	const named = of.map(([sweep, label]) => ({ label, surface: surfaceNamed(surfaces, sweep) }));
	const options = { ...look, ...(scale && { scale }) };
	const [first] = named;
	if (first === undefined) throw new TypeError(`${title} shows no surface`);
	if (picture === "training.webp")
		return pictureNamed(picture, await render(first.surface, { ...options, pictures: [], animate: ["training"] }));
	if (picture === "panels.svg" || picture === "curves.svg") {
		const width = picture === "curves.svg" ? {} : { width: of.length > 2 ? BROAD : WIDTH };
		return pictureNamed(picture, await compare(named, { ...options, ...width, ...(metric && { metric }) }));
	}
	return pictureNamed(picture, await render(first.surface, { ...options, pictures: [picture.replace(/\..*/, "")] }));
}

function pictureNamed(name: string, pictures: readonly Picture[]): Uint8Array {
	const found = pictures.find((each) => each.name === name);
	if (found === undefined)
		throw new TypeError(`there is no ${name} among ${pictures.map((each) => each.name).join(", ")}`);
	return found.bytes;
}
