import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import fc from "fast-check";
import { formatHdf5, type Hdf5Array } from "../../src/formats/format-hdf5.js";
import { readHdf5Exactly } from "../../src/formats/hdf5.js";
import { formatNpz, parseNpz } from "../../src/formats/npz.js";
import { formatSafetensors, parseSafetensorsExactly } from "../../src/formats/safetensors.js";
import { root } from "../fixtures.js";

const shape = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });

/** Arrays of any shape in float64 and float32, every bit pattern of NaN but its sign and payload among them. */
const array = shape.chain((lengths) => {
	const size = lengths.reduce((product, length) => product * length, 1);
	const doubles = fc
		.array(fc.double(), { minLength: size, maxLength: size })
		.map((values) => Float64Array.from(values));
	const floats = fc.float32Array({ minLength: size, maxLength: size }).map((values) => Float32Array.from(values));
	return fc.oneof(doubles, floats).map((values) => ({ shape: lengths, values }));
});

const arrays = fc
	.dictionary(fc.stringMatching(/^[a-z][\w.]{0,8}$/), array, { minKeys: 1, maxKeys: 4 })
	.map((all) => new Map(Object.entries(all)));

test("float64 and float32 come back to the bit from .npz, .safetensors and .h5", async (t) => {
	await fc.assert(
		fc.asyncProperty(arrays, async (given) => {
			const plain = (
				found: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: ArrayLike<number> }>,
			) => new Map([...found].map(([name, { shape, values }]) => [name, { shape, values }]));
			t.deepEqual(plain(parseNpz(formatNpz(given), "a.npz")) as unknown, given);
			const { tensors } = parseSafetensorsExactly(formatSafetensors({ tensors: given, metadata: {} }), "a.safetensors");
			t.deepEqual(tensors as unknown, given);
			const { arrays: found } = readHdf5Exactly(await formatHdf5({ datasets: given }), "a.h5");
			t.deepEqual(new Map([...given.keys()].map((name) => [name, found.get(name)])) as unknown, given);
		}),
		{ numRuns: 30 },
	);
});

test("groups, texts and attributes of HDF5 come back", async (t) => {
	const one = { shape: [1], values: Float64Array.of(1), attributes: { name: "ü" } };
	const datasets = new Map<string, Hdf5Array | string>(Object.entries({ "a/b/0": one, "a/b/1": one, text: "häm" }));
	const { arrays, texts, attributes } = readHdf5Exactly(
		await formatHdf5({ datasets, attributes: { model: "m" } }),
		"a.h5",
	);
	t.deepEqual([...arrays.keys()], ["a/b/0", "a/b/1"]);
	t.is(attributes.get("a/b/1")?.name, "ü");
	t.is(attributes.get("")?.model, "m");
	t.is(texts.get("text"), "häm");
});

const run = promisify(execFile);

test("without the package h5wasm .h5 is refused in a line that says what to do, and all else is written", async (t) => {
	const hook = `export async function resolve(name, context, next) {
		if (name === "h5wasm") throw Object.assign(new Error("none"), { code: "ERR_MODULE_NOT_FOUND" });
		return next(name, context);
	}`;
	const text = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
	const register = text(`import { register } from "node:module"; register(${JSON.stringify(text(hook))});`);
	const library = pathToFileURL(join(root, "dist", "src", "export", "index.js")).href;
	const fixture = pathToFileURL(join(root, "dist", "test", "export", "holes.js")).href;
	const program = `
		const { exportSurface } = await import(${JSON.stringify(library)});
		const { surfaceWithHoles } = await import(${JSON.stringify(fixture)});
		const surface = surfaceWithHoles();
		console.log((await exportSurface(surface, "a.npz")).length > 0);
		await exportSurface(surface, "a.h5").catch(({ message }) => console.log(message));`;
	const { stdout } = await run(process.execPath, ["--import", register, "--input-type=module", "-e", program]);
	t.is(
		stdout,
		"true\nformat: expected the package h5wasm, which writes HDF5 files: npm install h5wasm (-g where isoloss is)\n",
	);
});
