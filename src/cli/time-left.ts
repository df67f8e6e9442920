/** What work hands in, and by how many at once. */
export interface TimeLeftOptions {
	/** Parts of the work in all, of which `from` were done before. */
	readonly total: number;
	readonly from?: number;
	/** How many workers there are: each hands in what it has finished, several parts at once, and takes up more. */
	readonly slots?: number;
	/** Parts that come after all others and are not counted among `total`. */
	readonly uncounted?: number;
	/** Whether what is handed in at the end is as large as before, so that some workers wait for others; else all end together. */
	readonly undivided?: boolean;
}

/** What is known at some moment; nothing is said before it would be true. */
export interface Estimate {
	/** Parts a second, of all workers together. */
	readonly rate: number | null;
	/** Seconds to the end. */
	readonly left: number | null;
}

/** What a worker has handed in: so many parts, after so many seconds at them. */
interface Delivery {
	readonly count: number;
	readonly seconds: number;
}

/** Seconds after the first delivery from which on that one says something, where no worker has handed in twice yet. */
const PATIENCE = 1;
/** Of a training of a million steps not each is kept: of more than these, two neighbours each become one. */
const MOST_DELIVERIES = 1000;
/** With more batches for each worker than these, it hardly matters that some wait at the end. */
const LAST_ROUNDS = 8;

/**
 * How long work will still take, from when its parts were handed in. Moments are in seconds, by a clock of the caller's.
 *
 * A part costs what workers took for their latest deliveries, about half of all and at least two each: the load of a machine changes, and
 * first parts are slower. What a worker delivers first it has taken from the start, which takes time of its own; so these count only as
 * long as there are no others. What workers are at is work done too, up to what they usually hand in.
 */
export class TimeLeft {
	#total: number;
	readonly #slots: number;
	readonly #uncounted: number;
	readonly #undivided: boolean;
	readonly #started: number;
	#done: number;
	/** Moments at which workers took up what they are at, the earliest first: it is taken to be the next to hand in. */
	readonly #takenUp: number[];
	#firsts: Delivery[] = [];
	#later: Delivery[] = [];
	#firstAt: number | null = null;
	/** Parts of the latest deliveries, one a worker, and of the largest of them. */
	#counts: readonly number[] = [];
	#batch = 1;

	/** @param now when the work begins: workers may still have to start */
	constructor({ total, from = 0, slots = 1, uncounted = 0, undivided = false }: TimeLeftOptions, now: number) {
		this.#total = total;
		this.#done = from;
		this.#slots = slots;
		this.#uncounted = uncounted;
		this.#undivided = undivided;
		this.#started = now;
		this.#takenUp = Array.from({ length: slots }, () => now);
	}

	/** Whether anything has been handed in. */
	get hasBegun(): boolean {
		return this.#firstAt !== null;
	}

	/** Says that there are more parts than was known. Where all that was known is done, the workers take them up only now. */
	expect(total: number, now: number): void {
		if (this.#remaining <= 0) this.#takenUp.fill(now);
		this.#total = total;
	}

	/** @param done how many parts are done by now; what is not more than before says nothing */
	arrived(done: number, now: number): void {
		const count = done - this.#done;
		if (count <= 0) return;
		this.#done = done;
		this.#firstAt ??= now;
		const delivery = { count, seconds: now - (this.#takenUp.shift() ?? this.#started) };
		(this.#firsts.length < this.#slots ? this.#firsts : this.#later).push(delivery);
		if (this.#later.length > MOST_DELIVERIES + 4 * this.#slots) this.#later = joined(this.#later);
		this.#counts = [...this.#counts, count].slice(-this.#slots);
		this.#batch = Math.max(...this.#counts);
		// What the others are at may be all that is left.
		if (!this.#undivided || this.#remaining > this.#takenUp.length * this.#batch) this.#takenUp.push(now);
	}

	get #remaining(): number {
		return this.#total - this.#done + this.#uncounted;
	}

	/** What is known at a moment. */
	at(now: number): Estimate {
		const known = this.#latest(now);
		const seconds = known.reduce((sum, delivery) => sum + delivery.seconds, 0);
		const count = known.reduce((sum, delivery) => sum + delivery.count, 0);
		const remaining = this.#remaining;
		if (count === 0 || seconds <= 0) return { rate: null, left: remaining === 0 ? 0 : null };
		const cost = seconds / count;
		const batches = Math.ceil(remaining / this.#batch);
		const left =
			this.#undivided && batches <= LAST_ROUNDS * this.#slots
				? this.#scheduled(batches, (remaining / batches) * cost, now)
				: this.#shared(remaining * cost, this.#batch * cost, now);
		return { rate: this.#slots / cost, left };
	}

	/** Seconds of so much work that all workers share to the end. */
	#shared(work: number, batch: number, now: number): number {
		const underWay = this.#takenUp.reduce((sum, from) => sum + Math.min(now - from, batch), 0);
		return Math.max(0, (work - underWay) / this.#slots);
	}

	/** Seconds until so many batches are done, each by the worker that is free first. */
	#scheduled(batches: number, batch: number, now: number): number {
		const ends = this.#takenUp.slice(-batches).map((from) => Math.max(now, from + batch));
		for (let waiting = batches - ends.length; waiting > 0; waiting--) ends.push((ends.shift() ?? now) + batch);
		return batches === 0 ? 0 : (ends.at(-1) ?? now) - now;
	}

	/** The deliveries by which is judged. */
	#latest(now: number): readonly Delivery[] {
		if (this.#later.length > 0) return this.#later.slice(-Math.max(2 * this.#slots, Math.ceil(this.#later.length / 2)));
		return this.#firstAt !== null && now >= this.#firstAt + PATIENCE ? this.#firsts : [];
	}
}

/** Two neighbours each as one. */
function joined(deliveries: readonly Delivery[]): Delivery[] {
	return Array.from({ length: Math.ceil(deliveries.length / 2) }, (_, i) => {
		const [first, second] = [deliveries[2 * i], deliveries[2 * i + 1]];
		return {
			count: (first?.count ?? 0) + (second?.count ?? 0),
			seconds: (first?.seconds ?? 0) + (second?.seconds ?? 0),
		};
	});
}
