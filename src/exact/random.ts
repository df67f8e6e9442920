import { log } from "./elementary.js";

/**
 * Random numbers specified to the bit: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3", SC 2011), a counter-based generator, so any position of any stream can be had without the ones before.
 */

/** What a stream is drawn for. The numbers are part of every digest: never change one, only add. */
export const purposes = {
	directionX: 0,
	directionY: 1,
	initialisation: 2,
	sampleOrder: 3,
	epochOrder: 4,
	dropout: 5,
	lanczos: 6,
	traceProbes: 7,
	densityProbes: 8,
	sharpness: 9,
	rounding: 10,
	alignment: 11,
	curve: 12,
	audit: 13,
} as const;

export type Purpose = keyof typeof purposes;

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** The upper 32 bits of the product of two unsigned 32-bit integers. */
function multiplyHigh(a: number, b: number): number {
	const aLow = a & 0xffff;
	const aHigh = a >>> 16;
	const bLow = b & 0xffff;
	const bHigh = b >>> 16;
	const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
	const carry = aLow * bHigh + (middle & 0xffff);
	// All of these are below 2^32, so that shifts divide them.
	return (aHigh * bHigh + (middle >>> 16) + (carry >>> 16)) >>> 0;
}

/** One block of Philox4x32-10: four words of counter and two of key to four random words, written into `out`. */
export function philox(counter: Readonly<Uint32Array>, key: Readonly<Uint32Array>, out: Uint32Array): void {
	let [c0, c1, c2, c3] = [counter[0] ?? 0, counter[1] ?? 0, counter[2] ?? 0, counter[3] ?? 0];
	let [k0, k1] = [key[0] ?? 0, key[1] ?? 0];
	for (let round = 0; round < ROUNDS; round++) {
		const high0 = multiplyHigh(MULTIPLIER_0, c0);
		const low0 = Math.imul(MULTIPLIER_0, c0);
		const high1 = multiplyHigh(MULTIPLIER_1, c2);
		const low1 = Math.imul(MULTIPLIER_1, c2);
		c0 = (high1 ^ c1 ^ k0) >>> 0;
		c1 = low1 >>> 0;
		c2 = (high0 ^ c3 ^ k1) >>> 0;
		c3 = low0 >>> 0;
		k0 = (k0 + WEYL_0) >>> 0;
		k1 = (k1 + WEYL_1) >>> 0;
	}
	out[0] = c0;
	out[1] = c1;
	out[2] = c2;
	out[3] = c3;
}

/** The middle of one of 2^52 equal cells of (0, 1), by 32 and by 20 bits. */
function cell(high: number, low: number): number {
	return (high * 2 ** 20 + (low >>> 12) + 0.5) * 2 ** -52;
}

/** A stream of random numbers: one for each (seed, purpose, part), independent of all others. */
export class RandomStream {
	readonly #counter: Uint32Array;
	readonly #key: Uint32Array;
	readonly #block = new Uint32Array(4);
	#used = 4;

	/**
	 * @param seed    whole number from 0 to 2^53 - 1
	 * @param purpose what the numbers are for
	 * @param part    a further whole number below 2^32, such as the epoch or the tensor
	 */
	constructor(seed: number, purpose: Purpose, part = 0) {
		this.#key = Uint32Array.of(seed >>> 0, Math.floor(seed / 2 ** 32));
		this.#counter = Uint32Array.of(0, 0, part, purposes[purpose]);
	}

