import test from "ava";
import { formatMeasures } from "../../src/export/measures.js";

test("a table of measures has all digits, empty fields for what is not determined, and quotes where commas are", (t) => {
	const text = formatMeasures([
		{ label: "a", digest: "d1", measures: { depth: 0.1 + 0.2, width: null } },
		{ label: 'b, "wide"', digest: "d2", measures: { depth: Number.POSITIVE_INFINITY, width: Number.NaN } },
	]);
	t.is(text, 'label,surface,depth,width\na,d1,0.30000000000000004,\n"b, ""wide""",d2,Infinity,NaN\n');
});
