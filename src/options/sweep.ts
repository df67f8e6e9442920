import { text, toggle, whole } from "./kinds.js";
import { type PlaneOptions, planeOptions } from "./plane/index.js";
import { queue, verify } from "./queue.js";
import { fresh, json, live, noPictures, noPreview, noViewer, pictureOptions, quiet, threads } from "./shared.js";
import type { Option, OptionTable } from "./table.js";

/** Of the command, what it keeps and how it is drawn. */
export interface SweepCommandOptions extends PlaneOptions {
	readonly noSkip?: boolean;
	/** How many seeds of random directions are swept. */
	readonly ensemble?: number;
	readonly threads?: number;
	readonly queue?: string;
	readonly verify?: number;
	readonly out?: string;
	readonly fresh?: boolean;
	readonly noPreview?: boolean;
	readonly quiet?: boolean;
	readonly json?: boolean;
	readonly live?: boolean | number;
	readonly noPictures?: boolean;
	readonly noViewer?: boolean;
}

const noSkip: Option<boolean> = {
	...toggle,
	help: "take a resnet without its shortcuts: resnet-20 becomes resnet-20-noskip",
	group: "Network and data",
};

const ensemble: Option<number> = {
	...whole(2),
	help: "sweep so many seeds of random directions, from --seed on; mean, spread, and what all agree on",
	group: "Where to look",
};

export const sweepOptions = {
	...planeOptions,
	noSkip,
	ensemble,
	threads,
	queue: queue(),
	verify,
	out: {
		...text("dir"),
		help: "where to write",
		group: "Output",
		fallback: "runs/NAME-DIGEST8, digest of what is swept",
	},
	fresh,
	...pictureOptions,
	noPictures,
	noViewer,
	live,
	noPreview,
	quiet,
	json,
} satisfies OptionTable<SweepCommandOptions & Omit<import("../render/options.js").PictureOptions, "marks">>;
