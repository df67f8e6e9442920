import type { Graph } from "../graph.js";

/** What a network of the zoo is to tell apart. */
export interface ImageTask {
	/** Of one image: [height, width, channels]. */
	readonly sampleShape: readonly [number, number, number];
	/** How many classes there are. */
	readonly classes: number;
}

/** Networks of one design: how their names are written, and what each name stands for. */
export interface Family {
	/** For people, such as `resnet-N[-noskip]`. */
	readonly syntax: string;
	/** Matches a whole name of this family. */
	readonly pattern: RegExp;
	/**
	 * @param match of the pattern
	 * @returns undefined where the numbers in the name are none that the family has
	 */
	build(match: RegExpMatchArray, task: ImageTask): Graph | undefined;
}
