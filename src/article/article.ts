import { join } from "node:path";
import { compare, OptionError, type Picture, prepareDirectory, render, writeWhole } from "../index.js";
import { commandsOf } from "./commands.js";
import type { Figure, PictureRecipe, Surfaces } from "./figure.js";
import { surfaceNamed } from "./figure.js";
import { figures } from "./figures/index.js";
import type { FinishedArticle, FinishedFigure } from "./finished.js";
import { page } from "./page.js";
import { type Setting, settingOf } from "./setting.js";
import { type OnWork, Workshop } from "./workshop.js";

export interface ArticleOptions {
	/** The minute's version in place of the whole one. */
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
	try {
		for (const figure of chosen) {
			const made = await makeFigure(figure, setting, workshop, directory);
			finished.push(made);
			options.onFigure?.(made);
		}
	} finally {
		await workshop.close();
	}
	const article = { setting, figures: finished, networks: workshop.networks, page: join(directory, "index.html") };
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

async function makeFigure(
	figure: Figure,
	setting: Setting,
	workshop: Workshop,
	directory: string,
): Promise<FinishedFigure> {
	const { sweeps, curves = {}, pictures } = figure.recipe(setting);
	const surfaces: Record<string, Surfaces[string]> = {};
	for (const [name, recipe] of Object.entries(sweeps)) surfaces[name] = await workshop.surface(recipe);
	for (const [name, recipe] of Object.entries(curves))
		for (const { part, surface } of await workshop.curve(recipe)) surfaces[`${name}, ${part}`] = surface;
	const drawn = [];
	for (const [i, recipe] of pictures.entries()) {
		const number = String(figure.number).padStart(2, "0");
		const picture = await draw(recipe, surfaces, join("figures", `${number}${"abcdef"[i]}-${recipe.picture}`));
		await writeWhole(join(directory, picture.name), picture.bytes);
		drawn.push({ ...picture, title: recipe.title });
	}
	return {
		figure,
		verdict: figure.verdict(surfaces, setting),
		pictures: drawn,
		...commandsOf(figure, setting, directory),
	};
}

/** Wide enough for two panels side by side, and for the page's text. */
const WIDTH = 760;

async function draw(recipe: PictureRecipe, surfaces: Surfaces, name: string): Promise<Picture> {
	const { picture, of, title, metric, scale } = recipe;
	const named = of.map(([sweep, label]) => ({ label, surface: surfaceNamed(surfaces, sweep) }));
	const animate = picture === "training.webp" ? ({ animate: ["training"] } as const) : {};
	const options = { title, ...animate, ...(metric && { metric }), ...(scale && { scale }) };
	const [first] = named;
	const isShared = picture === "panels.svg" || picture === "curves.svg";
	if (first === undefined) throw new TypeError(`${title} shows no surface`);
	const drawn = isShared ? await compare(named, { ...options, width: WIDTH }) : await render(first.surface, options);
	const found = drawn.find((each) => each.name === picture);
	if (found === undefined) throw new TypeError(`there is no ${picture} of ${title}`);
	return { name, bytes: found.bytes };
}
