import { readQueue } from "../index.js";
import { LivePage } from "../view/index.js";
import { duration } from "./duration.js";
import { tell } from "./print.js";
import { TimeLeft, type TimeLeftOptions } from "./time-left.js";

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

/** Workers of a queue are looked up so often. */
const MACHINES_MS = 3000;

/** Tells a page which workers take part over a queue, from now on and until it is stopped; what can't be asked is asked again later. */
export function watchMachines(page: LivePage | undefined, queue: string | undefined): () => void {
	if (page === undefined || queue === undefined) return () => undefined;
	let isAsking = false;
	const look = async () => {
		if (isAsking) return;
		isAsking = true;
		const found = await readQueue(queue).catch(() => undefined);
		isAsking = false;
		if (found !== undefined) page.machines(found.workers);
	};
	const timer = setInterval(look, MACHINES_MS).unref();
	return () => clearInterval(timer);
}

/** Tells a page how far something has got, and how long it will still take by what has been handed in. */
export function liveProgress(page: LivePage | undefined, unit: string, work: TimeLeftOptions & { isOpen?: boolean }) {
	const seconds = () => performance.now() / 1000;
	const time = new TimeLeft(work, seconds());
	const { isOpen = false } = work;
	let known = work.total;
	/** @param total of all parts, where more are known of than before */
	return (done: number, note = "", total = known): void => {
		if (page === undefined) return;
		if (total !== known) time.expect(total, seconds());
		known = total;
		time.arrived(done, seconds());
		const { left } = time.at(seconds());
		const most = isOpen ? "at least " : "";
		const words = [note, left === null || done >= total ? "" : `${most}${duration(left)} left`];
		page.progress({ done, total, unit, words: words.filter((part) => part !== "").join(" · ") });
	};
}
