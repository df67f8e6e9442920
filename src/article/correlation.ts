import { RandomStream } from "../exact/index.js";
import type { BorneOut } from "./figure.js";

/** Up to so many pairs all orders are gone through, 362,880 of 9. */
const MOST_ORDERED = 9;
/** Of more, this many random ones: a share of 0.05 is then right to within 0.003, 95 times in 100. */
export const DRAWS = 20_000;

/** A relation by chance this seldom counts as told from chance. */
export const LEVEL = 0.05;
/** A relation as strong as this would be worth a claim; with how few pairs it can't be told from chance, nothing can be said. */
const STRONG = 0.5;

/** How two lists of numbers go together by their ranks. */
export interface RankCorrelation {
	/** How many pairs have both numbers. */
	readonly pairs: number;
	/** Spearman's coefficient, -1 to 1; NaN of fewer than two pairs, or where all of one list are equal. */
	readonly rho: number;
	/** The share of the orders of one list that give as large a coefficient or a larger one, and as small a one or a smaller. */
	readonly above: number;
	readonly below: number;
	/** The share of those that give a coefficient of 0.5 or more: above 0.05, there are too few pairs for such a relation to show. */
	readonly strong: number;
	/** Whether those are all orders there are, or some drawn at random, always the same. */
	readonly isExact: boolean;
}

/**
 * Spearman's rank correlation of the pairs in which both numbers are finite, with its permutation distribution: how often chance
 * alone, which gives all orders alike, would come to as much. Equal numbers share the mean of their ranks.
 *
 * @see Spearman, The American Journal of Psychology 15 (1904)
 */
export function rankCorrelation(first: readonly number[], second: readonly number[]): RankCorrelation {
	const pairs = first
		.map((value, i) => [value, second[i] ?? Number.NaN] as const)
		.filter((pair) => pair.every(Number.isFinite));
	const [a, b] = [centred(ranks(pairs.map(([value]) => value))), centred(ranks(pairs.map(([, value]) => value)))];
	const length = Math.sqrt(dot(a, a) * dot(b, b));
	const rho = dot(a, b) / length;
	const isExact = pairs.length <= MOST_ORDERED;
	// Sums of halves are exact, so that a coefficient equals that of another order with the same ranks to the bit.
	const [observed, strong] = [dot(a, b), STRONG * length];
	let [all, above, below, large] = [0, 0, 0, 0];
	for (const order of isExact ? orders(pairs.length) : draws(pairs.length)) {
		const product = dotInOrder(a, b, order);
		all += 1;
		if (product >= observed) above += 1;
		if (product <= observed) below += 1;
		if (product >= strong) large += 1;
	}
	return { pairs: pairs.length, rho, above: above / all, below: below / all, strong: large / all, isExact };
}

/**
 * Whether a relation of a sign is borne out: `yes` where chance would seldom give as strong a one, `no` where it would seldom give as
 * strong a one of the other sign, or where so many pairs would have shown a strong one; `open` where they are too few for that.
 */
export function relationVerdict({ rho, above, below, strong }: RankCorrelation, sign: 1 | -1): BorneOut {
	if (Number.isNaN(rho)) return "open";
	const [along, against] = sign > 0 ? [above, below] : [below, above];
	if (along < LEVEL) return "yes";
	return against < LEVEL || strong < LEVEL ? "no" : "open";
}

/** From 1 for the smallest. */
function ranks(values: readonly number[]): number[] {
	return values.map((value) => {
		const smaller = values.filter((other) => other < value).length;
		const equal = values.filter((other) => other === value).length;
		return smaller + (equal + 1) / 2;
	});
}

/** Twice the ranks less twice their mean: whole numbers. */
function centred(values: readonly number[]): number[] {
	return values.map((value) => 2 * value - (values.length + 1));
}

function dot(a: readonly number[], b: readonly number[]): number {
	return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

function dotInOrder(a: readonly number[], b: readonly number[], order: ArrayLike<number>): number {
	let sum = 0;
	for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[order[i] ?? 0] ?? 0);
	return sum;
}

/** Every order of 0 .. length - 1, in one array that changes from each to the next (Heap's algorithm). */
function* orders(length: number): Generator<Uint8Array> {
	const order = Uint8Array.from({ length }, (_, i) => i);
	const turns = new Uint8Array(length);
	yield order;
	for (let i = 1; i < length; ) {
		const turn = turns[i] ?? 0;
		if (turn >= i) {
			turns[i++] = 0;
			continue;
		}
		const from = i % 2 === 0 ? 0 : turn;
		[order[from], order[i]] = [order[i] ?? 0, order[from] ?? 0];
		turns[i] = turn + 1;
		i = 1;
		yield order;
	}
}

/** Random orders; the one that was observed is one of them, without which a share could be 0. */
function* draws(length: number): Generator<ArrayLike<number>> {
	yield Uint8Array.from({ length }, (_, i) => i);
	// A stream of its own for each length: no other part of an article draws from it.
	const stream = new RandomStream(0, "sampleOrder", length);
	for (let draw = 1; draw < DRAWS; draw++) yield stream.permutation(length);
}
