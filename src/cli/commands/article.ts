import { join } from "node:path";
import { type FinishedFigure, makeArticle, type OnWork, verdictWords } from "../../article/index.js";
import { prepareDirectory, type Surface } from "../../index.js";
import { type ArticleCommandOptions, articleOptions } from "../../options/article.js";
import { machineThreads } from "../../options/shared.js";
import type { BatchResult } from "../../surface/index.js";
import type { LivePage } from "../../view/index.js";
import { defineCommand } from "../command.js";
import { duration } from "../duration.js";
import { interruptible } from "../interrupt.js";
import { endingLive, LIVE_FILE, liveProgress, startLive } from "../live.js";
import { print, tell } from "../print.js";
import { type Progress, startProgress } from "../progress.js";
import { overQueue } from "../queue.js";

export const articleCommand = defineCommand<ArticleCommandOptions>({
	name: "article",
	summary: "Makes the article's fifteen figures from scratch, and judges each of its claims.",
	options: articleOptions,
	examples: ["--quick", "--only 1,6,12"],
	notes: "Networks and surfaces are kept: the same command goes on where it stopped, and does nothing twice.",
	run: ({ options }) =>
		interruptible({ message: "interrupted; the same command goes on from there" }, (signal) =>
			runArticle(options, signal),
		),
});

async function runArticle(options: ArticleCommandOptions, signal: AbortSignal): Promise<void> {
	const { quick = false, only, seed = 0, threads = machineThreads, quiet = false, live, queue, verify } = options;
	const directory = options.out ?? join("runs", quick ? "article-quick" : "article");
	const { stop, callbacks } = newReporter(quiet, threads);
	const started = performance.now();
	await prepareDirectory(directory);
	const shown = await startLive(live, `The ${quick ? "quick " : ""}article`, join(directory, LIVE_FILE));
	try {
		const request = { quick, directory, threads, seed, ...(only && { only }) };
		const watched = onPage(shown, callbacks, threads);
		const { page, figures } = await endingLive(
			() => shown,
			() =>
				overQueue({ queue, verify, threads: options.threads, tell }, ({ executor }) =>
					makeArticle({ ...request, ...watched, ...(executor && { executor }), signal }),
				),
			(article) => `done; the article is ${article.page}`,
		);
		stop();
		const seconds = (performance.now() - started) / 1000;
		print(`${figures.length} ${figures.length === 1 ? "figure" : "figures"} in ${duration(seconds)}`);
		print(page);
	} finally {
		stop();
	}
}

type Callbacks = ReturnType<typeof newReporter>["callbacks"];

/** The same, told to a page too, where there is one: what is done, the surface that is computed, the verdicts so far. */
function onPage(page: LivePage | undefined, { onWork, onFigure }: Callbacks, threads: number) {
	const verdicts: string[] = [];
	let current = "";
	let progress: ReturnType<typeof liveProgress> = () => undefined;
	return {
		onWork(...[what, done, total, unit]: Parameters<OnWork>) {
			onWork(what, done, total, unit);
			if (what !== current || done === 0)
				progress = liveProgress(page, unit, { total, from: done, slots: unit === "points" ? threads : 1 });
			current = what;
			progress(done, what);
		},
		onFigure(finished: FinishedFigure) {
			onFigure(finished);
			const { figure, verdict } = finished;
			verdicts.push(`${figure.number}. ${figure.title}: ${verdictWords[verdict.borneOut]}`);
			page?.say(verdicts);
		},
		onSurface: (name: string, surface: Surface) => page?.show(name, surface),
		onBatch: (batch: BatchResult) => page?.batch(batch),
	};
}

/** Progress of each training and sweep on standard error, verdicts on standard output. */
function newReporter(quiet: boolean, threads: number) {
	let progress: Progress | undefined;
	const stop = () => {
		progress?.stop();
		progress = undefined;
	};
	const onWork: OnWork = (what, done, total, unit) => {
		if (progress === undefined) {
			if (!quiet) tell(what);
			// Steps of a training come one by one, whatever threads do for each.
			const slots = unit === "points" ? threads : 1;
			progress = startProgress({ total, unit, quiet, from: done, slots });
		}
		progress.update(done);
		if (done >= total) stop();
	};
	const onFigure = ({ figure, verdict }: FinishedFigure) => {
		stop();
		print(`${figure.number}. ${figure.title}: ${verdictWords[verdict.borneOut]}`);
		print(`   claim: ${figure.claim}`);
		print(`   ${verdict.because}`);
	};
	return { stop, callbacks: { onWork, onFigure } };
}
