import type { Dataset } from "../data/dataset.js";
import { OptionError } from "../errors.js";
import type { Graph } from "./graph.js";
import type { Family, ImageTask } from "./zoo/family.js";
import { mlpFamily } from "./zoo/mlp.js";
import { mnistCnnFamily } from "./zoo/mnist-cnn.js";
import { resnetFamily } from "./zoo/resnet.js";
import { vggSmallFamily } from "./zoo/vgg-small.js";

export { mnistCnn } from "./zoo/mnist-cnn.js";

/** The networks isoloss knows by name: one file and one line a family. */
const families: readonly Family[] = [mnistCnnFamily, mlpFamily, resnetFamily, vggSmallFamily];

/** How names are written, for people. */
export const modelNames = families.map(({ syntax }) => syntax);

/**
 * A network of the zoo.
 *
 * @param name such as `mnist-cnn-w0.5`, `mlp-256-128`, `resnet-20-noskip`, `vgg-small`
 * @param task what it is to tell apart; ten classes of MNIST's images where nothing is said
 * @throws {OptionError} listing the names there are
 */
export function modelByName(name: string, task: ImageTask = { sampleShape: [28, 28, 1], classes: 10 }): Graph {
	for (const { pattern, build } of families) {
		const match = name.match(pattern);
		const graph = match && build(match, task);
		if (graph) return graph;
	}
	throw new OptionError("--model", `expected one of ${modelNames.join(", ")}, got "${name}"`);
}

/** What labelled images ask a network to tell apart; ten classes at least, so that a few samples of MNIST ask for no less. */
export function taskOf({ sampleShape, classes = 10 }: Pick<Dataset, "sampleShape" | "classes">): ImageTask {
	const [height = 1, width = 1, channels = 1] = sampleShape;
	return { sampleShape: [height, width, channels], classes: Math.max(10, classes) };
}
