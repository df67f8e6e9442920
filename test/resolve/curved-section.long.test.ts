import { join } from "node:path";
import test from "ava";
import { OptionError } from "../../src/errors.js";
import { sweep } from "../../src/landscape.js";
import type { PlaneOptions } from "../../src/options/plane/index.js";
import { resolve } from "../../src/resolve/index.js";
import { dot, norm } from "../../src/section/products.js";
import { inMemory } from "../../src/section/vector.js";
import { root } from "../fixtures.js";
import { referenceOf } from "../references.js";

const file = (network: string, name: string) => join(root, "test", "corpus", "pytorch", network, name);
const network = (name: string) => ({
	...{ model: file(name, "a.onnx"), data: file(name, "data.npz"), samples: "all" as const },
});
const near = (value: number | undefined, wanted: number | undefined, relative: number) =>
	Math.abs((value ?? Number.NaN) - (wanted ?? 0)) <= relative * Math.abs(wanted ?? 0);

for (const name of ["mlp", "regression", "resnet8"])
	test(`along the eigenvectors of ${name} the plane bends by their eigenvalues, which stand on its axes`, async (t) => {
		const reference = await referenceOf(name);
		if (reference === undefined) {
			t.pass("left out: the references are not at hand");
			return;
		}
		const request = {
			...network(name),
			directions: "hessian",
			...{ x: { min: -0.1, max: 0.1, steps: 3 }, y: { min: -0.1, max: 0.1, steps: 3 } },
			fields: ["loss", "slope-x", "slope-y", "in-plane-curvature"],
		} as const;
		const { surface, origin, cosine, digest } = await sweep({ ...request, threads: 2 });
		const [first, second] = reference.hessian.top;
		t.true(near(origin["curvature-xx"], first, 1e-4), `${origin["curvature-xx"]} is not ${first}`);
		t.true(near(origin["curvature-yy"], second, 1e-3), `${origin["curvature-yy"]} is not ${second}`);
		t.true(Math.abs(origin["curvature-xy"] ?? 1) < 1e-3 * (first ?? 0));
		t.true(Math.abs(cosine ?? 1) < 1e-5);
		// The loss falls to the right and upwards.
		t.true((origin["slope-x"] ?? 1) <= 0 && (origin["slope-y"] ?? 1) <= 0);
		const [x = "", y = ""] = surface.provenance.axisLabels ?? [];
		t.true(near(Number(/^eigenvector 1, λ = (.*)$/.exec(x)?.[1]), first, 1e-3), x);
		t.true(near(Number(/^eigenvector 2, λ = (.*)$/.exec(y)?.[1]), second, 1e-3), y);
		t.is((await sweep({ ...request, threads: 1 })).digest, digest);
	});

const kinds = ["hessian", "hessian:top,bottom", "gradient", "gradient,curvature"] as const;
for (const directions of kinds)
	test(`axes of directions ${directions} have length 1, stand at right angles and reach as far as the parabola says`, async (t) => {
		const { problem, grid, axisLabels } = await resolve({ ...network("mlp"), directions });
		const [, x = new Float32Array(), y = new Float32Array()] = problem.section.vectors;
		t.true(Math.abs(norm(x) - 1) < 1e-6 && Math.abs(norm(y) - 1) < 1e-6);
		t.true(Math.abs(dot(x, y)) < 1e-5);
		t.is(axisLabels?.length, 2);
		for (const axis of grid.axes) t.true(axis.min === -axis.max && axis.max <= 2 && axis.steps === 25);
		// √(2 (0.6067 + 1) / 1.937) = 1.288, in two digits; along the gradient, √(2 · 1.6067 / 0.0771) is beyond 2.
		t.is(grid.axes[0].max, directions.startsWith("hessian") ? 1.3 : 2);
	});

test("along the gradient the slope is its length, downhill", async (t) => {
	const reference = await referenceOf("mlp");
	if (reference === undefined) {
		t.pass("left out: the references are not at hand");
		return;
	}
	const { origin } = await sweep({
		...{ ...network("mlp"), directions: "gradient", y: null, x: { min: 0, max: 1, steps: 2 } },
		fields: ["loss", "slope-x", "in-plane-curvature"],
	});
	t.true(near(origin["slope-x"], -reference.theta0.gradientNorm, 1e-5), `${origin["slope-x"]}`);
	t.true(near(origin["curvature-xx"], reference.theta0.gradientHgradientNormalised, 1e-4));
});

test("what does not move stays out of eigenvectors, and a normalisation is said to have changed them", async (t) => {
	const only = await resolve({ ...network("mlp"), directions: "hessian", only: "4.*" });
	const [, x = new Float32Array()] = only.problem.section.vectors.map(inMemory);
	const sizes = only.network.graph.parameters.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
	const held = sizes.slice(0, 4).reduce((sum, size) => sum + size, 0);
	t.true(x.subarray(0, held).every((part) => part === 0));
	t.true(Math.abs(norm(x) - 1) < 1e-6);
	const scaled = await resolve({ ...network("mlp"), directions: "hessian", norm: "filter" });
	t.true(scaled.assumptions.some((line) => line.includes("norm filter has scaled them")));
	t.deepEqual(scaled.axisLabels, ["eigenvector 1, norm filter", "eigenvector 2, norm filter"]);
});

test("other networks and statistics of the batch don't go with directions of curvature", async (t) => {
	const refused = (given: PlaneOptions, message: RegExp) =>
		t.throwsAsync(resolve({ ...network("resnet8"), samples: 4, directions: "hessian", ...given }), {
			instanceOf: OptionError,
			message,
		});
	await refused({ to: "init:1" }, /only with directions interpolate or plane/);
	await refused({ batchNorm: "batch" }, /expected running or fixed for directions hessian/);
});
