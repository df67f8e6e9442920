import { spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import test from "ava";
import { type CurvatureStart, curvature, OptionError } from "../../src/index.js";
import { root, temporaryDirectory } from "../fixtures.js";

const network = (name: string) => ({
	model: join(root, "test", "corpus", "pytorch", name, "a.onnx"),
	data: join(root, "test", "corpus", "pytorch", name, "data.npz"),
	samples: "all" as const,
});

test("a basis that is restarted gives one digest with one thread and several, and other numbers within its residuals", async (t) => {
	// 2,741 parameters: 0.2 MB are 19 vectors.
	const what = { ...network("mlp"), top: 3, bottom: 1, steps: 60, tolerance: 1e-4 };
	let assumed: readonly string[] = [];
	const restarted = {
		...what,
		memory: 0.2,
		density: true,
		probes: 2,
		onStart: ({ assumptions }: CurvatureStart) => {
			assumed = assumptions;
		},
	};
	const one = await curvature({ ...restarted, threads: 1 });
	const two = await curvature({ ...restarted, threads: 2 });
	t.is(one.digest, two.digest);
	t.deepEqual(assumed.slice(-2), [
		"Lanczos restarts with 19 vectors, 0.2 MB: all 61 take 0.64 MB (--memory)",
		"the density takes 18 steps a probe, with 19 vectors, 0.2 MB: all 61 take 0.64 MB (--memory)",
	]);
	t.true(one.density?.probes.every(({ nodes }) => nodes.length === 18));
	const whole = await curvature({ ...what, threads: 1 });
	for (const [i, { value, residual }] of one.top.entries())
		t.true(Math.abs(value - (whole.top[i]?.value ?? 0)) <= residual + (one.noiseFloor ?? 0), `${value}`);
	t.true((await curvature({ ...what, memory: 1, threads: 1 })).digest === whole.digest);
	const tooLittle = curvature({ ...what, memory: 0.05, threads: 1 });
	await t.throwsAsync(tooLittle, { instanceOf: OptionError, message: /^memory: expected at least 0\.084 / });
});

/** Bytes of a vector of the transformer, and when a run is killed: so many vectors and bytes are noted. */
const vectorBytes = 4 * 11_382;
const killed = [
	{ when: "within a basis", words: ["--steps", "14"], after: 6 * vectorBytes },
	// 0.5 MB are 11 vectors.
	{ when: "after a restart", words: ["--steps", "18", "--memory", "0.5"], after: 14 * vectorBytes },
	{
		when: "between points of secant curvature",
		words: ["--top", "1", "--bottom", "0", "--steps", "4", "--scale", "1"],
		after: 5 * vectorBytes + 1200,
	},
	{
		when: "within power iteration",
		words: ["--method", "power", "--top", "2", "--steps", "5"],
		after: 8 * vectorBytes,
	},
] as const;

for (const { when, words, after } of killed)
	test.serial(`a command that is killed ${when} goes on with the same bits`, async (t) => {
		const directory = await temporaryDirectory(t);
		const { model, data } = network("transformer");
		// Of two samples there are two parts, each a twentieth of a second a product: time enough to be killed in.
		const few = ["--samples", "2", "--threads", "1", "--formats", "svg", "--json", "--quiet"];
		const common = ["--model", model, "--data", data, ...few];
		const start = (out: string) => {
			const command = [join(root, "scripts", "curvature.js"), ...common, ...words, "--out", out];
			const child = spawn(process.execPath, command);
			let text = "";
			child.stdout.on("data", (chunk) => {
				text += chunk;
			});
			const ended = new Promise<string>((resolve) => child.on("close", () => resolve(text)));
			return { child, ended };
		};
		const whole = JSON.parse(await start(join(directory, "whole")).ended) as { digest: string };
		const broken = join(directory, "broken");
		const first = start(broken);
		const notes = join(broken, "curvature.msgpack");
		const noted = async () => (await stat(notes).catch(() => undefined))?.size ?? 0;
		for (let waited = 0; waited < 6000 && (await noted()) <= after; waited++) await wait(5);
		first.child.kill("SIGKILL");
		t.is(await first.ended, "");
		t.true((await noted()) > after);
		const second = JSON.parse(await start(broken).ended) as { digest: string; files: string[] };
		t.is(second.digest, whole.digest);
		t.true(second.files.every((path) => path.startsWith(broken)));
	});
