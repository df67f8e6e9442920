/** Frames further apart than this are seen to jerk. */
const SLOW_MS = 45;
/** So long after the last frame nothing moves any more. */
const STILL_MS = 250;
/** A frame so long after the one before is the first of another movement. */
const LONG_MS = 1000;
/** A quarter of the pixels: each other share would cost a new canvas. */
const FEWER = 0.5;

/**
 * Which share of the pixels a moving picture is drawn with, so that it moves smoothly where there is no graphics card: fewer while frames
 * come slowly, all of them once it stands still.
 */
export class Pace {
	#share = 1;
	#last = Number.NEGATIVE_INFINITY;
	#waiting: ReturnType<typeof setTimeout> | undefined;
	readonly #redraw: () => void;

	/** @param redraw draws the picture that stands still */
	constructor(redraw: () => void) {
		this.#redraw = redraw;
	}

	/** The share of the frame that is drawn at a time, in milliseconds. */
	frame(now: number): number {
		const since = now - this.#last;
		this.#last = now;
		if (since > LONG_MS) this.#share = 1;
		else if (since > SLOW_MS) this.#share = FEWER;
		clearTimeout(this.#waiting);
		if (this.#share < 1) this.#waiting = setTimeout(() => this.#stand(), STILL_MS);
		return this.#share;
	}

	/** The next frame is one of a picture that stands still. */
	still(): void {
		clearTimeout(this.#waiting);
		this.#last = Number.NEGATIVE_INFINITY;
	}

	#stand(): void {
		this.still();
		this.#redraw();
	}
}
