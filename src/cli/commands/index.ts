import type { Runnable } from "../command.js";

/** A command that is loaded when it is called. */
interface Entry {
	readonly summary: string;
	readonly load: () => Promise<Runnable>;
}

/** Every command, one line each. */
export const commands = {
	sweep: {
		summary: "evaluate the loss landscape around a network and draw it",
		load: async () => (await import("./sweep.js")).sweepCommand,
	},
	render: {
		summary: "draw the pictures of a run again",
		load: async () => (await import("./render.js")).renderCommand,
	},
	compare: {
		summary: "put several runs side by side",
		load: async () => (await import("./compare.js")).compareCommand,
	},
	open: {
		summary: "open runs in a browser: relief and contour plot, turned, zoomed and read",
		load: async () => (await import("./open.js")).openCommand,
	},
	gallery: {
		summary: "make an index of runs: searched, opened, compared two by two",
		load: async () => (await import("./gallery.js")).galleryCommand,
	},
	export: {
		summary: "write a run for other programs: NumPy, ParaView, the reference code",
		load: async () => (await import("./export.js")).exportCommand,
	},
	import: {
		summary: "make a run of a surface that another program has computed",
		load: async () => (await import("./import.js")).importCommand,
	},
	inspect: {
		summary: "print what a network, weights or data hold",
		load: async () => (await import("./inspect.js")).inspectCommand,
	},
	topology: {
		summary: "minima, saddles and basins of a run, and which of them stand out",
		load: async () => (await import("./topology.js")).topologyCommand,
	},
	doctor: {
		summary: "say whether the pictures of runs are right, and what would mend them",
		load: async () => (await import("./doctor.js")).doctorCommand,
	},
	curvature: {
		summary: "gradients, eigenvalues, trace, spectrum and sharpness at a network",
		load: async () => (await import("./curvature.js")).curvatureCommand,
	},
	connect: {
		summary: "train a curve of low loss between two networks, and measure it beside the straight line",
		load: async () => (await import("./connect.js")).connectCommand,
	},
	average: {
		summary: "write the mean of several networks: a soup, a greedy one, or the last of a training",
		load: async () => (await import("./average.js")).averageCommand,
	},
	align: {
		summary: "put a network's neurons into the order closest to another's",
		load: async () => (await import("./align.js")).alignCommand,
	},
	train: { summary: "train a network", load: async () => (await import("./train.js")).trainCommand },
	worker: {
		summary: "take part in the sweeps of a queue, on this machine",
		load: async () => (await import("./worker.js")).workerCommand,
	},
	queue: {
		summary: "list the sweeps and workers of a queue",
		load: async () => (await import("./queue.js")).queueCommand,
	},
	article: {
		summary: "make the article's figures from scratch",
		load: async () => (await import("./article.js")).articleCommand,
	},
} as const satisfies Record<string, Entry>;

export type CommandName = keyof typeof commands;
