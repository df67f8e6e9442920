import { join } from "node:path";
import test from "ava";
import { permuted, randomPermutations } from "../../src/align/permute.js";
import { symmetryOf } from "../../src/align/symmetry.js";
import { OptionError } from "../../src/errors.js";
import { RandomStream } from "../../src/exact/random.js";
import { measureSurface, sweep } from "../../src/index.js";
import { initialize } from "../../src/network/initialize.js";
import { resolve } from "../../src/resolve/index.js";
import { root, tinyCnn, tinyData } from "../fixtures.js";

const graph = tinyCnn();
const network = { graph, state: initialize(graph, 1) };
const data = tinyData(16);

function shuffled(seed: number) {
	const symmetry = symmetryOf(graph);
	const orders = randomPermutations(symmetry.groups, new RandomStream(seed, "alignment"));
	return permuted(graph, symmetry, network.state, orders);
}

const line = { network, data, directions: "interpolate", x: { min: 0, max: 1, steps: 5 }, threads: 1 } as const;

test("between a network and itself in another order lies a barrier, and none once it is aligned", async (t) => {
	const to = shuffled(2);
	const before = measureSurface((await sweep({ ...line, to })).surface);
	t.true((before.barrier ?? 0) > 0);
	const { surface } = await sweep({ ...line, to, align: true });
	t.is(measureSurface(surface).barrier, 0);
	t.true(new Set(surface.fields[0]?.values).size === 1, "each point is the network itself");
	const apart = Number(distance(to.parameters, network.state.parameters).toPrecision(4));
	t.deepEqual(
		surface.provenance.assumptions.filter((each) => each.includes("aligned")),
		[`a state in memory is aligned to tiny-cnn: 2 of 2 groups of neurons moved, distance ${apart} to 0`],
	);
});

function distance(a: Float32Array, b: Float32Array): number {
	return Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0));
}

test("both other networks of a plane are aligned to the origin, and the plan says how", async (t) => {
	const folder = join(root, "test", "corpus", "pytorch", "mlp");
	const at = (name: string) => join(folder, `${name}.onnx`);
	const request = {
		model: at("a"),
		data: join(folder, "data.npz"),
		directions: "plane",
		to: [at("b"), at("c")],
		samples: 16,
	} as const;
	const [plain, aligned, other] = [
		await resolve(request),
		await resolve({ ...request, align: true }),
		await resolve({ ...request, align: true, seed: 3 }),
	];
	t.is(plain.plan.align, undefined);
	t.is(aligned.plan.align, "weight matching, seed 0, 10 restarts");
	t.is(other.plan.align, "weight matching, seed 3, 10 restarts");
	t.not(aligned.plan.directions, plain.plan.directions);
	t.true(aligned.caption.includes("aligned"));
	const told = aligned.assumptions.filter((each) => each.includes("aligned"));
	t.regex(
		told.join("\n"),
		/^b\.onnx is aligned to a\.onnx: 2 of 2 groups .*\nc\.onnx is aligned to a\.onnx: 2 of 2 groups /,
	);
});

for (const [why, request] of [
	["expected directions interpolate or plane with it, got random", {}],
	["expected directions interpolate or plane with it, got hessian", { directions: "hessian" }],
	["expected all tensors to move", { ...line, to: shuffled(2), freeze: "b" }],
	["expected all tensors to move", { ...line, to: shuffled(2), only: "k" }],
] as const)
	test(`align: ${why}, ${JSON.stringify(Object.keys(request))}`, async (t) => {
		const asked = { ...request, network, data, align: true };
		const { threads: _threads, ...rest } = asked as typeof asked & { readonly threads?: number };
		const error = await t.throwsAsync(resolve(rest), { instanceOf: OptionError });
		t.true(error.message.startsWith(`align: ${why}`), error.message);
	});
