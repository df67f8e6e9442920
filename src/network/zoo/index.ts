import { isText } from "../../check/values.js";
import { OptionError } from "../../errors.js";
import type { Graph } from "../graph.js";
import type { Family, ImageTask } from "./family.js";
import { mlpFamily } from "./mlp.js";
import { mnistCnnFamily } from "./mnist-cnn.js";
import { NO_SKIP, resnetFamily } from "./resnet.js";
import { vggSmallFamily } from "./vgg-small.js";

export { mnistCnn } from "./mnist-cnn.js";

/** The networks isoloss knows by name: one file and one line a family. */
const families: readonly Family[] = [mnistCnnFamily, mlpFamily, resnetFamily, vggSmallFamily];

/** How names are written, for people. */
export const modelNames = families.map(({ syntax }) => syntax);

const mnistTask: ImageTask = { sampleShape: [28, 28, 1], classes: 10 };

/**
 * A network of the zoo.
 *
 * @param name such as `mnist-cnn-w0.5`, `mlp-256-128`, `resnet-20-noskip`, `vgg-small`
 * @param task what it is to tell apart; ten classes of MNIST's images where nothing is said
 * @throws {OptionError} listing the names there are
 */
export function modelByName(name: string, task: ImageTask = mnistTask): Graph {
	isText("model", name);
	const graph = findModel(name, task);
	if (graph === undefined) throw new OptionError("model", `expected one of ${modelNames.join(", ")}, got "${name}"`);
	return graph;
}

function findModel(name: string, task: ImageTask): Graph | undefined {
	for (const { pattern, build } of families) {
		const match = name.match(pattern);
		const graph = match && build(match, task);
		if (graph) return graph;
	}
	return undefined;
}

/**
 * The name of a network with its shortcut connections removed: `resnet-20-noskip` for `resnet-20`.
 *
 * @throws {OptionError} where the name is none of the zoo, or of a network that has no shortcuts
 */
export function withoutShortcuts(name: string): string {
	const { name: known } = modelByName(name);
	if (known.endsWith(NO_SKIP)) return known;
	const plain = `${known}${NO_SKIP}`;
	if (findModel(plain, mnistTask) === undefined)
		throw new OptionError("noSkip", `expected a network with shortcuts, such as resnet-20, got "${name}"`);
	return plain;
}

/** What is known of labelled images: the shape of a sample, and how many classes there are where the source says it. */
export interface LabelledImages {
	readonly sampleShape: readonly number[];
	readonly classes?: number;
}

/** What labelled images ask a network to tell apart; ten classes at least, so that a few samples of MNIST ask for no less. */
export function taskOf({ sampleShape, classes = 10 }: LabelledImages): ImageTask {
	const [height = 1, width = 1, channels = 1] = sampleShape;
	return { sampleShape: [height, width, channels], classes: Math.max(10, classes) };
}
