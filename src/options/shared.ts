import { availableParallelism } from "node:os";
import { formatNames } from "../render/formats.js";
import { animationNames, type FigureOptions, type PictureOptions } from "../render/options.js";
import { colormapNames } from "../render/parts/colormap.js";
import { textModes } from "../render/parts/look.js";
import { scaleNames } from "../render/parts/scale.js";
import { parseSize } from "../render/parts/size.js";
import { themeNames } from "../render/parts/theme.js";
import { LEAST_ELEVATION, MOST_ELEVATION, usualView } from "../render/parts/view.js";
import { WIDTH } from "../render/parts/width.js";
import { anyNumber, between, choice, choices, type Kind, list, port, text, toggle, viewFrom, whole } from "./kinds.js";
import type { Option, OptionTable } from "./table.js";

/** How many threads the machine runs at once. */
export const machineThreads = availableParallelism();

/** Options that several commands have, the same everywhere. */
export const threads: Option<number> = {
	...whole(1),
	help: "threads; no more of them work than the machine has cores",
	group: "Running",
	fallback: "as many as the machine runs at once",
};

export const seed = (of: string): Option<number> => ({
	...whole(0),
	help: `seed ${of}`,
	group: "Running",
	fallback: "0",
});

export const fresh: Option<boolean> = {
	...toggle,
	help: "start over, whatever an earlier start has left",
	group: "Running",
};

export const quiet: Option<boolean> = { ...toggle, help: "print no progress", group: "Output", commandOnly: true };

export const json: Option<boolean> = {
	...toggle,
	help: "print one JSON object on standard output",
	group: "Output",
	commandOnly: true,
};

export const noOpening: Option<boolean> = {
	...toggle,
	help: "write the page and say where it is; open no browser",
	group: "Output",
	commandOnly: true,
};

export const live: Option<boolean | number> = {
	...port,
	help: "show a page of it on this machine while it runs, at a port or at any that is free",
	group: "Output",
	commandOnly: true,
};

export const noPreview: Option<boolean> = {
	...toggle,
	help: "show no small picture in the terminal at the end",
	group: "Output",
	commandOnly: true,
};

export const out = (placeholder: string, fallback: string): Option<string> => ({
	...text(placeholder),
	help: "where to write",
	group: "Output",
	fallback,
});

const pictureSize: Kind<string> = {
	placeholder: "x",
	parse(property, given) {
		parseSize(given);
		return text("x").parse(property, given);
	},
	check: (property, value) => pictureSize.parse(property, text("x").check(property, value)),
};

export const noPictures: Option<boolean> = {
	...toggle,
	help: "no pictures; render draws them from the run at any time",
	group: "Pictures",
};

export const noViewer: Option<boolean> = {
	...toggle,
	help: "no viewer.html, the page on which a plane is turned and read",
	group: "Pictures",
};

/** How pictures are drawn. */
export const pictureOptions: OptionTable<Omit<PictureOptions, "marks">> = {
	scale: {
		...choice(scaleNames),
		help: `colours and levels of losses: ${scaleNames.join(", ")}`,
		group: "Pictures",
		fallback: "auto",
	},
	colormap: {
		...choice(colormapNames),
		help: `colours: ${colormapNames.join(", ")}`,
		group: "Pictures",
		fallback: "viridis",
	},
	levels: {
		...list(anyNumber),
		help: "values at which lines are drawn on planes",
		group: "Pictures",
		fallback: "round ones",
	},
	title: { ...text("text"), help: "title of the pictures", group: "Pictures", fallback: "what they show" },
	width: {
		...between(WIDTH.least, WIDTH.most),
		help: `width of the pictures, ${WIDTH.least} to ${WIDTH.most}; PNGs have twice as many pixels`,
		group: "Pictures",
		fallback: String(WIDTH.usual),
	},
	size: {
		...pictureSize,
		help: "width in print instead, such as 3.25in, 8cm or 240pt: type keeps its size, PNGs have at least 300 pixels an inch",
		group: "Pictures",
	},
	formats: {
		...list(choice(formatNames)),
		help: `files that each picture becomes: ${formatNames.join(", ")}`,
		group: "Pictures",
		fallback: "svg,png; of heat maps png",
	},
	theme: {
		...choice(themeNames),
		help: "light, dark, or transparent, which is dark without its ground",
		group: "Pictures",
		fallback: "light",
	},
	text: {
		...choice(textModes),
		help: "text of SVGs: outline, the same everywhere, or text, which can be edited",
		group: "Pictures",
		fallback: "outline",
	},
	bare: { ...toggle, help: "no title and no foot", group: "Pictures" },
	smooth: {
		...toggle,
		help: "planes as a smooth surface through the points, as they are drawn anyway",
		group: "Pictures",
	},
	cells: {
		...toggle,
		help: "heat maps with a cell for each point, lines straight between them: nothing interpolated",
		group: "Pictures",
	},
	arrows: {
		...toggle,
		help: "arrows of the in-plane gradient, of a plane with the fields slope-x and slope-y",
		group: "Pictures",
	},
	points: {
		...toggle,
		help: "dots at the points that were computed, on heat maps and contour plots",
		group: "Pictures",
	},
	zmax: {
		...anyNumber,
		help: "cut the relief of the loss off above this value",
		group: "Pictures",
		fallback: "nowhere",
	},
	view: {
		...viewFrom,
		help: `from where the relief is seen, in degrees: around it, from α towards β, and ${LEAST_ELEVATION} to ${MOST_ELEVATION} above`,
		group: "Pictures",
		fallback: `${usualView.azimuth}:${usualView.elevation}`,
	},
	animate: {
		...choices(animationNames),
		repeats: true,
		help: "moving pictures as WebP and GIF: training, growing over the plane, or range, growing around the origin; again for both",
		group: "Pictures",
	},
};

const { size, formats, theme, text: textMode, bare } = pictureOptions;

/** How figures of anything look, and the files they become. */
export const figureOptions: OptionTable<FigureOptions> = {
	size,
	formats: { ...formats, fallback: "svg,png" },
	theme,
	text: textMode,
	bare,
};
