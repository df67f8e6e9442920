import test from "ava";
import { fuzz, targets } from "./fuzz.js";

/** As many as fit a test; `node dist/test/fuzz.js` tries 10,000 and more. */
const MUTATIONS = 300;

for (const target of targets()) {
	test(`${target.name}: damaged files are refused with a tagged error, or read, and nothing else`, (t) => {
		const { failures, slowest } = fuzz(target, MUTATIONS);
		t.deepEqual(failures, []);
		t.true(slowest < 5000, `one file took ${slowest} ms`);
	});
}
