import test from "ava";
import { density } from "../../src/curvature/density.js";
import { noNotebook } from "../../src/curvature/notebook.js";
import { rademacher } from "../../src/curvature/trace.js";
import { hold, operatorOf } from "./operators.js";

const spectrum = Array.from({ length: 300 }, (_, i) => (i < 4 ? 10 - i : Math.cos(i) / 10));

test("a probe's first two moments are its Hutchinson value and the length of its image", async (t) => {
	const operator = operatorOf(spectrum);
	for (const steps of [2, 5, 40]) {
		const { probes } = await density(
			operator,
			{ length: 300, dimensions: 300, seed: 5, probes: 3, steps, hold },
			noNotebook,
		);
		for (const [probe, { nodes, weights }] of probes.entries()) {
			const z = rademacher(300, 5, probe, "densityProbes");
			const image = await operator(z);
			const moment = (power: number) => nodes.reduce((sum, node, i) => sum + (weights[i] ?? 0) * node ** power, 0);
			const hutchinson = image.reduce((sum, x, i) => sum + x * (z[i] ?? 0), 0);
			const square = image.reduce((sum, x) => sum + x * x, 0);
			t.true(Math.abs(moment(0) - 1) < 1e-6);
			t.true(Math.abs(moment(1) * 300 - hutchinson) < 1e-5 * Math.abs(hutchinson), `${steps}`);
			t.true(Math.abs(moment(2) * 300 - square) < 1e-5 * square);
		}
	}
});
