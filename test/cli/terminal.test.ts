import { join } from "node:path";
import { pathToFileURL } from "node:url";
import test from "ava";
import { root, temporaryDirectory } from "../fixtures.js";
import { framesOf, runInTerminal, withoutTerminal } from "../terminal.js";

/** A program that shows progress of made-up work, so many updates of it. */
const work = (updates: number) => `
	import { startProgress } from ${JSON.stringify(pathToFileURL(join(root, "dist", "src", "cli", "progress.js")).href)};
	const progress = startProgress({ total: ${updates}, unit: "points", quiet: false });
	for (let done = 1; done <= ${updates}; done++) {
		await new Promise((resolve) => setTimeout(resolve, 30));
		progress.update(done, "loss 0.1234  accuracy 98.7 %");
		if (done === 5) progress.print("epoch 1 of 2");
	}
	progress.stop();
	console.log("end");
`;
const program = (updates: number) => ["--input-type=module", "--eval", work(updates)];

test("a bar is never wider than its terminal, and nothing of it is left at the end", async (t) => {
	if (withoutTerminal(t)) return;
	const cwd = await temporaryDirectory(t);
	const widths = [20, 40, 80, 200];
	const runs = await Promise.all(widths.map((columns) => runInTerminal(program(30), { columns, cwd })));
	for (const [i, { code, stdout }] of runs.entries()) {
		t.is(code, 0);
		const frames = framesOf(stdout);
		t.true(frames.filter((frame) => /\d+\/30|%/.test(frame)).length > 5, stdout);
		for (const frame of frames) t.true([...frame].length < (widths[i] ?? 0), `${widths[i]}: ${frame}`);
		t.true(stdout.endsWith("\r\x1b[J\x1b[?25hend\r\n"), "erased, and the cursor shown again");
		t.is(stdout.split("epoch 1 of 2\r\n").length, 2, "a line that is printed beside it stays whole");
		t.is(stdout.split("\n").length, 3, "the bar itself begins no lines");
	}
});

test("a bar follows a terminal that becomes narrower", async (t) => {
	if (withoutTerminal(t)) return;
	const before = "(sleep 1; stty cols 30 < /dev/tty) &";
	const { stdout } = await runInTerminal(program(60), { columns: 120, cwd: await temporaryDirectory(t), before });
	const lengths = framesOf(stdout).map((frame) => [...frame].length);
	t.true(Math.max(...lengths) > 60);
	const narrow = lengths.slice(lengths.findLastIndex((length) => length >= 30) + 1);
	t.true(narrow.length > 3, String(lengths));
});

test("a terminal that obeys no codes gets plain lines", async (t) => {
	if (withoutTerminal(t)) return;
	const cwd = await temporaryDirectory(t);
	const { stdout } = await runInTerminal(program(20), { columns: 80, cwd, environment: { TERM: "dumb" } });
	t.regex(stdout, /^epoch 1 of 2\r\n20\/20 points, .* points\/s, 0 s left, loss 0.1234 {2}accuracy 98.7 %\r\nend\r\n$/);
});

test("a sweep and render end with a small picture in a terminal, in colours or without, and without where it is not wanted", async (t) => {
	if (withoutTerminal(t)) return;
	const cwd = await temporaryDirectory(t);
	const call = (script: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
		runInTerminal([join(root, "scripts", script), ...args, "--formats", "svg"], { columns: 60, cwd, environment });
	const line = ["--samples", "4", "--x=-1:1:3", "--y", "none", "--threads", "1", "--out", "run"];
	const plane = join(root, "test", "golden", "version-1", "plane.msgpack");
	const [swept, coloured, plain, none] = await Promise.all([
		call("sweep.js", line),
		call("render.js", [plane, "--out", "a"], { COLORTERM: "truecolor" }),
		call("render.js", [plane, "--out", "b"], { NO_COLOR: "1" }),
		call("render.js", [plane, "--out", "c", "--no-preview"]),
	]);
	t.is(swept.code, 0, swept.stdout);
	t.regex(swept.stdout, /│[^│]*[\u2800-\u28ff][\s\S]*\+ lowest, [\s\S]*digest/);
	t.regex(coloured.stdout, /│\S*38;2;[\s\S]*\+ lowest, /);
	t.regex(plain.stdout, /│[^│]*[\u2800-\u28ff]/);
	t.false(/\d[m;]/.test(plain.stdout), "no colours");
	t.is(none.code, 0);
	t.false(none.stdout.includes("│"));
});
