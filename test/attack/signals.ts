import { readdirSync } from "node:fs";
import { type Attack, sweepArgs, trainArgs } from "./arena.js";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Signals in every phase: the command ends with one line and status 130, and goes on to the same result. */
export const interruptions: Attack = async function* (arena, { signals: rounds }) {
	if (process.platform === "win32") return;
	for (const [name, args, ending] of [
		["sweep", sweepArgs, ""],
		["train", trainArgs, ".safetensors"],
	] as const) {
		const started = performance.now();
		arena.run(name, [...args, "--out", `${name}-whole${ending}`]);
		const whole = performance.now() - started;
		const result = async (out: string) =>
			name === "sweep" ? arena.digest(out) : arena.bytes(`${out}.trajectory.msgpack`).toString("base64");
		const expected = await result(`${name}-whole`);
		const bad: string[] = [];
		let early = 0;
		for (let round = 0; round < rounds; round++) {
			const signal = signals[round % signals.length] ?? "SIGINT";
			const out = `${name}-cut${round}`;
			const after = (whole * (round + Math.random())) / rounds;
			const told = `${signal} after ${Math.round(after)} ms`;
			const { status, stderr } = await arena.start(name, [...args, "--out", out + ending], signal, after);
			// Before Node.js has begun to run us, a signal ends the process as it ends any other.
			if (status === null) early += 1;
			else if (status !== 0 && (status !== 130 || !/^interrupted.*\n$/.test(stderr)))
				bad.push(`${told}: ${status} ${stderr}`);
			const again = await arena.start(name, [...args, "--out", out + ending]);
			if (again.status !== 0 || (await result(out)) !== expected) bad.push(`${told}: goes on to another result`);
		}
		if (readdirSync(arena.directory).some((file) => file.endsWith(".tmp"))) bad.push("litter is left");
		yield {
			attack: `signals in every phase of a ${name === "sweep" ? "sweep" : "training"}: one line, and goes on`,
			count: rounds,
			bad,
			note: `${early} before Node.js ran us`,
		};
	}
};
