import { join } from "node:path";
import test from "ava";
import { runIsoloss, temporaryDirectory } from "../fixtures.js";
import { axis, surfaceOf } from "../render/surfaces.js";
import { store } from "./stored.js";

test.serial(
	"doctor prints a heading a question, the worst first, and is no failure where pictures are wrong",
	async (t) => {
		const cwd = await temporaryDirectory(t);
		const plane = axis(0.5, 1, 9);
		await store(
			join(cwd, "beside"),
			surfaceOf(plane, plane, (x, y) => 1 + x * x + y * y),
		);
		const { code, stdout, stderr } = await runIsoloss(["doctor", "beside", "--quick"], cwd);
		t.is(code, 0, stderr);
		const [first, , heading, text, command] = stdout.split("\n");
		t.regex(first ?? "", /^beside: \d wrong/);
		t.regex(heading ?? "", /^\[wrong\] .*\?$/);
		t.regex(text ?? "", /^ {4}\S/);
		t.regex(`${command}\n${stdout}`, /^ {4}> isoloss sweep \.\.\. --x=-1:1:9 --y=-1:1:9$/m);
		t.regex(stdout, /^Not asked, since beside: expected a sweep/m);
		const json = await runIsoloss(["doctor", "beside", "beside", "--json", "--quick"], cwd);
		const told = JSON.parse(json.stdout);
		t.deepEqual(
			told.map(({ run }: { run: string }) => run),
			["beside", "beside"],
		);
		t.is(told[0].findings[0].verdict, "wrong");
		const none = await runIsoloss(["doctor", "gone"], cwd);
		t.is(none.code, 2);
		t.regex(none.stderr, /^gone: no such file/);
	},
);
