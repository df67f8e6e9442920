import { join } from "node:path";
import { makeArticle } from "../../dist/src/article/article.js";
import { verdictWords } from "../../dist/src/article/page.js";
import { InterruptedError } from "../../dist/src/index.js";
import { defaults, parseWhole } from "../../dist/src/options/options.js";
import { newCommand, parse } from "./command.js";
import { duration, startProgress } from "./progress.js";

const command = newCommand("article", "Makes the article's twelve figures from scratch, and judges each of its claims.")
	.option("--quick", "in a minute: small networks, little training, coarse grids")
	.option("--only <n,...>", "the figures to make; index.html then has these (default: all)")
	.option("--seed <n>", "of trainings and directions", "0")
	.option("--threads <n>", "workers (default: as many as the machine runs at once)")
	.option("--out <dir>", "where to write (default: runs/article, with --quick runs/article-quick)")
	.option("--quiet", "print no progress")
	.addHelpText(
		"after",
		`
Examples:
  node scripts/article.js --quick
  node scripts/article.js --only 1,6,12

Networks and surfaces are kept in the folder: the same command goes on where it stopped, and has nothing to do twice.`,
	);

/** @param {string[]} argv */
export async function run(argv) {
	if (!parse(command, argv)) return;
	const flags = command.opts();
	const quick = Boolean(flags.quick);
	const options = {
		quick,
		directory: flags.out ?? join("runs", quick ? "article-quick" : "article"),
		threads: flags.threads === undefined ? defaults.threads : parseWhole("--threads", flags.threads, 1),
		seed: parseWhole("--seed", flags.seed, 0),
		...(flags.only !== undefined && {
			only: flags.only.split(",").map((/** @type {string} */ part) => parseWhole("--only", part.trim(), 1)),
		}),
	};
	const interrupt = new AbortController();
	const onInterrupt = () => interrupt.abort();
	process.once("SIGINT", onInterrupt);
	process.once("SIGTERM", onInterrupt);
	const reporter = newReporter(flags.quiet === true);
	const started = performance.now();
	try {
		const { page, figures } = await makeArticle({ ...options, ...reporter, signal: interrupt.signal });
		reporter.stop();
		const seconds = (performance.now() - started) / 1000;
		console.log(`${figures.length} ${figures.length === 1 ? "figure" : "figures"} in ${duration(seconds)}`);
		console.log(page);
	} catch (error) {
		if (!(error instanceof InterruptedError)) throw error;
		throw new InterruptedError("interrupted; the same command goes on from there");
	} finally {
		reporter.stop();
		process.off("SIGINT", onInterrupt);
		process.off("SIGTERM", onInterrupt);
	}
}

/**
 * Progress of each training and sweep on standard error, verdicts on standard output.
 *
 * @param {boolean} quiet
 */
function newReporter(quiet) {
	/** @type {import("./progress.js").Progress | undefined} */
	let progress;
	const stop = () => {
		progress?.stop();
		progress = undefined;
	};
	return {
		stop,
		/** @type {import("../../dist/src/article/workshop.js").OnWork} */
		onWork(what, done, total, unit) {
			if (progress === undefined) {
				if (!quiet) console.error(what);
				progress = startProgress({ total, unit, quiet, from: done });
			}
			progress.update(done);
			if (done >= total) stop();
		},
		onFigure(/** @type {import("../../dist/src/article/finished.js").FinishedFigure} */ { figure, verdict }) {
			stop();
			console.log(`${figure.number}. ${figure.title}: ${verdictWords[verdict.borneOut]}`);
			console.log(`   claim: ${figure.claim}`);
			console.log(`   ${verdict.because}`);
		},
	};
}
