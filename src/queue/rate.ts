/** Over how long a rate is taken. */
const WINDOW_MS = 60_000;

/** How much is done each second of the last minute. */
export class Rate {
	readonly #events: { readonly at: number; readonly count: number }[] = [];
	readonly #started = performance.now();

	add(count: number): void {
		this.#events.push({ at: performance.now(), count });
	}

	get perSecond(): number {
		const now = performance.now();
		while (this.#events[0] !== undefined && now - this.#events[0].at > WINDOW_MS) this.#events.shift();
		const sum = this.#events.reduce((total, { count }) => total + count, 0);
		return sum / (Math.max(1, Math.min(WINDOW_MS, now - this.#started)) / 1000);
	}
}
