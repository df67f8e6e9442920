/** A moving picture: SVG documents of one size, one after another. */
export interface Film {
	readonly title: string;
	readonly description: string;
	/** Of every frame, in user units. */
	readonly width: number;
	/** How long each frame stands, in milliseconds. */
	readonly delays: readonly number[];
	/** A frame by its number, drawn when it is asked for. */
	readonly draw: (frame: number) => string | Promise<string>;
}

/** More frames than these make files that pages load slowly, and nobody watches them to their end. */
export const MOST_FRAMES = 150;

/** A film takes about so long, in milliseconds, and its last frame, which shows everything, so long. */
const [WHOLE, LAST] = [9000, 2000];
/** Faster frames are dropped by browsers, slower ones wearisome. */
const [SHORTEST, LONGEST] = [60, 600];

/** How long each of so many frames stands, in milliseconds: whole hundredths of a second, which is what GIF can say. */
export function delaysOf(frames: number): number[] {
	const each = Math.min(LONGEST, Math.max(SHORTEST, 10 * Math.round(WHOLE / frames / 10)));
	return Array.from({ length: frames }, (_, frame) => (frame === frames - 1 ? LAST : each));
}

/** Which of so many things a frame has come to: evenly thinned where there are more than frames, the first and the last among them. */
export function reached(frame: number, frames: number, things: number): number {
	return Math.round((frame * (things - 1)) / (frames - 1));
}
