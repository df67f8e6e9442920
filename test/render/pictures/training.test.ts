import "../../../src/render/fonts.js";
import test from "ava";
import { renderTraining, trainingCurve } from "../../../src/render/pictures/training.js";

const options = { title: "Training of <x>", foot: "somewhere" };

/** A training of two epochs with three steps each. */
const history = {
	metric: { name: "accuracy", label: "accuracy", unit: "fraction" as const },
	losses: [8, 4, 2, 2, 1, 1],
	epochs: [1, 2].map((epoch) => ({
		epoch,
		step: 3 * epoch,
		trainLoss: 4,
		trainMetric: 0.5,
		testLoss: 2,
		testMetric: epoch === 1 ? 0.97 : 0.99,
	})),
};

test("the curve of a training says in words how it ended, and takes titles as they are", (t) => {
	const svg = trainingCurve(history, options);
	t.true(svg.includes("Training of &lt;x&gt;"));
	t.true(svg.includes("At the end: test loss 2, test accuracy 99 %."));
});

test("every test result has its dot", (t) => {
	const dots = trainingCurve(history, options).match(/<circle /g) ?? [];
	// Two epochs, loss and accuracy, and the symbols of both in the legend.
	t.is(dots.length, 2 * 2 + 2);
});

test("losses that are not finite leave a gap", (t) => {
	const gap = { ...history, losses: [8, 4, Number.NaN, 2, 1, 1] };
	const moves = (svg: string) =>
		(svg.match(/<path d="(M[^"]*L[^"]*)" fill="none" stroke="#0072b2"/)?.[1] ?? "").split("M");
	t.is(moves(trainingCurve(history, options)).length - 1, 1);
	t.is(moves(trainingCurve(gap, options)).length - 1, 2);
	t.false(trainingCurve(gap, options).includes("NaN"));
});

test("a training that has diverged from its first step on is drawn all the same", (t) => {
	const losses = history.losses.map(() => Number.NaN);
	const epochs = history.epochs.map((record) => ({ ...record, testLoss: Number.NaN, testMetric: 0.1 }));
	const svg = trainingCurve({ ...history, losses, epochs }, options);
	t.notRegex(svg.replace(/<desc.*<\/desc>/, ""), /NaN/);
});

test("a training's curves become the files that are asked for, under the name that is given", async (t) => {
	const usual = await renderTraining(history, options);
	t.deepEqual(
		usual.map(({ name }) => name),
		["training.svg", "training.png"],
	);
	const [svg, ...more] = await renderTraining(history, {
		...{ ...options, name: "seed-1", formats: ["svg"], theme: "transparent", bare: true, size: "3.25in" },
	});
	t.deepEqual([svg?.name, more.length], ["seed-1.svg", 0]);
	const drawing = String(Buffer.from(svg?.bytes ?? []));
	t.regex(drawing, /^<svg xmlns="[^"]*" width="3.25in" /);
	t.false(/(var|line|tinted)\(/.test(drawing), "every colour has its value");
	t.false(drawing.includes(`aria-label="${options.title}"`));
	await t.throwsAsync(renderTraining(history, { ...options, width: 600, size: "8cm" }), { message: /^size: / });
});
