import test from "ava";
import { startStages } from "../../src/cli/progress.js";

test.serial(
	"stages that follow each other say their names and ends in lines of their own, and nothing when quiet",
	(t) => {
		const lines: string[] = [];
		const { error } = console;
		const { isTTY } = process.stderr;
		console.error = (line: string) => lines.push(line);
		process.stderr.isTTY = false;
		try {
			for (const quiet of [false, true]) {
				const stages = startStages(quiet);
				stages.update({ stage: "eigenvalues", done: 1, total: 2, unit: "products", note: "largest 3" });
				stages.update({ stage: "eigenvalues", done: 2, total: 2, unit: "products", note: "largest 4" });
				stages.update({ stage: "trace", done: 8, total: 8, unit: "probes", note: "" });
				stages.stop();
			}
		} finally {
			console.error = error;
			process.stderr.isTTY = isTTY;
		}
		t.is(lines.length, 2);
		t.regex(lines[0] ?? "", /^eigenvalues: 2\/2 products, .* products\/s, 0 s left, largest 4$/);
		t.regex(lines[1] ?? "", /^trace: 8\/8 probes, 0 s left$/, "of what comes all at once there is no rate");
	},
);
