import test from "ava";
import { OptionError } from "../../src/errors.js";
import { align } from "../../src/index.js";
import { initialize } from "../../src/network/initialize.js";
import { tinyCnn, tinyData } from "../fixtures.js";

const graph = tinyCnn();
const a = { graph, state: initialize(graph, 1) };

test("networks in memory are aligned, and stay as they are themselves", async (t) => {
	const b = initialize(graph, 2);
	const copy = structuredClone(b);
	const told: string[] = [];
	const result = await align({
		...{ a, b, data: tinyData(16), restarts: 3, seed: 5 },
		onProgress: ({ done, total, note }) => told.push(`${done}/${total} ${note}`),
	});
	t.deepEqual(b, copy);
	t.is(result.original, b);
	t.is(result.network.state, a.state);
	t.deepEqual(result.state.parameters.toSorted(), b.parameters.toSorted());
	t.true(result.distance.after < result.distance.before);
	t.is(new Set(Object.values(result.digests)).size, 3);
	t.is(told.length, 3);
	t.regex(told[2] ?? "", /^3\/3 Σ A∘B \S+ to \S+$/);
	const again = await align({ a, b: { graph, state: b }, data: tinyData(16), restarts: 3, seed: 5 });
	t.is(again.digests.aligned, result.digests.aligned);
});

for (const [why, request, message] of [
	["no network", {}, "a: expected a file, init:SEED, a network or the state of one, got undefined"],
	["one alone", { a }, "b: expected a file, init:SEED, a network or the state of one, got undefined"],
	["a number", { a, b: 5 }, 'b: expected a file, init:SEED, a network or the state of one, got "5"'],
	["a misspelt option", { a, b: "init:2", restart: 5 }, "restart: no such option; did you mean restarts?"],
	["no search", { a, b: "init:2", restarts: 0 }, 'restarts: expected a whole number from 1, got "0"'],
] as const)
	test(`align is refused ${why}, in a line`, async (t) => {
		const asked = { data: tinyData(4), ...request } as unknown as Parameters<typeof align>[0];
		await t.throwsAsync(align(asked), { instanceOf: OptionError, message });
	});
