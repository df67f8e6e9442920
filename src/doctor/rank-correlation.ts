/**
 * Spearman's rank correlation of two lists, −1 to 1: the correlation of ranks, ties at their mean. Places at which one of them has NaN do
 * not count; NaN where fewer than three are left, and 0 where one list is constant.
 *
 * @see Spearman, American Journal of Psychology 15 (1904)
 */
export function rankCorrelation(a: Float64Array, b: Float64Array): number {
	const known = [...a.keys()].filter((i) => !Number.isNaN(a[i]) && !Number.isNaN(b[i]));
	if (known.length < 3) return Number.NaN;
	const [first, second] = [a, b].map((values) => ranksOf(known.map((i) => values[i] ?? 0))) as [number[], number[]];
	// The mean of 1 to n, ties or not.
	const mean = (known.length + 1) / 2;
	let [both, one, other] = [0, 0, 0];
	for (const [i, rank] of first.entries()) {
		const [x, y] = [rank - mean, (second[i] ?? 0) - mean];
		both += x * y;
		one += x * x;
		other += y * y;
	}
	return one === 0 || other === 0 ? 0 : both / Math.sqrt(one * other);
}

function ranksOf(values: readonly number[]): number[] {
	const order = [...values.keys()].sort((i, j) =>
		values[i] === values[j] ? i - j : (values[i] ?? 0) < (values[j] ?? 0) ? -1 : 1,
	);
	const ranks = new Array<number>(values.length).fill(0);
	for (let first = 0; first < order.length; ) {
		let last = first;
		while (last + 1 < order.length && values[order[last + 1] ?? 0] === values[order[first] ?? 0]) last += 1;
		for (let i = first; i <= last; i++) ranks[order[i] ?? 0] = (first + last) / 2 + 1;
		first = last + 1;
	}
	return ranks;
}
