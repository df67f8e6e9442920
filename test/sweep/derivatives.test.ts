import { join } from "node:path";
import test from "ava";
import { resolve } from "../../src/resolve/index.js";
import type { SweepRequest } from "../../src/resolve/request.js";
import { PointEvaluator } from "../../src/sweep/point.js";
import { root } from "../fixtures.js";
import { type Reference, referenceOf } from "../references.js";

const file = (network: string, name: string) => join(root, "test", "corpus", "pytorch", network, name);

async function fieldsAt(request: SweepRequest, at: readonly number[]): Promise<Record<string, number>> {
	const { problem, fields } = await resolve(request);
	const evaluator = await PointEvaluator.create(problem);
	const values = await evaluator.evaluate(at);
	evaluator.release();
	return Object.fromEntries(fields.map(({ name }, i) => [name, values[i] ?? Number.NaN]));
}

const all = ["loss", "gradient-norm", "slope-x", "slope-y", "in-plane-curvature", "max-eigenvalue", "min-eigenvalue"];

/** The derivatives along the sides of the plane, from those along unit vectors. */
function expected({ directions }: Reference, { gradientNorm, slope, vHv, uHw, loss }: Reference["theta0"]) {
	const [x, y] = [directions["b-a"].norm, directions["c-a"].norm];
	return {
		loss,
		"gradient-norm": gradientNorm,
		"slope-x": slope["b-a"] * x,
		"slope-y": slope["c-a"] * y,
		"curvature-xx": vHv["b-a"] * x * x,
		"curvature-xy": uHw * x * y,
		"curvature-yy": vHv["c-a"] * y * y,
	};
}

for (const name of ["mlp", "regression", "transformer", "vgg", "resnet8"])
	for (const precision of ["fast", "exact"] as const)
		test(`${precision}: fields of ${name} on the plane through three networks are PyTorch's derivatives in float64`, async (t) => {
			const reference = await referenceOf(name);
			if (reference === undefined) {
				t.pass("left out: the references are not at hand");
				return;
			}
			const plane: SweepRequest = {
				...{ model: file(name, "a.onnx"), data: file(name, "data.npz"), samples: "all", precision },
				...{ directions: "plane", to: [file(name, "b.onnx"), file(name, "c.onnx")], batchNorm: "fixed" },
				fields: all,
			};
			const { hessian, theta0, midpoint } = reference;
			const [highest = 0] = hessian.top;
			const origin = await fieldsAt(plane, [0, 0]);
			// Settled to a hundredth of the largest; the nearer end of a spectrum with a gap is far better than that.
			t.true(Math.abs((origin["max-eigenvalue"] ?? 0) - highest) <= 1e-2 * highest, `${origin["max-eigenvalue"]}`);
			t.true(
				Math.abs((origin["min-eigenvalue"] ?? 0) - (hessian.bottom[0] ?? 0)) <= 2e-2 * highest,
				`${origin["min-eigenvalue"]} is not ${hessian.bottom[0]}`,
			);
			const middle = await fieldsAt({ ...plane, fields: all.slice(0, 5) }, [0.5, 0]);
			for (const [found, of] of [
				[origin, theta0],
				[middle, midpoint],
			] as const) {
				const wanted = expected(reference, of);
				// Of second derivatives, rounding is as large as the parts that cancel.
				const size = Math.max(
					...["xx", "xy", "yy"].map((axes) => Math.abs(wanted[`curvature-${axes}` as "curvature-xx"])),
				);
				for (const [field, value] of Object.entries(wanted)) {
					const error = Math.abs((found[field] ?? Number.NaN) - value);
					const bound = field.startsWith("curvature") ? 1e-4 * size : 1e-4 * Math.abs(value);
					t.true(error <= bound, `${field}: ${found[field]} is not ${value}`);
				}
			}
		});
