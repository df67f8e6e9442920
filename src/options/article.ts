import { list, toggle, whole } from "./kinds.js";
import { queue, verify } from "./queue.js";
import { live, out, quiet, seed, threads } from "./shared.js";
import type { OptionTable } from "./table.js";

export interface ArticleCommandOptions {
	/** In a few minutes: small networks, little training, coarse grids. */
	readonly quick?: boolean;
	/** The numbers of the figures to make. */
	readonly only?: readonly number[];
	readonly seed?: number;
	readonly threads?: number;
	readonly queue?: string;
	readonly verify?: number;
	readonly out?: string;
	readonly live?: boolean | number;
	readonly quiet?: boolean;
}

export const articleOptions: OptionTable<ArticleCommandOptions> = {
	quick: { ...toggle, help: "in a few minutes: small networks, little training, coarse grids", group: "What is made" },
	only: {
		...list(whole(1)),
		help: "the figures to make; index.html then has these",
		group: "What is made",
		fallback: "all",
	},
	seed: seed("of trainings and directions"),
	threads,
	queue: queue(),
	verify,
	out: out("dir", "runs/article, with --quick runs/article-quick"),
	live,
	quiet,
};
