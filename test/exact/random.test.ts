import test from "ava";
import fc from "fast-check";
import { normalQuantile, philox, RandomStream } from "../../src/exact/random.js";

// The known answers that come with the authors' Random123 library, for philox4x32 with 10 rounds.
const knownAnswers = [
	{ counter: [0, 0, 0, 0], key: [0, 0], words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
	{
		counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
		key: [0xffffffff, 0xffffffff],
		words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
	},
	{
		counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
		key: [0xa4093822, 0x299f31d0],
		words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
	},
];

test("Philox gives its authors' known answers", (t) => {
	for (const { counter, key, words } of knownAnswers) {
		const out = new Uint32Array(4);
		philox(Uint32Array.from(counter), Uint32Array.from(key), out);
		t.deepEqual([...out], words);
	}
});

test("the Gaussian quantile agrees with another implementation of AS 241 to the last digit", (t) => {
	// From NormalDist().inv_cdf of Python's statistics module.
	t.is(normalQuantile(1e-300), -37.0470962993612);
	t.is(normalQuantile(1e-10), -6.361340902404056);
	t.is(normalQuantile(0.001), -3.090232306167813);
	t.is(normalQuantile(0.3), -0.5244005127080407);
	t.is(normalQuantile(0.5), 0);
	t.is(normalQuantile(0.9), 1.2815515655446008);
});

test("normals have mean 0, variance 1, no skew and kurtosis 3", (t) => {
	const random = new RandomStream(1, "directionX");
	const count = 400_000;
	const moments = [0, 0, 0, 0];
	for (let i = 0; i < count; i++) {
		const z = random.normal();
		for (let k = 0; k < 4; k++) moments[k] = (moments[k] ?? 0) + z ** (k + 1) / count;
	}
	const [mean = 1, variance = 0, skew = 1, kurtosis = 0] = moments;
	// Five standard errors each: their variances are 1/n, 2/n, 15/n, 96/n.
	const error = (v: number) => 5 * Math.sqrt(v / count);
	t.true(Math.abs(mean) < error(1));
	t.true(Math.abs(variance - 1) < error(2));
	t.true(Math.abs(skew) < error(15));
	t.true(Math.abs(kurtosis - 3) < error(96));
});

test("streams of different seeds, purposes and parts differ, and the same one repeats", (t) => {
	const first = (stream: RandomStream) => [stream.uint32(), stream.uint32(), stream.uint32()].join();
	const streams = [
		new RandomStream(0, "directionX"),
		new RandomStream(0, "directionY"),
		new RandomStream(1, "directionX"),
		new RandomStream(2 ** 32, "directionX"),
		new RandomStream(0, "directionX", 1),
	].map(first);
	t.is(new Set(streams).size, streams.length);
	t.is(first(new RandomStream(0, "directionX")), streams[0] ?? "");
});

test("uniform numbers lie strictly between 0 and 1", (t) => {
	const random = new RandomStream(5, "dropout");
	for (let i = 0; i < 10_000; i++) {
		const u = random.uniform();
		t.true(u > 0 && u < 1);
	}
});

test("a permutation holds each index once, and its start does not depend on how much of it is asked for", (t) => {
	fc.assert(
		fc.property(fc.nat(200), fc.nat(200), fc.nat(), (length, asked, seed) => {
			const first = Math.min(asked, length);
			const whole = new RandomStream(seed, "sampleOrder").permutation(length);
			const start = new RandomStream(seed, "sampleOrder").permutation(length, first);
			return new Set(whole).size === length && start.every((index, i) => index === whole[i]) && start.length === first;
		}),
	);
	t.pass();
});

test("normals that fill an array are those of one call after another, wherever the stream stands", (t) => {
	for (const before of [0, 1, 2, 3])
		for (const count of [0, 1, 2, 7, 40]) {
			const [one, other] = [new RandomStream(9, "directionX"), new RandomStream(9, "directionX")];
			for (let i = 0; i < before; i++) t.is(one.uint32(), other.uint32());
			const filled = new Float64Array(count);
			one.fillNormals(filled);
			t.deepEqual([...filled], [...Array.from({ length: count }, () => other.normal())]);
			t.is(one.uint32(), other.uint32());
		}
});
