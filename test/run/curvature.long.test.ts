import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import test from "ava";
import { curvature, GraphError, OptionError, RunMismatchError } from "../../src/index.js";
import { root, temporaryDirectory } from "../fixtures.js";
import { referenceOf } from "../references.js";

const network = (name: string) => ({
	model: join(root, "test", "corpus", "pytorch", name, "a.onnx"),
	data: join(root, "test", "corpus", "pytorch", name, "data.npz"),
	samples: "all" as const,
});

const near = (value: number, wanted: number, relative: number) =>
	Math.abs(value - wanted) <= relative * Math.abs(wanted);

for (const name of ["mlp", "regression", "transformer", "vgg", "resnet8"])
	test(`gradient, eigenvalues and secant curvature of ${name} are those of PyTorch in float64`, async (t) => {
		const reference = await referenceOf(name);
		if (reference === undefined) {
			t.pass("left out: the references are not at hand");
			return;
		}
		const found = await curvature({ ...network(name), steps: 60, scale: 2, threads: 2 });
		const { theta0, hessian } = reference;
		t.true(near(found.loss, theta0.loss, 1e-5), `${found.loss}`);
		t.true(near(found.gradientNorm, theta0.gradientNorm, 1e-5), `${found.gradientNorm}`);
		const largest = Math.max(...Object.values(theta0.gradientNormByTensor));
		for (const [tensor, length] of Object.entries(theta0.gradientNormByTensor)) {
			const own = found.gradientNorms[tensor];
			if (own !== undefined) t.true(Math.abs(own - length) <= 1e-5 * largest, tensor);
		}
		for (const [i, { value, settled }] of found.top.entries()) {
			t.true(settled);
			t.true(near(value, hessian.top[i] ?? Number.NaN, 1e-4), `${value} of ${hessian.top[i]}`);
		}
		for (const [i, { value, settled }] of found.bottom.entries())
			t.true(
				!settled || Math.abs(value - (hessian.bottom[i] ?? Number.NaN)) <= 2e-3 * (hessian.top[0] ?? 0),
				`${value}`,
			);
		const { top, second } = hessian.lossAlongVector;
		for (const [i, along] of [top, second].entries())
			for (const step of [0.1, 1]) {
				const at = (place: number) => along.find((each) => each.t === place)?.loss ?? Number.NaN;
				const wanted = (at(step) - 2 * theta0.loss + at(-step)) / step ** 2;
				const point = found.secant?.curves[i]?.points.find((each) => each.step === step);
				t.true(near(point?.value ?? Number.NaN, wanted, 1e-3), `${step}: ${point?.value} of ${wanted}`);
				t.true((point?.rounding ?? 1) < 1e-2 * Math.abs(wanted));
			}
	});

test("trace and sharpness of a small network are within their errors of float64", async (t) => {
	const reference = await referenceOf("regression");
	if (reference === undefined) {
		t.pass("left out: the references are not at hand");
		return;
	}
	const { trace, sharpness } = await curvature({ ...network("regression"), trace: true, sharpness: true, threads: 2 });
	const { trace: wanted } = reference.hessian;
	t.true(Math.abs((trace?.value ?? Number.NaN) - wanted) <= 3 * (trace?.standardError ?? 0) + 1e-4 * wanted);
	t.true((trace?.standardError ?? 1) <= 0.02 * wanted * 1.05 || trace?.probes === 100);
	const [low = 0, high = 0] = trace?.interval ?? [];
	t.true(Math.abs((low + high) / 2 - (trace?.value ?? 0)) < 1e-9);
	// Eight probes at least, a hundred at most: between 1.98 and 2.37 standard errors.
	const errors = (high - low) / 2 / (trace?.standardError ?? 0);
	t.true(errors > 1.98 && errors < 2.37, `${errors}`);
	const figure = (name: string, of: string) => sharpness?.[name]?.figures[of]?.value ?? Number.NaN;
	const sam = reference.sharpness.sam.find(({ rho }) => rho === 0.05);
	const asam = reference.sharpness.asam.values.find(({ rho }) => rho === 0.5);
	t.true(near(figure("sam", "linear"), sam?.linear ?? 0, 1e-4));
	t.true(near(figure("sam", "quadratic"), sam?.quadratic ?? 0, 1e-4));
	t.true(near(figure("sam", "step"), sam?.step ?? 0, 1e-4));
	t.true(figure("sam", "search") >= figure("sam", "step"));
	t.true(near(figure("asam", "linear"), asam?.linear ?? 0, 1e-4));
	t.true(near(figure("asam", "step"), asam?.step ?? 0, 1e-4));
	t.true(near(figure("fisher-rao", "squared"), reference.sharpness.fisherRao.thetaFisherTheta, 1e-4));
});

