import { readFile, rm, writeFile } from "node:fs/promises";
import type { BatchResult, Surface } from "../surface/surface.js";
import type { LiveEnd, LiveMachine, LivePlot, LiveProgress, LiveSeries, LiveState } from "./live-events.js";
import { runData } from "./page.js";
import { doublesText } from "./page-data.js";
import { type LiveAddress, LiveServer, newToken } from "./server.js";

export interface LiveOptions {
	/** What the page is called. */
	readonly title: string;
	/** A port of this machine; any that is free where nothing is said. */
	readonly port?: number;
	/**
	 * A file that keeps the page's address, readable by its owner alone: the same computation, taken up again after it was stopped, has it
	 * again, and a page that is still open goes on. It is removed when the computation is done.
	 */
	readonly keep?: string;
}

/**
 * A page on this machine that shows a computation while it runs. What it is told it keeps, so that a browser that comes later, or
 * comes back, is shown everything so far. Telling it something never waits for a browser.
 */
export class LivePage {
	readonly #shown: Shown;
	readonly #server: LiveServer;
	readonly #keep: string | undefined;

	private constructor(shown: Shown, server: LiveServer, keep: string | undefined) {
		this.#shown = shown;
		this.#server = server;
		this.#keep = keep;
	}

	/** @throws {OptionError} where the port can't be had */
	static async start({ title, port, keep }: LiveOptions): Promise<LivePage> {
		const shown = new Shown(title);
		const kept = keep === undefined ? null : await keptAddress(keep);
		const token = kept?.token ?? newToken();
		const server = await startAt({ port: port ?? kept?.port ?? 0, token }, port === undefined, () => shown.state());
		if (keep !== undefined) await writeFile(keep, `${JSON.stringify({ port: server.port, token })}\n`, { mode: 0o600 });
		return new LivePage(shown, server, keep);
	}

	/** Where the page is. */
	get url(): string {
		return this.#server.url;
	}

	/** What is computed, a line each. */
	say(lines: readonly string[]): void {
		this.#shown.lines = lines;
		this.#server.tell("lines", () => lines);
	}

	/** Shows a surface in place of the one before; what comes into it later is told by `batch`. */
	show(name: string, surface: Surface): void {
		const run = { name, surface };
		this.#shown.surface = run;
		this.#server.tell("run", () => runData(run));
	}

	/** Values that have come into the surface. */
	batch({ first, count, values, interpolated = false }: BatchResult): void {
		const mark = interpolated && { interpolated };
		this.#server.tell("batch", () => ({ first, count, values: doublesText(values), ...mark }));
	}

	/** Begins a plot, or begins it anew. */
	plot(plot: LivePlot): void {
		this.#shown.plots.set(plot.name, plot);
		this.#server.tell("plot", () => plot);
	}

	/** Further points of a series of a plot. */
	points(plot: string, series: string, points: LiveSeries["points"]): void {
		this.#shown.grow(plot, series, points);
		this.#server.tell("points", () => ({ plot, series, points }));
	}

	/** Who takes part at the moment. */
	machines(machines: readonly LiveMachine[]): void {
		this.#shown.machines = machines;
		this.#server.tell("machines", () => machines);
	}

	progress(progress: LiveProgress): void {
		this.#shown.progress = progress;
		this.#server.tell("progress", () => progress);
	}

	/** Says how it ended, and ends. */
	async end(end: LiveEnd): Promise<void> {
		this.#shown.ended = end;
		this.#server.tell("end", () => end);
		await this.#server.close();
		if (end.isDone && this.#keep !== undefined) await rm(this.#keep, { force: true });
	}
}

/** What a page shows so far. */
class Shown {
	readonly plots = new Map<string, LivePlot>();
	readonly #title: string;
	lines: readonly string[] = [];
	surface: { readonly name: string; readonly surface: Surface } | null = null;
	machines: readonly LiveMachine[] = [];
	progress: LiveProgress | null = null;
	ended: LiveEnd | null = null;

	constructor(title: string) {
		this.#title = title;
	}

	state(): LiveState {
		const { lines, surface, machines, progress, ended } = this;
		const run = surface === null ? null : runData(surface);
		return { title: this.#title, lines, run, plots: [...this.plots.values()], machines, progress, ended };
	}

	grow(name: string, label: string, points: LiveSeries["points"]): void {
		const plot = this.plots.get(name);
		const series = plot?.series.find((each) => each.label === label);
		if (plot === undefined || series === undefined) throw new RangeError(`no series "${label}" in a plot "${name}"`);
		// Thousands of steps are told one by one: they are put in their place, not copied each time.
		(series.points as [number, number | null][]).push(...points.map(([x, y]): [number, number | null] => [x, y]));
	}
}

/** The address that a file keeps; null where there is none, or it is damaged. */
async function keptAddress(path: string): Promise<LiveAddress | null> {
	const text = await readFile(path, "utf8").catch(() => "");
	const found = /^\{"port":(\d{1,5}),"token":"([\w-]{20,})"\}\n$/.exec(text);
	return found === null ? null : { port: Number(found[1]), token: found[2] ?? "" };
}

/** On the port that is asked for; where that was a guess and is taken, on any other. */
async function startAt(address: LiveAddress, isGuess: boolean, state: () => LiveState): Promise<LiveServer> {
	try {
		return await LiveServer.start(address, state);
	} catch (error) {
		if (!isGuess || address.port === 0) throw error;
		return LiveServer.start({ ...address, port: 0 }, state);
	}
}
