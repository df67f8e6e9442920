import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import test from "ava";
import fc from "fast-check";
import { quoted, sweepCommand } from "../../src/doctor/command-line.js";
import { checkOptions } from "../../src/options/plane/index.js";

test("a command has what was asked for, with what changes in its place", (t) => {
	const request = {
		...{
			model: "nets/a b.onnx",
			samples: "all",
			x: { min: -1, max: 1, steps: 9 },
			y: null,
			align: true,
			mean: [0.1, 0.2],
		},
		...{ to: ["b.pt", "init:1"], loss: pathToFileURL("/x/loss.js").href },
	};
	t.is(
		sweepCommand(request, { samples: 512, align: false, x: { min: 0, max: 1, steps: 3 } }),
		"isoloss sweep --model 'nets/a b.onnx' --samples 512 --x 0:1:3 --y none --mean 0.1,0.2 --to b.pt --to init:1 --loss /x/loss.js",
	);
	t.is(sweepCommand(request, { ...request, ...clear(request), seed: 3 }), "isoloss sweep --seed 3");
	t.is(sweepCommand(undefined, { x: { min: -1, max: 1, steps: 9 } }), "isoloss sweep ... --x=-1:1:9");
});

const clear = (request: object) => Object.fromEntries(Object.keys(request).map((name) => [name, undefined]));

test("whatever a word holds, a shell takes it as one and unchanged", (t) => {
	const words = fc
		.sample(
			fc.string({ minLength: 1 }).map((word) => word.replaceAll("\0", "")),
			60,
		)
		.filter((word) => word !== "");
	const { stdout } = spawnSync("sh", ["-c", `printf '%s\\0' ${words.map(quoted).join(" ")}`], { encoding: "utf8" });
	t.deepEqual(stdout.split("\0").slice(0, -1), words);
});

test("values of axes are read back as they were", (t) => {
	fc.assert(
		fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), fc.integer({ min: 2, max: 99 }), (half, steps) => {
			const x = { min: -half, max: half, steps };
			const written = /--x=(\S+)/.exec(sweepCommand({}, { x }))?.[1];
			t.deepEqual(checkOptions({ x: written } as never).x, x);
		}),
	);
});