test("one thread and several give the same digest, and the same call with a directory computes nothing again", async (t) => {
	const directory = await temporaryDirectory(t);
	const what = { ...network("mlp"), top: 3, bottom: 1, steps: 20, trace: true, density: true, probes: 2, scale: 2 };
	const one = await curvature({ ...what, threads: 1, out: directory });
	const two = await curvature({ ...what, threads: 2 });
	t.is(one.digest, two.digest);
	let found = 0;
	const again = await curvature({
		...what,
		threads: 1,
		out: directory,
		onStart: (start) => {
			found = start.found;
		},
	});
	t.is(again.digest, one.digest);
	t.true(found > 20);
	await t.throwsAsync(curvature({ ...what, steps: 21, threads: 1, out: directory }), { instanceOf: RunMismatchError });
});

test("power iteration finds the eigenvalue of the largest size that Lanczos finds, and no lowest ones", async (t) => {
	const power = await curvature({ ...network("mlp"), method: "power", top: 2, steps: 100, threads: 1 });
	const lanczos = await curvature({ ...network("mlp"), top: 2, bottom: 0, threads: 1 });
	t.deepEqual([power.method, power.bottom], ["power", []]);
	for (const [i, { value, residual }] of power.top.entries())
		t.true(Math.abs(value - (lanczos.top[i]?.value ?? 0)) <= residual, `${value} ± ${residual}`);
	t.true(power.products > lanczos.products);
	await t.throwsAsync(curvature({ ...network("mlp"), method: "power", bottom: 1 }), { instanceOf: OptionError });
	await t.throwsAsync(curvature({ ...network("mlp"), top: 2, scale: 3 }), { instanceOf: OptionError });
});

test("a rescaling that leaves the function alone moves SAM and leaves ASAM and Fisher-Rao", async (t) => {
	const { sharpness, rescaled } = await curvature({
		...network("vgg"),
		top: 0,
		bottom: 0,
		samples: 16,
		sharpness: true,
		rescaled: 4,
		threads: 1,
	});
	const change = (name: string, figure: string) => {
		const [before = 0, after = 0] = [sharpness, rescaled].map((of) => of?.[name]?.figures[figure]?.value);
		return Math.abs(after - before) / Math.abs(before);
	};
	t.true(change("asam", "linear") < 1e-4);
	t.true(change("fisher-rao", "squared") < 1e-3);
	t.true(change("sam", "linear") > 1e-2);
	const refused = curvature({ ...network("regression"), top: 0, bottom: 0, sharpness: true, rescaled: 4, threads: 1 });
	await t.throwsAsync(refused, { instanceOf: OptionError, message: /a layer that relu or pooling alone parts/ });
});

test("what can't be differentiated or asked for is refused in a line", async (t) => {
	await t.throwsAsync(curvature({ ...network("mlp"), batchNorm: "batch" }), { instanceOf: OptionError });
	await t.throwsAsync(curvature({ ...network("mlp"), tolerance: 0 }), { instanceOf: OptionError });
	const directory = await temporaryDirectory(t);
	const module = join(directory, "loss.mjs");
	const add = "add: (total, { values }) => values.reduce((sum, value) => sum + value * value, total)";
	await writeFile(module, `export default { name: "squares", ${add} };`);
	const own = { ...network("mlp"), loss: pathToFileURL(module), top: 1, bottom: 0, steps: 10, threads: 1 };
	await t.throwsAsync(curvature(own), { instanceOf: GraphError, message: /squares has no derivative/ });
});

test("a loss of one's own that says itself as nodes has curvature: that of half the mean square is the built-in's", async (t) => {
	const directory = await temporaryDirectory(t);
	const module = join(directory, "loss.mjs");
	const text = `export default {
		name: "half-squares",
		takes: ["values"],
		add(total, { values, targets, width }) {
			let sum = total;
			for (let i = 0; i < values.length; i++) sum += (values[i] - targets[i]) ** 2 / 2 / width;
			return sum;
		},
		differentiable: {
			nodes(build, output, target) {
				const squares = build.affine(build.unary("square", build.sub(output, target)), 0.5);
				const axes = build.shape(squares).map((_, axis) => -1 - axis);
				return axes.length === 0 ? squares : build.node("reduce", [squares], { function: "mean", axes });
			},
			targets: ({ targets }) => Float32Array.from(targets),
		},
	};`;
	await writeFile(module, text);
	const common = { ...network("regression"), top: 2, bottom: 0, steps: 30, threads: 1 };
	const half = await curvature({ ...common, loss: pathToFileURL(module) });
	const whole = await curvature({ ...common, loss: "mse" });
	t.true(near(2 * half.loss, whole.loss, 1e-6));
	for (const [i, { value }] of half.top.entries()) t.true(near(2 * value, whole.top[i]?.value ?? 0, 1e-4));
});
