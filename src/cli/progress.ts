import { visible } from "../check/visible.js";
import { barLine, type Standing, wordsOf } from "./bar.js";
import { tell } from "./print.js";
import { TimeLeft, type TimeLeftOptions } from "./time-left.js";

/** Without a terminal a line is printed at most this often. */
const LINE_INTERVAL_MS = 5000;
/** In a terminal the bar is drawn this often, as time passes between the parts of the work, and not more often than that. */
const [BAR_INTERVAL_MS, LEAST_BAR_INTERVAL_MS] = [200, 50];

/** How far something has got. */
export interface Progress {
	update(done: number, note?: string): void;
	/** Says that more parts than before are known of. */
	expect(total: number): void;
	/** Prints a line beside it. */
	print(line: string): void;
	stop(): void;
}

export interface ProgressOptions extends TimeLeftOptions {
	readonly unit: string;
	readonly quiet: boolean;
	/** Whether more parts may follow than are known of. */
	readonly isOpen?: boolean;
	/** What it is a part of, where there are several with bars of their own. */
	readonly stage?: string;
}

/** Progress on standard error: a bar in a terminal, plain lines elsewhere, nothing when quiet. */
export function startProgress(options: ProgressOptions): Progress {
	const { unit, quiet, stage = "", isOpen = false, ...work } = options;
	if (quiet) return { update: () => undefined, expect: () => undefined, print: () => undefined, stop: () => undefined };
	const seconds = () => performance.now() / 1000;
	const time = new TimeLeft(work, seconds());
	const show = isTerminal() ? bar() : lines();
	let [done, total, note] = [work.from ?? 0, work.total, ""];
	const standing = (): Standing => ({
		...{ done, total, unit, stage, note, isOpen, ...time.at(seconds()) },
		waiting: stage === "" && !time.hasBegun ? "starting workers" : "",
	});
	show.start(standing);
	return {
		update(reached, said = "") {
			[done, note] = [reached, said];
			time.arrived(reached, seconds());
			show.update();
		},
		expect(known) {
			total = known;
			time.expect(known, seconds());
			show.update();
		},
		print: show.print,
		stop: show.stop,
	};
}

/** Whether standard error moves its cursor as it is told. */
function isTerminal(): boolean {
	return process.stderr.isTTY === true && process.env.TERM !== "dumb";
}

/** Progress of work in stages, which follow each other, each with a total of its own. */
export function startStages(quiet: boolean): {
	update(stage: Stage): void;
	stop(): void;
} {
	let current: { readonly name: string; readonly progress: Progress } | undefined;
	return {
		update({ stage, done, total, unit, note }) {
			if (current?.name !== stage) {
				current?.progress.stop();
				current = { name: stage, progress: startProgress({ total, unit, quiet, stage }) };
			}
			current.progress.update(done, note);
		},
		stop: () => current?.progress.stop(),
	};
}

/** How far a stage has got. */
export interface Stage {
	readonly stage: string;
	readonly done: number;
	readonly total: number;
	readonly unit: string;
	readonly note: string;
}

/** What shows how work stands. */
interface Display {
	/** @param standing says it at the moment it is asked */
	start(standing: () => Standing): void;
	update(): void;
	print(line: string): void;
	stop(): void;
}

/** Erases from the cursor to the end of the screen: a line that a narrower terminal has broken has its rest below. */
const ERASE = "\r\x1b[J";
const [HIDE, SHOW] = ["\x1b[?25l", "\x1b[?25h"];
/** Lines are cut off at the edge in place of being broken: a terminal may have another width before it says so. */
const [CUT, BREAK] = ["\x1b[?7l", "\x1b[?7h"];
/** Where a terminal does not say. */
const USUAL_COLUMNS = 80;

/**
 * A bar as the last line of a terminal, no longer than it is wide. The cursor waits, hidden, at the bar's first column, so that it is still
 * there when the terminal has another width and breaks lines anew.
 */
function bar(): Display {
	const { stderr } = process;
	let standing: (() => Standing) | undefined;
	let drawnAt = Number.NEGATIVE_INFINITY;
	let timer: NodeJS.Timeout | undefined;
	const draw = () => {
		if (standing === undefined) return;
		drawnAt = performance.now();
		// In the last column some terminals break the line already.
		const line = barLine(standing(), (stderr.columns || USUAL_COLUMNS) - 1);
		stderr.write(`\r${CUT}${visible(line)}${BREAK}\x1b[J\r`);
	};
	const stop = () => {
		if (standing === undefined) return;
		standing = undefined;
		clearInterval(timer);
		stderr.off("resize", draw);
		process.off("exit", stop);
		stderr.write(`${ERASE}${SHOW}`);
	};
	return {
		start(said) {
			standing = said;
			stderr.write(HIDE);
			timer = setInterval(draw, BAR_INTERVAL_MS).unref();
			stderr.on("resize", draw);
			process.on("exit", stop);
			draw();
		},
		update() {
			if (performance.now() >= drawnAt + LEAST_BAR_INTERVAL_MS) draw();
		},
		print(line) {
			stderr.write(ERASE);
			tell(line);
			draw();
		},
		stop,
	};
}

/** Plain lines now and then, and one at the end. */
function lines(): Display {
	let standing: (() => Standing) | undefined;
	let next = performance.now() + LINE_INTERVAL_MS;
	return {
		start(said) {
			standing = said;
		},
		update() {
			if (standing === undefined) return;
			const now = standing();
			if (performance.now() < next && (now.isOpen || now.done < now.total)) return;
			next = performance.now() + LINE_INTERVAL_MS;
			const { count, rate, left } = wordsOf(now);
			const said = [count, rate, left, now.note].filter((part) => part !== "").join(", ");
			tell(now.stage === "" ? said : `${now.stage}: ${said}`);
		},
		print: tell,
		stop: () => undefined,
	};
}
