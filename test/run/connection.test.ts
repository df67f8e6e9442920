import test from "ava";
import { pickSamples } from "../../src/data/dataset.js";
import { sweep } from "../../src/landscape.js";
import { initialize } from "../../src/network/initialize.js";
import { fieldNamed } from "../../src/surface/surface.js";
import { PoolExecutor } from "../../src/sweep/pool.js";
import { tinyCnn, tinyData } from "../fixtures.js";

const graph = tinyCnn();
const [a, b] = [initialize(graph, 1), initialize(graph, 2)];
const request = {
	network: { graph, state: a },
	to: b,
	directions: "interpolate",
	x: { min: 0, max: 1, steps: 5 },
} as const;

test("a line's barrier has the standard error that its samples, each swept alone, give in pairs", async (t) => {
	const data = tinyData(24);
	const executor = new PoolExecutor({ threads: 2 });
	try {
		const { connection, barrier, surface } = await sweep({ ...request, data, executor });
		const { loss, error } = connection ?? {};
		t.is(loss?.height, barrier?.height);
		const single = await Promise.all(
			Array.from({ length: data.samples }, async (_, i) => {
				const one = await sweep({ ...request, data: pickSamples(data, Uint32Array.of(i)), executor });
				return (field: string) => fieldNamed(one.surface, field).values;
			}),
		);
		const expected = (field: string, alpha: number) => {
			const rises = single.map((of) => {
				const values = of(field);
				return (values[4 * alpha] ?? 0) - (1 - alpha) * (values[0] ?? 0) - alpha * (values[4] ?? 0);
			});
			const mean = rises.reduce((sum, rise) => sum + rise, 0) / rises.length;
			const variance = rises.reduce((sum, rise) => sum + (rise - mean) ** 2, 0) / (rises.length - 1);
			return Math.sqrt(variance / rises.length);
		};
		const highest = Array.from(fieldNamed(surface, "loss").values.subarray(1, 4), (value, i) => {
			const values = fieldNamed(surface, "loss").values;
			const at = (i + 1) / 4;
			return { at, rise: value - (1 - at) * (values[0] ?? 0) - at * (values[4] ?? 0) };
		}).reduce((best, other) => (other.rise > best.rise ? other : best));
		t.true(Math.abs((loss?.standardError ?? 9) / expected("loss", highest.at) - 1) < 1e-6);
		t.true((error?.height ?? 0) >= 0 && (error?.height ?? 0) <= 1);
		if ((error?.height ?? 0) > 0)
			t.true(Math.abs((error?.standardError ?? 9) - expected("accuracy", error?.alpha ?? 0)) < 1e-9);
	} finally {
		await executor.close();
	}
});

test("of a line to the network itself nothing rises, and the two are connected", async (t) => {
	const { connection } = await sweep({
		...request,
		to: { ...a, parameters: a.parameters.slice() },
		data: tinyData(24),
	});
	t.is(connection?.verdict, "connected");
	for (const { height, standardError } of [connection?.loss, connection?.error].map((each) => ({ ...each }))) {
		t.is(height, 0);
		t.true((standardError ?? 1) < 1e-12);
	}
});

test("a plane, and a line along a random direction, connect nothing", async (t) => {
	const { network, x } = request;
	const { connection } = await sweep({ network, x, y: null, data: tinyData(8) });
	t.is(connection, null);
});
