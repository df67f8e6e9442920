import type { Surface } from "../../src/surface/surface.js";
import { newSurface, valuesOf } from "../fixtures.js";

/**
 * A plane of 4 × 3 points, loss 10·row + column, accuracy a hundredth of that: NaN at point 2 (top of the first row), point 8 not
 * computed, infinite loss at point 11. Of its six cells three touch none of these: the first of the first row, the second and the third of
 * which touch point 2; of the second row the second.
 */
export function surfaceWithHoles(): Surface {
	const surface = newSurface({ min: 0, max: 3, steps: 4 }, { min: -1, max: 1, steps: 3 });
	const { loss, accuracy } = valuesOf(surface);
	for (let point = 0; point < 12; point++) {
		loss[point] = 10 * Math.floor(point / 4) + (point % 4);
		accuracy[point] = (loss[point] ?? 0) / 100;
	}
	loss[2] = Number.NaN;
	loss[11] = Number.POSITIVE_INFINITY;
	surface.done.fill(1);
	surface.done[8] = 0;
	return surface;
}

/** Its cells that have four finite corners, by the numbers of these, from the lowest α and β around. */
export const wholeCells = [
	[0, 1, 5, 4],
	[5, 6, 10, 9],
] as const;

/** Its points that have a finite loss. */
export const heldPoints = [0, 1, 3, 4, 5, 6, 7, 9, 10] as const;
