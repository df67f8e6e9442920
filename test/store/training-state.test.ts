import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { FileFormatError, RunMismatchError } from "../../src/errors.js";
import { formatHistory } from "../../src/export/history.js";
import { packFrame } from "../../src/files/frames.js";
import { readTrainingState, writeTrainingState } from "../../src/store/training-state.js";
import { continueTrajectory, eachSnapshot, readTrajectory, startTrajectory } from "../../src/store/trajectory.js";
import { temporaryDirectory } from "../fixtures.js";
import { changedBits } from "./damage.js";

const plan = { model: "m", seed: 0 };
const state = { parameters: Float32Array.of(1, Number.NaN, -0), statistics: Float32Array.of(4) };
const epoch = { epoch: 1, step: 2, trainLoss: 0.5, trainMetric: 0.25, testLoss: 1 / 3, testMetric: null };
const metric = { name: "r2", label: "R²", unit: "none" } as const;
const stored = {
	resume: { step: 2, state, optimizer: { step: 2, vectors: [Float32Array.of(5, 6, 7)] } },
	history: { metric, losses: [0.75, Number.POSITIVE_INFINITY], epochs: [epoch] },
	tally: { loss: 0.1, weight: 3, metric: Float64Array.of(1, Number.NaN) },
};

test("the state of a training comes back as it was, values that are not finite too", async (t) => {
	const path = join(await temporaryDirectory(t), "a.state.msgpack");
	t.is(await readTrainingState(path, plan), undefined);
	await writeTrainingState(path, plan, stored);
	t.deepEqual(await readTrainingState(path, plan), stored);
	await t.throwsAsync(readTrainingState(path, { ...plan, seed: 7 }), {
		instanceOf: RunMismatchError,
		message: /holds another training \(seed: 0 there, 7 here\)/,
	});
});

test("a state that is cut off anywhere, or has any bit changed, is refused", async (t) => {
	const path = join(await temporaryDirectory(t), "a.state.msgpack");
	await writeTrainingState(path, plan, stored);
	const whole = await readFile(path);
	const refused = {
		instanceOf: FileFormatError,
		message: /not the state of a training, or damaged; --fresh starts over/,
	};
	for (let length = 0; length < whole.length; length++) {
		await writeFile(path, whole.subarray(0, length));
		await t.throwsAsync(readTrainingState(path, plan), refused, `${length} bytes`);
	}
	for (const [bit, changed] of changedBits(whole)) {
		await writeFile(path, changed);
		await t.throwsAsync(readTrainingState(path, plan), refused, `bit ${bit}`);
	}
});

test("a trajectory with any bit changed is refused; cut off anywhere, it has the snapshots before the cut", async (t) => {
	const path = join(await temporaryDirectory(t), "a.trajectory.msgpack");
	const file = await startTrajectory(path, plan, 5);
	const ends = [(await readFile(path)).length];
	for (const step of [0, 5]) {
		await file.append({ step, state });
		ends.push((await readFile(path)).length);
	}
	await file.close();
	const whole = await readFile(path);
	for (const [bit, changed] of changedBits(whole)) {
		await writeFile(path, changed);
		await t.throwsAsync(readTrajectory(path), { instanceOf: FileFormatError }, `bit ${bit}`);
		await t.throwsAsync(continueTrajectory(path, 5, 5), { instanceOf: FileFormatError }, `bit ${bit}`);
	}
	for (let length = 0; length <= whole.length; length++) {
		await writeFile(path, whole.subarray(0, length));
		if (length < (ends[0] ?? 0)) await t.throwsAsync(readTrajectory(path), { message: /the header is cut off/ });
		else t.is((await readTrajectory(path)).snapshots.length, ends.filter((end) => end <= length).length - 1);
	}
});

