import { initialize } from "../../src/network/initialize.js";
import { parameterLayout } from "../../src/network/parameters.js";
import { affineSection } from "../../src/section/affine.js";
import { randomDirection } from "../../src/section/random.js";
import type { Problem } from "../../src/sweep/problem.js";
import { tinyCnn, tinyData } from "../fixtures.js";

/** A plane around a small network, of which a point takes a millisecond. */
export function tinyProblem(seed = 1): Problem {
	const graph = tinyCnn();
	const state = initialize(graph, seed);
	const draw = (axis: "x" | "y") => ({
		parameters: randomDirection(axis, state.parameters, parameterLayout(graph), {
			seed: 1,
			norm: "filter",
			bias: "zero",
		}),
	});
	return {
		graph,
		section: affineSection(state, [draw("x"), draw("y")], []),
		data: tinyData(200),
		loss: "softmax-cross-entropy",
		probes: ["loss", "accuracy"],
		batchNorm: "running",
		precision: "fast",
	};
}
