import { logarithm } from "./double";

/**
 * Standard Gaussians by their numbers in a stream: Philox4x32-10 and Wichura's PPND16, the bits that exact/random.ts gives. There
 * is what both are, and why; here is the same, four times as fast.
 */

/** The upper and the lower half of a product of two words. */
@inline
function product(a: u32, b: u32): u64 {
	return (<u64>a) * (<u64>b);
}

let word0: u32 = 0;
let word1: u32 = 0;
let word2: u32 = 0;
let word3: u32 = 0;

/** One block of four random words, left in the globals. */
@inline
function philox(block: u64, part: u32, purpose: u32, seedLow: u32, seedHigh: u32): void {
	let c0 = <u32>block;
	let c1 = <u32>(block >> 32);
	let c2 = part;
	let c3 = purpose;
	let k0 = seedLow;
	let k1 = seedHigh;
	for (let round = 0; round < 10; round++) {
		const first = product(0xd2511f53, c0);
		const second = product(0xcd9e8d57, c2);
		c0 = <u32>(second >> 32) ^ c1 ^ k0;
		c1 = <u32>second;
		c2 = <u32>(first >> 32) ^ c3 ^ k1;
		c3 = <u32>first;
		k0 += 0x9e3779b9;
		k1 += 0xbb67ae85;
	}
	word0 = c0;
	word1 = c1;
	word2 = c2;
	word3 = c3;
}

@inline
function cell(high: u32, low: u32): f64 {
	return (<f64>high * 1048576.0 + <f64>(low >>> 12) + 0.5) * 2.220446049250313e-16;
}

function quantile(p: f64): f64 {
	const q = p - 0.5;
	if (Math.abs(q) <= 0.425) {
		const x = 0.180625 - q * q;
		let above: f64 = 2509.0809287301227;
		above = above * x + 33430.57558358813;
		above = above * x + 67265.7709270087;
		above = above * x + 45921.95393154987;
		above = above * x + 13731.69376550946;
		above = above * x + 1971.5909503065513;
		above = above * x + 133.14166789178438;
		above = above * x + 3.3871328727963665;
		let below: f64 = 5226.495278852854;
		below = below * x + 28729.085735721943;
		below = below * x + 39307.89580009271;
		below = below * x + 21213.794301586597;
		below = below * x + 5394.196021424751;
		below = below * x + 687.1870074920579;
		below = below * x + 42.31333070160091;
		below = below * x + 1;
		return (q * above) / below;
	}
	const r = Math.sqrt(-logarithm(q < 0 ? p : 1 - p));
	const size = r <= 5 ? tail(r - 1.6) : farTail(r - 5);
	return q < 0 ? -size : size;
}

function tail(x: f64): f64 {
	let above: f64 = 0.0007745450142783414;
	above = above * x + 0.022723844989269184;
	above = above * x + 0.2417807251774506;
	above = above * x + 1.2704582524523684;
	above = above * x + 3.6478483247632045;
	above = above * x + 5.769497221460691;
	above = above * x + 4.630337846156546;
	above = above * x + 1.4234371107496835;
	let below: f64 = 1.0507500716444169e-9;
	below = below * x + 0.0005475938084995345;
	below = below * x + 0.015198666563616457;
	below = below * x + 0.14810397642748008;
	below = below * x + 0.6897673349851;
	below = below * x + 1.6763848301838038;
	below = below * x + 2.053191626637759;
	below = below * x + 1;
	return above / below;
}

function farTail(x: f64): f64 {
	let above: f64 = 2.0103343992922881e-7;
	above = above * x + 2.7115555687434876e-5;
	above = above * x + 0.0012426609473880784;
	above = above * x + 0.026532189526576124;
	above = above * x + 0.29656057182850487;
	above = above * x + 1.7848265399172913;
	above = above * x + 5.463784911164114;
	above = above * x + 6.657904643501103;
	let below: f64 = 2.0442631033899397e-15;
	below = below * x + 1.421511758316446e-7;
	below = below * x + 1.8463183175100548e-5;
	below = below * x + 0.0007868691311456133;
	below = below * x + 0.014875361290850615;
	below = below * x + 0.1369298809227358;
	below = below * x + 0.599832206555888;
	below = below * x + 1;
	return above / below;
}

/**
 * @param out   float64, the Gaussians of the numbers `first` to `first + count - 1` of the stream
 * @param first a whole number below 2^53
 */
export function fillNormals(
	out: usize,
	first: f64,
	count: i32,
	part: u32,
	purpose: u32,
	seedLow: u32,
	seedHigh: u32,
): void {
	let number = <u64>first;
	const end = number + <u64>count;
	while (number < end) {
		philox(number >> 1, part, purpose, seedLow, seedHigh);
		if ((number & 1) === 0) {
			store<f64>(out, quantile(cell(word0, word1)));
			out += 8;
			number++;
			if (number === end) return;
		}
		store<f64>(out, quantile(cell(word2, word3)));
		out += 8;
		number++;
	}
}
