import { SingleBar } from "cli-progress";

/** Without a terminal a line is printed at most this often. */
const LINE_INTERVAL_MS = 5000;

/**
 * Progress on standard error: a bar in a terminal, plain lines elsewhere, nothing when quiet.
 *
 * @typedef {{ update(done: number, note?: string): void, print(line: string): void, stop(): void }} Progress
 * @param {{ total: number, unit: string, quiet: boolean, from?: number }} options `from`: how many were done before
 * @returns {Progress}
 */
export function startProgress({ total, unit, quiet, from = 0 }) {
	if (quiet) return { update: () => undefined, print: () => undefined, stop: () => undefined };
	const started = performance.now();
	const describe = (/** @type {number} */ done) => {
		const seconds = (performance.now() - started) / 1000;
		const rate = (done - from) / seconds;
		return { rate: rate.toPrecision(3), left: done === from ? "?" : duration((total - done) / rate) };
	};
	return process.stderr.isTTY ? bar(total, unit, describe) : lines(total, unit, describe);
}

/**
 * @param {number} total
 * @param {string} unit
 * @param {(done: number) => { rate: string, left: string }} describe
 * @returns {Progress}
 */
function bar(total, unit, describe) {
	const single = new SingleBar({
		format: `{bar} {value}/{total} ${unit}  {rate} ${unit}/s  {left} left  {note}`,
		barCompleteChar: "█",
		barIncompleteChar: "░",
		barsize: 30,
		hideCursor: true,
		clearOnComplete: true,
		gracefulExit: false,
		stream: process.stderr,
	});
	single.start(total, 0, { rate: "?", left: "?", note: "" });
	return {
		update: (done, note = "") => single.update(done, { ...describe(done), note }),
		print(line) {
			single.stop();
			console.error(line);
			single.start(total, 0, { rate: "?", left: "?", note: "" });
		},
		stop: () => single.stop(),
	};
}

/**
 * @param {number} total
 * @param {string} unit
 * @param {(done: number) => { rate: string, left: string }} describe
 * @returns {Progress}
 */
function lines(total, unit, describe) {
	let next = performance.now() + LINE_INTERVAL_MS;
	return {
		update(done, note = "") {
			if (performance.now() < next && done < total) return;
			next = performance.now() + LINE_INTERVAL_MS;
			const { rate, left } = describe(done);
			console.error(`${done}/${total} ${unit}, ${rate} ${unit}/s, ${left} left${note && `, ${note}`}`);
		},
		print: (line) => console.error(line),
		stop: () => undefined,
	};
}

/**
 * Seconds as people say them: 41 s, 3 min 20 s, 1 h 5 min.
 *
 * @param {number} seconds
 */
export function duration(seconds) {
	const whole = Math.round(seconds);
	if (whole < 60) return `${whole} s`;
	if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
	return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