	/** A whole number from 0 to 2^32 - 1. */
	uint32(): number {
		if (this.#used === 4) {
			philox(this.#counter, this.#key, this.#block);
			this.#advance();
			this.#used = 0;
		}
		return this.#block[this.#used++] ?? 0;
	}

	/** Fills an array with whole numbers from 0 to 2^16 - 1, two a word, the lower half first. */
	fillUint16(out: Uint16Array): void {
		for (let i = 0; i < out.length; i += 2) {
			const word = this.uint32();
			out[i] = word;
			if (i + 1 < out.length) out[i + 1] = word >>> 16;
		}
	}

	/** Uniform on the open interval (0, 1): the middle of one of 2^52 equal cells. */
	uniform(): number {
		const high = this.uint32();
		return cell(high, this.uint32());
	}

	/** Fills an array with standard Gaussians, the next ones: in half the time of one call for each. */
	fillNormals(out: Float64Array): void {
		let i = 0;
		while (i < out.length && this.#used < 4) out[i++] = this.normal();
		const block = this.#block;
		for (; i + 1 < out.length; i += 2) {
			philox(this.#counter, this.#key, block);
			this.#advance();
			out[i] = normalQuantile(cell(block[0] ?? 0, block[1] ?? 0));
			out[i + 1] = normalQuantile(cell(block[2] ?? 0, block[3] ?? 0));
		}
		if (i < out.length) out[i] = this.normal();
	}

	#advance(): void {
		this.#counter[0] = (this.#counter[0] ?? 0) + 1;
		if (this.#counter[0] === 0) this.#counter[1] = (this.#counter[1] ?? 0) + 1;
	}

	/** A standard Gaussian, by the inverse of its distribution function. */
	normal(): number {
		return normalQuantile(this.uniform());
	}

	/** A whole number from 0 to bound - 1, each equally likely (words that would favour some are drawn again). */
	below(bound: number): number {
		const limit = 2 ** 32 - (2 ** 32 % bound);
		let word = this.uint32();
		while (word >= limit) word = this.uint32();
		return word % bound;
	}

	/** A random order of 0 .. length - 1 (Fisher-Yates, from the front: the first n need only n draws). */
	permutation(length: number, first = length): Uint32Array {
		const order = Uint32Array.from({ length }, (_, i) => i);
		for (let i = 0; i < first; i++) {
			const j = i + this.below(length - i);
			const swap = order[i] ?? 0;
			order[i] = order[j] ?? 0;
			order[j] = swap;
		}
		return order.subarray(0, first);
	}
}

// Coefficients of Wichura's PPND16, highest power first: numerators and denominators of two tails.
const TAIL_NUMERATOR = [
	0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
	5.769497221460691, 4.630337846156546, 1.4234371107496835,
];
const TAIL_DENOMINATOR = [
	1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
	1.6763848301838038, 2.053191626637759, 1,
];
const FAR_TAIL_NUMERATOR = [
	2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
	1.7848265399172913, 5.463784911164114, 6.657904643501103,
];
const FAR_TAIL_DENOMINATOR = [
	2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133, 0.014875361290850615,
	0.1369298809227358, 0.599832206555888, 1,
];

/** Of the middle, where nearly all numbers fall; written out, for a loop over a list takes three times as long. */
function centreNumerator(x: number): number {
	let sum = 2509.0809287301227;
	sum = sum * x + 33430.57558358813;
	sum = sum * x + 67265.7709270087;
	sum = sum * x + 45921.95393154987;
	sum = sum * x + 13731.69376550946;
	sum = sum * x + 1971.5909503065513;
	sum = sum * x + 133.14166789178438;
	return sum * x + 3.3871328727963665;
}

/** Likewise. */
function centreDenominator(x: number): number {
	let sum = 5226.495278852854;
	sum = sum * x + 28729.085735721943;
	sum = sum * x + 39307.89580009271;
	sum = sum * x + 21213.794301586597;
	sum = sum * x + 5394.196021424751;
	sum = sum * x + 687.1870074920579;
	sum = sum * x + 42.31333070160091;
	return sum * x + 1;
}

function polynomial(coefficients: readonly number[], x: number): number {
	let sum = 0;
	for (const coefficient of coefficients) sum = sum * x + coefficient;
	return sum;
}

/**
 * The quantile function of the standard Gaussian, to about 1 part in 10^16.
 *
 * @param p probability, 0 < p < 1
 * @see Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988), 477-484
 */
export function normalQuantile(p: number): number {
	const q = p - 0.5;
	if (Math.abs(q) <= 0.425) {
		const r = 0.180625 - q * q;
		return (q * centreNumerator(r)) / centreDenominator(r);
	}
	const r = Math.sqrt(-log(q < 0 ? p : 1 - p));
	const size =
		r <= 5
			? polynomial(TAIL_NUMERATOR, r - 1.6) / polynomial(TAIL_DENOMINATOR, r - 1.6)
			: polynomial(FAR_TAIL_NUMERATOR, r - 5) / polynomial(FAR_TAIL_DENOMINATOR, r - 5);
	return q < 0 ? -size : size;
}
