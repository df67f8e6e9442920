import { meanOfAll } from "../../network/graph-builder.js";
import type { NodeBuilder } from "../../network/ops/op.js";
import type { Loss } from "../loss.js";

/** A loss that is the mean over a sample's outputs of a function of the error. */
function meanOf(
	name: string,
	ofError: (error: number) => number,
	ofNode: (build: NodeBuilder, error: string) => string,
): Loss {
	return {
		name,
		takes: ["values"],

		add(total, { values, width, targets }) {
			let sum = total;
			for (let first = 0; first < values.length; first += width) {
				let sample = 0;
				for (let i = first; i < first + width; i++)
					sample += ofError((values[i] ?? Number.NaN) - (targets[i] ?? Number.NaN));
				sum += sample / width;
			}
			return sum;
		},

		differentiable: {
			nodes: (build, output, target) => meanOfAll(build, ofNode(build, build.sub(output, target))),
			targets: ({ targets }) => Float32Array.from(targets),
		},
	};
}

/** The mean of the squared errors. */
export const meanSquaredError = meanOf(
	"mse",
	(error) => error * error,
	(build, error) => build.unary("square", error),
);

/** The mean of the errors without their signs. */
export const meanAbsoluteError = meanOf("mae", Math.abs, (build, error) => build.unary("abs", error));

/** Where Huber's loss turns from the square to the line; PyTorch's default. */
const DELTA = 1;

/** Half the squared error up to 1, and from there on the error less a half. @see Huber 1964 */
export const huber = meanOf(
	"huber",
	(error) => {
		const size = Math.abs(error);
		return size <= DELTA ? (size * size) / 2 : DELTA * (size - DELTA / 2);
	},
	(build, error) => {
		const size = build.unary("abs", error);
		const inner = build.unary("clip", size, 0, DELTA);
		return build.add(build.affine(build.unary("square", inner), 0.5), build.affine(build.sub(size, inner), DELTA));
	},
);
