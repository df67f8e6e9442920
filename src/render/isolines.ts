import type { Heights } from "./parts/interpolation.js";

/** A line of equal value in grid coordinates: column, row, column, row, ... of its points; a ring ends where it starts. */
export type Isoline = Float64Array;

/**
 * The lines along which a field has the height `level`, by marching squares with linear interpolation along the
 * edges between neighbouring points.
 *
 * Points without a value: a square with such a corner holds no line, so lines end at its border and nothing is made up
 * inside. Edges: lines end at the outermost points; they are not closed along the border. Saddles: the mean of the four
 * corners decides which of them are joined. Heights equal to the level count as above it.
 *
 * @see Lorensen and Cline 1987, reduced to two dimensions
 */
export function isolines({ columns, rows, values }: Heights, level: number): Isoline[] {
	const height = (column: number, row: number) => (values[row * columns + column] ?? Number.NaN) - level;

	// Grid edges by number: 2i leaves point i along its row, 2i + 1 towards the next row. Each is crossed once at most.
	const neighbours = new Map<number, number[]>();
	const join = (a: number, b: number) => {
		for (const [from, to] of [
			[a, b],
			[b, a],
		] as const) {
			const known = neighbours.get(from);
			if (known === undefined) neighbours.set(from, [to]);
			else known.push(to);
		}
	};
	for (let row = 0; row + 1 < rows; row++) {
		// The corners of a square, around it; the next one shares two.
		let [second, third] = [height(0, row), height(0, row + 1)];
		for (let column = 0; column + 1 < columns; column++) {
			const [first, fourth] = [second, third];
			[second, third] = [height(column + 1, row), height(column + 1, row + 1)];
			const sum = first + second + third + fourth;
			if (Number.isNaN(sum)) continue;
			const [a, b, c, d] = [first >= 0, second >= 0, third >= 0, fourth >= 0];
			if (a === b && b === c && c === d) continue;
			const point = row * columns + column;
			const [low, right, high, left] = [2 * point, 2 * (point + 1) + 1, 2 * (point + columns), 2 * point + 1];
			const crossed: number[] = [];
			if (a !== b) crossed.push(low);
			if (b !== c) crossed.push(right);
			if (c !== d) crossed.push(high);
			if (d !== a) crossed.push(left);
			if (crossed.length === 2) join(crossed[0] ?? 0, crossed[1] ?? 0);
			else if (crossed.length === 4) {
				// With the middle on a's side, the lines cut off b and d; otherwise a and c.
				if (sum >= 0 === a) {
					join(low, right);
					join(high, left);
				} else {
					join(left, low);
					join(right, high);
				}
			}
		}
	}

	const crossing = (edge: number): [number, number] => {
		const point = Math.floor(edge / 2);
		const [column, row] = [point % columns, Math.floor(point / columns)];
		const along = edge % 2 === 0;
		const from = height(column, row);
		const to = along ? height(column + 1, row) : height(column, row + 1);
		const fraction = from / (from - to);
		return along ? [column + fraction, row] : [column, row + fraction];
	};
	const trace = (start: number): Isoline => {
		const points: number[] = [];
		let edge: number | undefined = start;
		while (edge !== undefined) {
			points.push(...crossing(edge));
			const next: number | undefined = neighbours.get(edge)?.pop();
			const back = next === undefined ? undefined : neighbours.get(next);
			// Each join is walked once: taken from here, and from the other end too.
			if (back !== undefined) back.splice(back.indexOf(edge), 1);
			edge = next;
		}
		return Float64Array.from(points);
	};
	const edges = [...neighbours.keys()];
	const open = edges.filter((edge) => neighbours.get(edge)?.length === 1);
	const lines: Isoline[] = [];
	for (const edge of [...open, ...edges]) {
		if ((neighbours.get(edge)?.length ?? 0) > 0) lines.push(trace(edge));
	}
	return lines;
}