test("a trajectory goes on from a step, without the snapshots after it and a torn one", async (t) => {
	const path = join(await temporaryDirectory(t), "a.trajectory.msgpack");
	const at = (step: number) => ({ step, state: { ...state, statistics: Float32Array.of(step) } });
	const first = await startTrajectory(path, plan, 5);
	for (const step of [0, 5, 10, 15]) await first.append(at(step));
	await first.close();
	const bytes = await readFile(path);
	await writeFile(path, bytes.subarray(0, bytes.length - 3));
	t.deepEqual((await readTrajectory(path)).snapshots, [at(0), at(5), at(10)]);
	t.deepEqual([...eachSnapshot(path)], [at(0), at(5), at(10)]);
	const second = await continueTrajectory(path, 5, 9);
	await second?.append(at(10));
	await second?.close();
	t.deepEqual(await readTrajectory(path), { plan, every: 5, snapshots: [at(0), at(5), at(10)] });
	t.is(await continueTrajectory(path, 5, 15), undefined, "the snapshot of step 15 is missing");
	await writeFile(path, "something else");
	await t.throwsAsync(readTrajectory(path), {
		instanceOf: FileFormatError,
		message: /not the trajectory of a training/,
	});
	t.throws(() => [...eachSnapshot(path)], { message: /not the trajectory of a training/ });
	bytes.writeUInt8(bytes.readUInt8(bytes.length - 40) ^ 1, bytes.length - 40);
	await writeFile(path, bytes);
	// All of the file is checked before the first network is taken.
	t.throws(() => eachSnapshot(path).next(), { instanceOf: FileFormatError, message: /damaged from byte/ });
	t.throws(() => eachSnapshot(join(path, "none")).next(), { instanceOf: FileFormatError });
});

test("the table of a training has a line an epoch with all digits", (t) => {
	t.is(
		formatHistory({
			metric: { name: "accuracy", label: "accuracy", unit: "fraction" },
			losses: [],
			epochs: [{ ...epoch, testMetric: 0.75 }],
		}),
		"epoch,step,train_loss,train_accuracy,test_loss,test_accuracy\n1,2,0.5,0.25,0.3333333333333333,0.75\n",
	);
	const untested = { ...epoch, testLoss: null, testMetric: null };
	t.is(formatHistory({ metric, losses: [], epochs: [untested] }), "epoch,step,train_loss,train_r2\n1,2,0.5,0.25\n");
	t.is(
		formatHistory({ metric: null, losses: [], epochs: [{ ...untested, trainMetric: null }] }),
		"epoch,step,train_loss\n1,2,0.5\n",
	);
});

test("files with right checksums and wrong contents are refused with what would be right", async (t) => {
	const path = join(await temporaryDirectory(t), "a.msgpack");
	const write = (...records: readonly object[]) => {
		let check = 0;
		const frames = records.map((record) => {
			const frame = packFrame(record, check);
			({ check } = frame);
			return frame.bytes;
		});
		return writeFile(path, Buffer.concat(frames));
	};
	const bytes = new Uint8Array(8);
	const whole = {
		format: "isoloss training",
		version: 3,
		plan,
		step: 1,
		trained: bytes,
		running: bytes,
		optimizer: { step: 1, vectors: [bytes] },
		losses: bytes,
		metric: null,
		tally: bytes,
		epochs: [],
	};
	await write(whole);
	t.is((await readTrainingState(path, plan))?.resume.step, 1);
	for (const [wrong, message] of [
		[{ step: -1 }, /state\.step: expected a whole number from 0, got "-1"$/],
		[{ trained: new Uint8Array(3) }, /state\.trained: expected bytes, 4 a number, got a Buffer$/],
		[{ optimizer: null }, /state\.optimizer: expected an object, got null$/],
		[{ epochs: [{ epoch: 1 }] }, /state\.epochs\[0\]\.step: expected a number, got undefined$/],
		[{ plan: { model: {} } }, /state\.plan\.model: expected a text or a number, got an object$/],
	] as const) {
		await write({ ...whole, ...wrong });
		await t.throwsAsync(readTrainingState(path, plan), { instanceOf: FileFormatError, message });
	}
	const header = { format: "isoloss trajectory", version: 2, plan, every: 5 };
	await write({ ...header, every: 0 });
	await t.throwsAsync(readTrajectory(path), { message: /header\.every: expected a whole number from 1, got "0"$/ });
	await write(header, { step: 0, trained: bytes, running: "none" });
	await t.throwsAsync(readTrajectory(path), {
		message: /snapshot up to byte \d+\.running: expected bytes, 4 a number/,
	});
});
