import { LivePage } from "../view/index.js";
import { tell } from "./print.js";
import { duration } from "./progress.js";

/** Keeps the address of a run's page while it is computed. */
export const LIVE_FILE = "live.json";

/** Opens a page on what is computed, where one is asked for, and says where it is. */
export async function startLive(
	asked: boolean | number | undefined,
	title: string,
	keep: string | undefined,
): Promise<LivePage | undefined> {
	if (asked === undefined || asked === false) return undefined;
	const page = await LivePage.start({
		title,
		...(typeof asked === "number" && { port: asked }),
		...(keep !== undefined && { keep }),
	});
	// Said whatever is quiet: nobody finds the page otherwise.
	tell(`live page: ${page.url}`);
	return page;
}

/** Does work that a page is told of, and tells it how that ended. */
export async function endingLive<T>(
	page: () => LivePage | undefined,
	work: () => Promise<T>,
	done: (result: T) => string,
) {
	try {
		const result = await work();
		await page()?.end({ isDone: true, words: done(result) });
		return result;
	} catch (error) {
		const words = error instanceof Error ? error.message : String(error);
		await page()?.end({ isDone: false, words });
		throw error;
	}
}

/** Tells a page how far something has got; the time left by the pace so far. */
export function liveProgress(page: LivePage | undefined, total: number, from: number, unit: string) {
	const started = performance.now();
	return (done: number, note = ""): void => {
		if (page === undefined) return;
		const seconds = (performance.now() - started) / 1000;
		const left = done > from && done < total ? `${duration(((total - done) * seconds) / (done - from))} left` : "";
		page.progress({ done, total, unit, words: [note, left].filter((part) => part !== "").join(" · ") });
	};
}
