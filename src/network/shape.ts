/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
	return shape.reduce((product, length) => product * length, 1);
}

/**
 * Goes through the positions of a shape in row order, and says where each lies in memory with other strides than those of rows.
 *
 * @param visit is told the number of the position, and its place from `start` on
 */
export function visitStrided(
	shape: readonly number[],
	strides: readonly number[],
	start: number,
	visit: (here: number, there: number) => void,
): void {
	const position = shape.map(() => 0);
	const size = sizeOf(shape);
	const last = shape.length - 1;
	// Along the last axis without a look at the others, which takes a third of the time.
	const [run, step] = [shape[last] ?? 1, strides[last] ?? 0];
	let there = start;
	for (let here = 0; here < size; here += run) {
		for (let i = 0; i < run; i++) visit(here + i, there + i * step);
		for (let axis = last - 1; axis >= 0; axis--) {
			const stride = strides[axis] ?? 0;
			const next = (position[axis] ?? 0) + 1;
			if (next < (shape[axis] ?? 1)) {
				position[axis] = next;
				there += stride;
				break;
			}
			position[axis] = 0;
			there -= stride * (next - 1);
		}
	}
}
