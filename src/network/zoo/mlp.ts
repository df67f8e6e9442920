import type { Graph } from "../graph.js";
import type { Family, ImageTask } from "./family.js";
import { dense, denseParameters, flatten, relu } from "./layers.js";

/**
 * Dense layers with a relu after each but the last, fc1, fc2, ...
 *
 * @param widths of the hidden layers
 */
function mlp(widths: readonly number[], { sampleShape, classes }: ImageTask): Graph {
	const nodes = [flatten("f", "x")];
	for (const i of widths.keys()) {
		nodes.push(dense({ output: `h${i + 1}`, input: i === 0 ? "f" : `r${i}`, layer: `fc${i + 1}` }));
		nodes.push(relu(`r${i + 1}`, `h${i + 1}`));
	}
	const last = widths.length;
	nodes.push(dense({ output: "logits", input: `r${last}`, layer: `fc${last + 1}` }));
	return {
		name: `mlp-${widths.join("-")}`,
		inputs: [{ name: "x", shape: sampleShape }],
		nodes,
		parameters: [...widths, classes].flatMap((width, i) =>
			denseParameters(`fc${i + 1}`, i === 0 ? sampleShape : [widths[i - 1] ?? 0], width),
		),
		output: "logits",
	};
}

/** Beyond this a layer's parameters alone take gigabytes. */
const MAX_WIDTH = 16_384;

/** `mlp-256-128` for two hidden layers of those widths; `mlp` is the same network. */
export const mlpFamily: Family = {
	syntax: "mlp[-WIDTH-...]",
	pattern: /^mlp((?:-\d+)*)$/,
	build([, text = ""], task) {
		const widths = text === "" ? [256, 128] : text.slice(1).split("-").map(Number);
		return widths.every((width) => width >= 1 && width <= MAX_WIDTH) ? mlp(widths, task) : undefined;
	},
};
