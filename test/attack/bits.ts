import { writeFileSync } from "node:fs";
import { IsolossError } from "../../src/errors.js";
import { parseRun } from "../../src/store/run-format.js";
import { readTrainingState, writeTrainingState } from "../../src/store/training-state.js";
import { readTrajectory } from "../../src/store/trajectory.js";
import { bitChanged } from "../store/damage.js";
import type { Arena, Attack } from "./arena.js";

interface Kind {
	readonly name: string;
	readonly bytes: Uint8Array;
	readonly read: (bytes: Uint8Array) => unknown;
}

/** Every bit of files of our own changed, and every cut of them: refused, or read as far as they are whole. */
export const bits: Attack = async function* (arena) {
	for (const { name, bytes, read } of await kinds(arena)) {
		const bad: string[] = [];
		for (let bit = 0; bit < 8 * bytes.length; bit++) {
			const outcome = await outcomeOf(() => read(bitChanged(bytes, bit)));
			if (outcome !== "refused") bad.push(`bit ${bit}: ${outcome}`);
		}
		yield { attack: `bits of a ${name} changed one by one: refused`, count: 8 * bytes.length, bad };
		const cuts: string[] = [];
		for (let length = 0; length < bytes.length; length++) {
			const outcome = await outcomeOf(() => read(bytes.subarray(0, length)));
			if (outcome !== "refused" && outcome !== "read") cuts.push(`cut at ${length}: ${outcome}`);
		}
		yield { attack: `a ${name} cut at every byte: refused, or read to there`, count: bytes.length, bad: cuts };
	}
};

async function kinds(arena: Arena): Promise<readonly Kind[]> {
	arena.run("sweep", ["--samples", "4", "--x=-1:1:5", "--y=-1:1:5", "--threads", "1", "--out", "small"]);
	const plan = { model: "m" };
	const floats = new Float32Array(200).fill(0.5);
	await writeTrainingState(arena.path("kept.msgpack"), plan, {
		resume: { step: 1, state: { parameters: floats, statistics: floats }, optimizer: { step: 1, vectors: [floats] } },
		history: { metric: null, losses: [1], epochs: [] },
		tally: { loss: 1, weight: 2, metric: new Float64Array() },
	});
	const once = ["--samples", "64", "--epochs", "1", "--snapshots", "1", "--batch-size", "64"];
	arena.run("train", ["--model", "mlp-1", ...once, "--out", "small.safetensors"]);
	const changed = arena.path("changed.msgpack");
	const kept = (bytes: Uint8Array, read: (path: string) => Promise<unknown>) => {
		writeFileSync(changed, bytes);
		return read(changed);
	};
	return [
		{ name: "run", bytes: arena.bytes("small/run.msgpack"), read: (bytes) => parseRun(bytes, "run") },
		{
			name: "trajectory",
			bytes: arena.bytes("small.trajectory.msgpack"),
			read: (bytes) => kept(bytes, readTrajectory),
		},
		{
			name: "training's state",
			bytes: arena.bytes("kept.msgpack"),
			read: (bytes) => kept(bytes, (path) => readTrainingState(path, plan)),
		},
	];
}

/** Whether something is refused with one of our errors; what else it throws is a failure. */
async function outcomeOf(read: () => unknown): Promise<string> {
	try {
		await read();
		return "read";
	} catch (error) {
		return error instanceof IsolossError ? "refused" : String(error);
	}
}
