/**
 * Sums over the differences between many vectors and an origin, in float64: rows [count, size] of float32 less origin [size] of
 * float64, where size is a multiple of BLOCK. They go block by block through the numbers, so that the differences of a block stay in
 * a cache, and each block is summed in two lanes before it joins the total.
 */

/** Numbers of a block, of each row: 2 kB of float64, and of 200 rows what a second-level cache holds. */
const BLOCK: i32 = 256;
const BYTES: usize = 256 << 3;

@inline
function difference(row: usize, origin: usize, i: i32): v128 {
	const value = f64x2.promote_low_f32x4(v128.load64_zero(row + (<usize>i << 2)));
	return f64x2.sub(value, v128.load(origin + (<usize>i << 3)));
}

@inline
function addTo(at: usize, sum: v128): void {
	store<f64>(at, load<f64>(at) + (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)));
}

/**
 * gram [count, count] += the product of each row with each, of which the lower half counts; count is a multiple of 4.
 *
 * @param scratch [count, BLOCK] of float64
 */
export function addGram(rows: usize, origin: usize, count: i32, size: i32, scratch: usize, gram: usize): void {
	for (let first = 0; first < size; first += BLOCK) {
		const from = origin + (<usize>first << 3);
		for (let row = 0; row < count; row++) {
			const values = rows + ((<usize>row * size + first) << 2);
			const to = scratch + <usize>row * BYTES;
			for (let i = 0; i < BLOCK; i += 2) v128.store(to + (<usize>i << 3), difference(values, from, i));
		}
		for (let i = 0; i < count; i += 2)
			for (let j = 0; j <= i + 1; j += 4)
				addTile(scratch + <usize>i * BYTES, scratch + <usize>j * BYTES, gram + ((<usize>i * count + j) << 3), count);
	}
}

/** Two rows with four: eight sums, and what they are of, in sixteen registers. */
@inline
function addTile(a: usize, b: usize, to: usize, count: i32): void {
	let s0 = f64x2.splat(0);
	let s1 = s0;
	let s2 = s0;
	let s3 = s0;
	let t0 = s0;
	let t1 = s0;
	let t2 = s0;
	let t3 = s0;
	for (const end = a + BYTES; a < end; a += 16) {
		const x = v128.load(a);
		const y = v128.load(a + BYTES);
		let z = v128.load(b);
		s0 = f64x2.add(s0, f64x2.mul(x, z));
		t0 = f64x2.add(t0, f64x2.mul(y, z));
		z = v128.load(b + BYTES);
		s1 = f64x2.add(s1, f64x2.mul(x, z));
		t1 = f64x2.add(t1, f64x2.mul(y, z));
		z = v128.load(b + 2 * BYTES);
		s2 = f64x2.add(s2, f64x2.mul(x, z));
		t2 = f64x2.add(t2, f64x2.mul(y, z));
		z = v128.load(b + 3 * BYTES);
		s3 = f64x2.add(s3, f64x2.mul(x, z));
		t3 = f64x2.add(t3, f64x2.mul(y, z));
		b += 16;
	}
	addTo(to, s0);
	addTo(to + 8, s1);
	addTo(to + 16, s2);
	addTo(to + 24, s3);
	to += <usize>count << 3;
	addTo(to, t0);
	addTo(to + 8, t1);
	addTo(to + 16, t2);
	addTo(to + 24, t3);
}

/** out [2, size] = Σ weights [2, count] · the rows' differences, row after row. */
export function combineRows(
	rows: usize,
	origin: usize,
	count: i32,
	size: i32,
	weights: usize,
	out: usize,
): void {
	const other = <usize>size << 3;
	memory.fill(out, 0, other << 1);
	for (let first = 0; first < size; first += BLOCK) {
		const from = origin + (<usize>first << 3);
		const sums = out + (<usize>first << 3);
		for (let row = 0; row < count; row++) {
			const values = rows + ((<usize>row * size + first) << 2);
			const u = f64x2.splat(load<f64>(weights + (<usize>row << 3)));
			const v = f64x2.splat(load<f64>(weights + (<usize>(count + row) << 3)));
			for (let i = 0; i < BLOCK; i += 2) {
				const d = difference(values, from, i);
				const at = sums + (<usize>i << 3);
				v128.store(at, f64x2.add(v128.load(at), f64x2.mul(u, d)));
				v128.store(at + other, f64x2.add(v128.load(at + other), f64x2.mul(v, d)));
			}
		}
	}
}

/** out [count, 2] += the products of each row's difference with the directions [2, size]. */
export function addAlong(
	rows: usize,
	origin: usize,
	count: i32,
	size: i32,
	directions: usize,
	out: usize,
): void {
	const other = <usize>size << 3;
	for (let first = 0; first < size; first += BLOCK) {
		const from = origin + (<usize>first << 3);
		const along = directions + (<usize>first << 3);
		for (let row = 0; row < count; row++) {
			const values = rows + ((<usize>row * size + first) << 2);
			let s = f64x2.splat(0);
			let t = s;
			for (let i = 0; i < BLOCK; i += 2) {
				const d = difference(values, from, i);
				const at = along + (<usize>i << 3);
				s = f64x2.add(s, f64x2.mul(d, v128.load(at)));
				t = f64x2.add(t, f64x2.mul(d, v128.load(at + other)));
			}
			addTo(out + (<usize>row << 4), s);
			addTo(out + (<usize>row << 4) + 8, t);
		}
	}
}

/** out [count, 2] += the squares of what is left of each row's difference less its places [count, 2] · directions, and of all of it. */
export function addRest(
	rows: usize,
	origin: usize,
	count: i32,
	size: i32,
	directions: usize,
	places: usize,
	out: usize,
): void {
	const other = <usize>size << 3;
	for (let first = 0; first < size; first += BLOCK) {
		const from = origin + (<usize>first << 3);
		const along = directions + (<usize>first << 3);
		for (let row = 0; row < count; row++) {
			const values = rows + ((<usize>row * size + first) << 2);
			const x = f64x2.splat(load<f64>(places + (<usize>row << 4)));
			const y = f64x2.splat(load<f64>(places + (<usize>row << 4) + 8));
			let s = f64x2.splat(0);
			let t = s;
			for (let i = 0; i < BLOCK; i += 2) {
				const d = difference(values, from, i);
				const at = along + (<usize>i << 3);
				const near = f64x2.sub(d, f64x2.mul(x, v128.load(at)));
				const left = f64x2.sub(near, f64x2.mul(y, v128.load(at + other)));
				s = f64x2.add(s, f64x2.mul(left, left));
				t = f64x2.add(t, f64x2.mul(d, d));
			}
			addTo(out + (<usize>row << 4), s);
			addTo(out + (<usize>row << 4) + 8, t);
		}
	}
}
