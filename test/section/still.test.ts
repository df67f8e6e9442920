import test from "ava";
import { OptionError } from "../../src/errors.js";
import { initialize } from "../../src/network/initialize.js";
import { parameterLayout, slice } from "../../src/network/parameters.js";
import { namesMatching } from "../../src/network/patterns.js";
import { modelByName } from "../../src/network/zoo/index.js";
import { stillTensors } from "../../src/resolve/moving.js";
import { randomDirection } from "../../src/section/random.js";

const graph = modelByName("mlp-8-8");
const names = graph.parameters.map(({ name }) => name);
const layout = parameterLayout(graph);
const { parameters } = initialize(graph, 1);
const settings = { seed: 3, norm: "filter", bias: "zero" } as const;

test("a star in a pattern stands for anything, a question mark for a letter, all else for itself", (t) => {
	const found = (...patterns: string[]) => [
		...namesMatching(patterns, ["a.weight", "ab.weight", "axweight"], "freeze"),
	];
	t.deepEqual(found("a.weight"), ["a.weight"]);
	t.deepEqual(found("a*"), ["a.weight", "ab.weight", "axweight"]);
	t.deepEqual(found("a?.weight", "axweight"), ["ab.weight", "axweight"]);
	t.throws(() => found("weight"), {
		instanceOf: OptionError,
		message: /freeze: expected a pattern .*a\.weight.*got "weight"/,
	});
});

test("what is frozen has no part in a direction, and the others have the numbers that they have without it", (t) => {
	const [first = ""] = names;
	const free = randomDirection("x", parameters, layout, settings);
	const held = randomDirection("x", parameters, layout, { ...settings, still: new Set([first]) });
	for (const slot of layout.slots) {
		const [a, b] = [slice(free, slot), slice(held, slot)];
		if (slot.name === first) t.true(b.every((value) => value === 0));
		else t.deepEqual(b, a);
	}
});

test("scaled as a whole, a direction is as long as the parameters that move", (t) => {
	const [first = ""] = names;
	const held = randomDirection("x", parameters, layout, {
		...settings,
		norm: "whole",
		bias: "keep",
		still: new Set([first]),
	});
	const length = (vector: Float32Array) => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
	const moving = parameters.slice();
	for (const slot of layout.slots) if (slot.name === first) slice(moving, slot).fill(0);
	t.true(Math.abs(length(held) / length(moving) - 1) < 1e-6);
});

test("freeze and only leave the tensors that both allow, and refuse to leave none", (t) => {
	const { still } = stillTensors(graph, { freeze: "*.bias", only: ["fc1.*", "fc2.*"] });
	t.deepEqual([...still].sort(), ["fc1.bias", "fc2.bias", "fc3.bias", "fc3.weight"]);
	t.deepEqual([...stillTensors(graph, {}).still], []);
	t.throws(() => stillTensors(graph, { freeze: "*" }), {
		instanceOf: OptionError,
		message: /some tensor of .* to move/,
	});
});
