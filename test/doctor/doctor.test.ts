import test from "ava";
import { verdicts } from "../../src/doctor/check.js";
import { checks } from "../../src/doctor/checks/index.js";
import { doctor } from "../../src/doctor/doctor.js";
import { InterruptedError } from "../../src/errors.js";
import { sweep } from "../../src/landscape.js";
import { axis, surfaceOf } from "../render/surfaces.js";
import { executor, mlp } from "./runs.js";

test.after.always(() => executor.close());

test("a run is asked all that there is, the worst comes first, and without evaluations the rest is told", async (t) => {
	const { surface } = await sweep({ ...mlp, x: { min: -40, max: 40, steps: 5 }, y: null, executor });
	const asked: string[] = [];
	const { findings, left } = await doctor(surface, {
		threads: 1,
		name: "runs/a",
		onCheck: (question) => asked.push(question),
	});
	t.is(left, null);
	t.is(asked.length, checks.length);
	const order = findings.map(({ verdict }) => verdicts.indexOf(verdict));
	t.deepEqual(
		order,
		order.toSorted((a, b) => a - b),
	);
	t.is(findings[0]?.verdict, "wrong");
	t.true(findings.some(({ name, verdict }) => name === "basin-width" && verdict === "wrong"));
	t.true(findings.some(({ name }) => name === "seeds"));
	// Of rounding no shape is spoken of.
	const tiny = await sweep({ ...mlp, x: { min: -1e-8, max: 1e-8, steps: 9 }, y: null, executor });
	const flat = await doctor(tiny.surface, { quick: true });
	t.deepEqual(
		flat.findings.filter(({ verdict }) => verdict === "wrong").map(({ name }) => name),
		["relief", "rounding"],
	);
	t.false(flat.findings.some(({ name }) => name === "spacing"));
	const quick = await doctor(surface, { quick: true });
	t.is(quick.left?.reason, "--quick evaluates nothing");
	t.deepEqual(
		quick.left?.questions,
		checks.filter(({ needs }) => needs === "evaluation").map(({ question }) => question),
	);
	t.true(quick.findings.some(({ name }) => name === "lengths"));
});

test("of a surface that nothing more is known of the surface alone is asked, and why is told", async (t) => {
	const plane = axis(-1, 1, 9);
	const { findings, left } = await doctor(
		surfaceOf(plane, plane, (x, y) => 1 + x * x + y * y),
		{ name: "mine" },
	);
	t.true(findings.length > 5 && findings.every(({ command = "isoloss" }) => command.startsWith("isoloss")));
	t.regex(left?.reason ?? "", /^mine: expected a sweep of networks and data in files/);
	t.is(left?.questions.length, checks.filter(({ needs }) => needs !== "surface").length);
});

test("files that are gone or have changed are told, and are no error; a signal is", async (t) => {
	const { surface } = await sweep({ ...mlp, x: { min: 0, max: 1, steps: 2 }, y: null, executor });
	const { provenance } = surface;
	const changed = (request: object) => ({
		...surface,
		provenance: { ...provenance, request: { ...provenance.request, ...request } },
	});
	const gone = await doctor(changed({ model: "gone.onnx" }), { quick: true });
	t.regex(gone.left?.reason ?? "", /gone\.onnx: no such file/);
	const other = await doctor(changed({ seed: 5 }), { quick: true });
	t.regex(other.left?.reason ?? "", /directions: [0-9a-f]{8} there, [0-9a-f]{8} here/);
	await t.throwsAsync(doctor(surface, { signal: AbortSignal.abort() }), { instanceOf: InterruptedError });
	await t.throwsAsync(doctor(surface, { quik: true } as never), {
		message: /^quik: no such option; did you mean quick\?/,
	});
});
