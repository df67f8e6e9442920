import { cosineOfHalfTurns } from "../exact/elementary.js";

/** What the learning rate is multiplied by at a stage of the training, from 0 (its start) to 1 (its end). */
const schedules = {
	constant: () => 1,
	/** Half a cosine from 1 to 0. @see Loshchilov and Hutter, ICLR 2017 (arXiv 1608.03983), without restarts */
	cosine: (stage: number) => (1 + cosineOfHalfTurns(stage)) / 2,
	/** A tenth from the middle on, a hundredth in the last quarter. @see He et al. 2016 (arXiv 1512.03385), section 4.2 */
	step: (stage: number) => (stage < 0.5 ? 1 : stage < 0.75 ? 0.1 : 0.01),
} satisfies Record<string, (stage: number) => number>;

export type ScheduleName = keyof typeof schedules;

export const scheduleNames = Object.keys(schedules) as ScheduleName[];

/**
 * The factor on the learning rate for a step.
 *
 * @param step   counted from 0
 * @param steps  of the whole training
 * @param warmUp over so many steps the factor grows evenly, 1/warmUp at the first; the schedule runs over the others
 * @see Goyal et al. 2017 (arXiv 1706.02677), section 2.2, for the warm-up
 */
export function rateFactor(schedule: ScheduleName, step: number, steps: number, warmUp: number): number {
	return step < warmUp ? (step + 1) / warmUp : schedules[schedule]((step - warmUp) / (steps - warmUp));
}
