import { duration } from "./duration.js";
import type { Estimate } from "./time-left.js";

/** How far work has got, as it is told in a line. */
export interface Standing extends Estimate {
	readonly done: number;
	readonly total: number;
	readonly unit: string;
	/** What it is a part of; empty where it stands alone. */
	readonly stage: string;
	/** What else there is to say; may be empty. */
	readonly note: string;
	/** Whether more may follow that nobody knows of yet. */
	readonly isOpen?: boolean;
	/** What is said in place of a rate, as long as there is none; may be empty. */
	readonly waiting: string;
}

/** A bar's cells: more say no more, and fewer say nothing. */
const [LONGEST, SHORTEST] = [30, 8];

/** What is said of work, part by part. */
export function wordsOf({ done, total, unit, rate, left, waiting, isOpen = false }: Standing) {
	return {
		count: `${done}/${total} ${unit}`,
		rate: rate === null ? waiting : `${rate.toPrecision(3)} ${unit}/s`,
		left: left === null ? "" : `${isOpen ? "at least " : ""}${duration(left)} left`,
	};
}

/** A line with a bar that is no longer than so many columns: where all has no room, it says less, what is left last. */
export function barLine(standing: Standing, columns: number): string {
	const { done, total, stage, note, left } = standing;
	const words = wordsOf(standing);
	const share = total === 0 ? 1 : Math.min(1, Math.max(0, done / total));
	const short = `${done}/${total}`;
	const brief = left === null ? short : duration(left);
	const choices = [
		[stage, BAR, words.count, words.rate, words.left, note],
		[stage, BAR, words.count, words.left, note],
		[stage, BAR, short, words.left, note],
		[stage, BAR, words.count, words.left],
		[stage, BAR, short, words.left],
		[BAR, short, words.left],
		[short, words.left],
		[`${Math.floor(100 * share)} %`, brief],
		[brief],
	].map((parts) => parts.filter((part) => part !== ""));
	const room = (parts: readonly string[]) =>
		columns - parts.reduce((sum, part) => sum + (part === BAR ? 0 : [...part].length), 2 * (parts.length - 1));
	const fitting = choices.find((parts) => room(parts) >= (parts.includes(BAR) ? SHORTEST : 0)) ?? [brief];
	const bar = drawnBar(share, Math.min(LONGEST, room(fitting)));
	return [...fitting.map((part) => (part === BAR ? bar : part)).join("  ")].slice(0, columns).join("");
}

/** Where the bar stands among words. */
const BAR = "\0";

function drawnBar(share: number, cells: number): string {
	const full = Math.floor(share * Math.max(0, cells));
	return "█".repeat(full) + "░".repeat(Math.max(0, cells - full));
}
