import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { permuted, randomPermutations } from "../../src/align/permute.js";
import { symmetryOf } from "../../src/align/symmetry.js";
import { RandomStream } from "../../src/exact/random.js";
import { readMetadata, readNetwork, readWeights, writeWeights } from "../../src/formats/index.js";
import { root, run, temporaryDirectory } from "../fixtures.js";

const corpus = join(root, "test", "corpus", "pytorch");

interface BeforeAndAfter<Value> {
	readonly before: Value;
	readonly after: Value;
}

type Rise = BeforeAndAfter<{ readonly height: number }>;

interface Printed {
	readonly groups: readonly { readonly name: string; readonly size: number; readonly moved: number }[];
	readonly barriers: readonly { readonly statistics: string | null; readonly loss: Rise; readonly error: Rise }[];
	readonly distance: BeforeAndAfter<number>;
	readonly digests: { readonly a: string; readonly b: string; readonly aligned: string };
	readonly files: readonly string[];
}

test("a network in another order is put back, written, and has no barrier left but what statistics measured anew leave", async (t) => {
	const directory = await temporaryDirectory(t);
	const [a, data] = [join(corpus, "resnet8", "a.onnx"), join(corpus, "resnet8", "data.npz")];
	const { graph, state } = await readNetwork(a);
	const symmetry = symmetryOf(graph);
	const orders = randomPermutations(symmetry.groups, new RandomStream(4, "alignment"));
	const b = join(directory, "b.safetensors");
	await writeWeights(b, { graph, state: permuted(graph, symmetry, state, orders) });
	const given = ["--data", data, "--samples", "64", "--steps", "5", "--restarts", "2"];
	const { code, stdout, stderr } = await run(
		"align.js",
		[a, b, ...given, "--json", "--out", "c.safetensors"],
		directory,
	);
	t.is(code, 0, stderr);
	const found = JSON.parse(stdout) as Printed;
	t.deepEqual(await readWeights(join(directory, "c.safetensors"), { graph }), state);
	t.deepEqual(found.files, ["c.safetensors"]);
	t.is(found.digests.aligned, found.digests.a);
	t.is(found.distance.after, 0);
	t.deepEqual(
		found.barriers.map(({ statistics }) => statistics),
		["interpolated", "measured anew"],
	);
	for (const { loss, error } of found.barriers) {
		t.true(loss.before.height > 0.1 && error.before.height > 0.1);
		t.deepEqual([loss.after.height, error.after.height], [0, 0]);
	}
	const metadata = readMetadata(join(directory, "c.safetensors"));
	t.is(metadata.alignedTo, found.digests.a);
	t.is(metadata.alignedFrom, found.digests.b);
	t.is(JSON.parse(metadata.groups ?? "").length, symmetry.groups.length);
});

test("two trained networks come closer, and the line between them has a lower barrier; the same again gives the same file", async (t) => {
	const directory = await temporaryDirectory(t);
	const at = (name: string) => join(corpus, "mlp", name);
	const given = [at("a.onnx"), at("b.onnx"), "--data", at("data.npz"), "--steps", "9"];
	const first = await run("align.js", [...given, "--threads", "1", "--out", "one.safetensors"], directory);
	t.is(first.code, 0, first.stderr);
	t.regex(first.stdout, /^group +neurons +moved\n0\.weight +48 +\d+\n2\.weight +32 +\d+\n/);
	t.regex(first.stdout, /\nstays as it is: 0\.weight \(input x\)\nstays as it is: 4\.weight, 4\.bias \(output out\)\n/);
	const numbers = (label: string) => {
		const line = first.stdout.split("\n").find((each) => each.startsWith(label)) ?? "";
		return line
			.slice(label.length)
			.trim()
			.split(/ {2,}/)
			.map((cell) => Number(cell.split(" ")[0]));
	};
	for (const label of ["‖A − B‖", "barrier of the loss", "barrier of the error"]) {
		const [before = Number.NaN, after = Number.NaN] = numbers(label);
		t.true(after < 0.7 * before, `${label} ${before} ${after}`);
	}
	const again = await run("align.js", [...given, "--threads", "2", "--out", "two.safetensors", "--quiet"], directory);
	t.is(again.stderr, "");
	t.is(again.stdout.replace("two", "one"), first.stdout);
	t.deepEqual(await readFile(join(directory, "one.safetensors")), await readFile(join(directory, "two.safetensors")));
});

for (const [args, message] of [
	[["init:1"], /^network: expected two, A and B, got 1\n$/],
	[["init:1", "init:2", "init:3"], /^network: expected two, A and B, got 3\n$/],
	[["init:1", "none.pt"], /^none\.pt: no such file\n$/],
	[["init:1", "init:x"], /^b: expected a whole number from 0, got "x"\n$/],
	[["init:1", "init:2", "--restarts", "0"], /^--restarts: expected a whole number from 1, got "0"\n$/],
	[
		["init:1", "init:2", "--freeze", "x"],
		/^node scripts\/align\.js: unknown option '--freeze'; did you mean --resize\?\n$/,
	],
] as const)
	test(`align ${args.join(" ")} is refused in a line`, async (t) => {
		const { code, stderr } = await run("align.js", args, await temporaryDirectory(t));
		t.is(code, 2);
		t.regex(stderr, message);
	});
