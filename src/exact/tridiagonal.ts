/** Eigenvalues of a symmetric matrix, in ascending order, with their eigenvectors. */
export interface Spectrum {
	readonly values: Float64Array;
	/** vectors[i] is the unit eigenvector of values[i]. */
	readonly vectors: readonly Float64Array[];
}

/** A sweep that has not converged after so many rounds never will. */
const MOST_ROUNDS = 60;

/**
 * All eigenpairs by the implicit QL algorithm.
 *
 * @param diagonal    α₁ ... αₘ
 * @param offDiagonal β₁ ... βₘ₋₁
 * @see Bowdler, Martin, Reinsch and Wilkinson, The QR and QL algorithms for symmetric matrices, Numerische Mathematik 11 (1968)
 */
export function eigenpairs(diagonal: readonly number[], offDiagonal: readonly number[]): Spectrum {
	const size = diagonal.length;
	const d = Float64Array.from(diagonal);
	const e = Float64Array.from({ length: size }, (_, i) => offDiagonal[i] ?? 0);
	const columns = Array.from({ length: size }, (_, i) => {
		const column = new Float64Array(size);
		column[i] = 1;
		return column;
	});
	// An element so small beside the whole matrix, or whose square is nothing, changes no eigenvalue by more than rounding does.
	const negligible = Math.max(Number.EPSILON * Math.max(...d.map(Math.abs), ...e.map(Math.abs)), 2 ** -500);
	for (let low = 0; low < size; low++) {
		for (let round = 0; ; round++) {
			const high = splitFrom(low, e, negligible);
			if (high === low) break;
			if (round === MOST_ROUNDS) throw new RangeError("the eigenvalues of a tridiagonal matrix did not converge");
			sweep(low, high, d, e, columns);
		}
	}
	return ascending(d, columns);
}

/** Eigenpairs in the order of their values. */
export function ascending(values: Float64Array, vectors: readonly Float64Array[]): Spectrum {
	const order = Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
	return {
		values: Float64Array.from(order, (i) => values[i] ?? 0),
		vectors: order.map((i) => vectors[i] ?? new Float64Array()),
	};
}

/** The first place from `low` on after which the matrix falls apart. */
function splitFrom(low: number, e: Float64Array, negligible: number): number {
	let place = low;
	while (place < e.length - 1 && Math.abs(e[place] ?? 0) > negligible) place++;
	return place;
}

/** One QL step with Wilkinson's shift on rows `low` to `high`; the rotations go into the eigenvectors. */
function sweep(low: number, high: number, d: Float64Array, e: Float64Array, columns: readonly Float64Array[]): void {
	const at = (array: Float64Array, i: number) => array[i] ?? 0;
	let g = (at(d, low + 1) - at(d, low)) / (2 * at(e, low));
	let r = root(g, 1);
	g = at(d, high) - at(d, low) + at(e, low) / (g + (g >= 0 ? r : -r));
	let [sine, cosine, shift] = [1, 1, 0];
	let i = high - 1;
	for (; i >= low; i--) {
		const f = sine * at(e, i);
		const b = cosine * at(e, i);
		r = root(f, g);
		e[i + 1] = r;
		if (r === 0) {
			d[i + 1] = at(d, i + 1) - shift;
			e[high] = 0;
			break;
		}
		sine = f / r;
		cosine = g / r;
		g = at(d, i + 1) - shift;
		r = (at(d, i) - g) * sine + 2 * cosine * b;
		shift = sine * r;
		d[i + 1] = g + shift;
		g = cosine * r - b;
		rotate(columns[i] as Float64Array, columns[i + 1] as Float64Array, sine, cosine);
	}
	if (r === 0 && i >= low) return;
	d[low] = at(d, low) - shift;
	e[low] = g;
	e[high] = 0;
}

/** √(a² + b²). (Math.hypot's last bits are the engine's.) */
export function root(a: number, b: number): number {
	return Math.sqrt(a * a + b * b);
}

/** a ← cosine a − sine b, b ← sine a + cosine b */
export function rotate(a: Float64Array, b: Float64Array, sine: number, cosine: number): void {
	for (let k = 0; k < a.length; k++) {
		const [x, y] = [a[k] ?? 0, b[k] ?? 0];
		b[k] = sine * x + cosine * y;
		a[k] = cosine * x - sine * y;
	}
}
