import { join } from "node:path";
import test from "ava";
import { InterruptedError } from "../../src/errors.js";
import { initialize } from "../../src/network/initialize.js";
import { type CurveOptions, placeOfStep } from "../../src/train/curve.js";
import { trainCurve } from "../../src/train/curve-training.js";
import { bowl, stateOf, temporaryDirectory, tinyCnn, tinyData } from "../fixtures.js";

const bowlOptions: CurveOptions = {
	...bowl(2),
	start: stateOf(1, 0),
	end: stateOf(0, 1),
	kind: "bezier",
	bends: 1,
	loss: "mse",
	optimizer: "sgd",
	learningRate: 0.3,
	weightDecay: 0,
	schedule: "cosine",
	batchSize: 2,
	epochs: 1600,
	seed: 3,
	precision: "fast",
};

const quiet = { path: undefined, fresh: false };

test("over a round bowl the bend of least mean loss is −¾·(a + b), which is where training puts it", async (t) => {
	// The derivative of ∫|(1−t)²a + 2t(1−t)w + t²b|² dt by w is 0 where a/10 + 2w/15 + b/10 = 0.
	const { curve } = await trainCurve(bowlOptions, quiet);
	const [x = 0, y = 0] = curve.networks[1]?.parameters ?? [];
	t.true(Math.abs(x + 0.75) < 0.01 && Math.abs(y + 0.75) < 0.01, `${x}, ${y}`);
});

test("weight decay is of the place on the curve: over a bowl of its own it puts the bend at the same place", async (t) => {
	// No loss at all, of targets that the outputs can't miss: what is left is ½·λ·|θ(t)|², the same bowl but for its depth.
	const nothing = { ...bowlOptions.data, inputs: new Float32Array(4) };
	const { curve } = await trainCurve({ ...bowlOptions, data: nothing, weightDecay: 2 }, quiet);
	const [x = 0, y = 0] = curve.networks[1]?.parameters ?? [];
	t.true(Math.abs(x + 0.75) < 0.01 && Math.abs(y + 0.75) < 0.01, `${x}, ${y}`);
});

test("a polygonal chain puts its bend where the mean over both pieces is least", async (t) => {
	// Pieces from a to w and from w to b: ∫|(1−s)a + s·w|² ds has the derivative a/3 + 2w/3 by w, so w = −(a + b)/4.
	const { curve } = await trainCurve({ ...bowlOptions, kind: "polygonal" }, quiet);
	const [x = 0, y = 0] = curve.networks[1]?.parameters ?? [];
	t.true(Math.abs(x + 0.25) < 0.01 && Math.abs(y + 0.25) < 0.01, `${x}, ${y}`);
});

test("of sixteen steps one is in each sixteenth of the curve", (t) => {
	for (const first of [0, 16, 160]) {
		const places = Array.from({ length: 16 }, (_, i) => placeOfStep(7, first + i));
		t.deepEqual(
			places.map((place) => Math.floor(16 * place)).toSorted((a, b) => a - b),
			Array.from({ length: 16 }, (_, i) => i),
		);
		t.true(places.every((place) => place > 0 && place < 1));
	}
});

const graph = tinyCnn();
const cnn: CurveOptions = {
	graph,
	data: tinyData(40),
	start: initialize(graph, 1),
	end: initialize(graph, 2),
	...{ kind: "bezier", bends: 2, loss: "softmax-cross-entropy" },
	...{ optimizer: "momentum", learningRate: 0.05, batchSize: 16, epochs: 4, seed: 1, precision: "fast" },
};

const bends = ({ curve }: Awaited<ReturnType<typeof trainCurve>>) =>
	curve.networks.map(({ parameters }) => [...parameters]);

test("a curve has the same bytes with any number of threads and after an interruption, and its ends stay where they were", async (t) => {
	const one = await trainCurve(cnn, quiet);
	t.deepEqual(bends(await trainCurve({ ...cnn, threads: 3 }, quiet)), bends(one));
	const path = join(await temporaryDirectory(t), "curve.msgpack");
	const stop = new AbortController();
	const interrupted = trainCurve(cnn, {
		...{ path, fresh: false, signal: stop.signal },
		onStep: ({ step }) => (step === 5 ? stop.abort() : undefined),
	});
	await t.throwsAsync(interrupted, { instanceOf: InterruptedError });
	const again = await trainCurve(cnn, { path, fresh: false });
	t.deepEqual(bends(again), bends(one));
	t.deepEqual(again.history, one.history);
	t.deepEqual(bends(await trainCurve(cnn, { path, fresh: false })), bends(one));
	t.deepEqual(bends(one)[0], [...cnn.start.parameters]);
	t.deepEqual(bends(one)[3], [...cnn.end.parameters]);
});

test("a curve's file is not taken for that of another curve", async (t) => {
	const path = join(await temporaryDirectory(t), "curve.msgpack");
	await trainCurve({ ...cnn, epochs: 1 }, { path, fresh: false });
	await t.throwsAsync(trainCurve({ ...cnn, epochs: 1, bends: 1 }, { path, fresh: false }), {
		message: /bends: 2 there, 1 here/,
	});
	await t.throwsAsync(trainCurve({ ...cnn, epochs: 1, end: cnn.start }, { path, fresh: false }), { message: /end: / });
});
