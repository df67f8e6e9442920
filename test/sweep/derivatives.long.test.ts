import { join } from "node:path";
import test from "ava";
import { OptionError } from "../../src/errors.js";
import { sweep } from "../../src/landscape.js";
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

test("where running statistics move between two networks, slopes and curvature are those of the surface", async (t) => {
	const line: SweepRequest = {
		...{ model: file("resnet8", "a.onnx"), data: file("resnet8", "data.npz"), samples: 64, precision: "exact" },
		...{ directions: "interpolate", to: [file("resnet8", "b.onnx")], fields: ["loss", "slope-x"] },
	};
	const at = async (alpha: number) => (await fieldsAt(line, [alpha])).loss ?? Number.NaN;
	const { "slope-x": slope = Number.NaN } = await fieldsAt(line, [0.3]);
	const step = 1e-3;
	const difference = ((await at(0.3 + step)) - (await at(0.3 - step))) / (2 * step);
	t.true(Math.abs(slope - difference) <= 1e-2 * Math.abs(difference), `${slope} is not ${difference}`);
	// Without their part the slope would be another one.
	const { "slope-x": fixed = Number.NaN } = await fieldsAt({ ...line, batchNorm: "fixed" }, [0.3]);
	t.true(Math.abs(fixed - slope) > 0.1 * Math.abs(slope));
});

test("a sweep of derivatives has the same digest with one thread and with two, and in any order of points", async (t) => {
	const request = {
		...{ model: file("mlp", "a.onnx"), data: file("mlp", "data.npz"), samples: 20, fields: all },
		...{ x: { min: -1, max: 1, steps: 3 }, y: { min: -1, max: 1, steps: 3 } },
	};
	const [one, two] = [await sweep({ ...request, threads: 1 }), await sweep({ ...request, threads: 2 })];
	t.is(two.digest, one.digest);
	const alone = await fieldsAt(request, [1, -1]);
	for (const { name, values } of one.surface.fields) t.is(values[2], alone[name], name);
});

test("what no derivative can be had of is refused before any work", async (t) => {
	const network = { model: file("resnet8", "a.onnx"), data: file("resnet8", "data.npz"), samples: 4 };
	const refused = (request: SweepRequest, message: RegExp) =>
		t.throwsAsync(resolve({ ...network, ...request }), { instanceOf: OptionError, message });
	await refused({ fields: ["loss", "slope-y"], y: null }, /slope-y: expected a plane/);
	await refused(
		{ fields: ["loss", "gradient-norm"], batchNorm: "reestimate" },
		/expected --batch-norm running or fixed/,
	);
	await refused({ fields: ["gradient-norm"] }, /expected loss first/);
});

test("tensors that are frozen have no part in gradient norm and eigenvalues", async (t) => {
	const network = { model: file("mlp", "a.onnx"), data: file("mlp", "data.npz"), samples: "all" } as const;
	const reference = await referenceOf("mlp");
	if (reference === undefined) {
		t.pass("left out: the references are not at hand");
		return;
	}
	const tensors = reference.theta0.gradientNormByTensor;
	const only = "4.weight";
	const found = await fieldsAt({ ...network, only, fields: ["loss", "gradient-norm", "max-eigenvalue"] }, [0, 0]);
	t.true(Math.abs((found["gradient-norm"] ?? 0) - (tensors[only] ?? 0)) < 1e-5);
	// A block of the Hessian has no larger eigenvalue than the whole.
	t.true((found["max-eigenvalue"] ?? 9) < (reference.hessian.top[0] ?? 0));
});
