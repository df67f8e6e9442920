import test from "ava";
import { FileFormatError } from "../../src/errors.js";
import { sha256 } from "../../src/exact/digest.js";
import { arraysOf, assemble, dismantle, type NumberArray } from "../../src/queue/manifest.js";
import { tinyProblem } from "../sweep/tiny-problem.js";

test("a problem comes out of its manifest and arrays as it went in, to the bit", (t) => {
	const problem = { ...tinyProblem(), numbers: [-0, Number.NaN, Infinity, -Infinity, 0.1, 2 ** -1074], none: null };
	const { manifest, arrays } = dismantle(problem);
	const back = assemble(manifest, ({ digest }) => arrays.get(digest) as NumberArray);
	t.deepEqual(back, problem);
	t.true(Object.is((back as typeof problem).numbers[0], -0));
});

test("arrays are named by what they hold: the same one travels once, and a small one within the manifest", (t) => {
	const large = Float32Array.from({ length: 2000 }, (_, i) => i);
	const { manifest, arrays } = dismantle({
		a: large,
		b: Float32Array.from(large),
		c: [large],
		d: Int32Array.of(1, -1),
	});
	t.deepEqual([...arrays.keys()], [sha256(large)]);
	t.deepEqual(arraysOf(manifest), [{ kind: "Float32Array", digest: sha256(large), length: 2000, byteLength: 8000 }]);
	t.false(manifest.includes("1999"));
});

test("what is no plain data is refused, and so is what is no manifest", (t) => {
	t.throws(() => dismantle({ of: new Map() }), { instanceOf: TypeError });
	const refused = (manifest: string) =>
		t.throws(() => assemble(manifest, () => new Float32Array()), { instanceOf: FileFormatError, message: /^queue: / });
	refused("{");
	refused('{"a":{"$array":"Function","digest":"x","length":1}}');
	refused('{"a":{"$array":"Float32Array","digest":"../../etc/passwd","length":1}}');
	refused('{"a":{"$array":"Float32Array","bytes":"AAA="}}');
	refused("[".repeat(1000) + "]".repeat(1000));
});
