import { writeFileSync } from "node:fs";
import { uniform } from "./network.js";

/** Few: what samples and activations take is to be small beside what parameters take. */
export const SAMPLES = 4;
const HIDDEN = 5;
const FEATURES = 784;

/** Even numbers and a class each, under a line of names. */
export function samplesAsCsv() {
	const next = uniform(4);
	const line = (_, i) => [...Array.from({ length: FEATURES }, () => next().toFixed(4)), i].join();
	const names = Array.from({ length: FEATURES }, (_, i) => `x${i}`);
	return [[...names, "label"].join(), ...Array.from({ length: SAMPLES }, line)].join("\n");
}

/** Hidden layers of one width with a relu each, ten classes. */
export async function writeNetwork(path, millions) {
	const { Draft } = await import("./draft.js");
	// h² · (HIDDEN - 1) + h · (FEATURES + 10) = parameters, without the biases, which are few.
	const [a, b] = [HIDDEN - 1, FEATURES + 10];
	const width = Math.round((Math.sqrt(b * b + 4 * a * millions * 1e6) - b) / (2 * a));
	const draft = new Draft(3);
	let x = "x";
	for (let layer = 0; layer < HIDDEN; layer++)
		x = draft.node("Relu", [draft.linear(x, layer === 0 ? FEATURES : width, width)]);
	writeFileSync(path, draft.finish({ shape: [FEATURES] }, draft.linear(x, width, 10)));
}
