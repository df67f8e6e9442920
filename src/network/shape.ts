/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
	return shape.reduce((product, length) => product * length, 1);
}
