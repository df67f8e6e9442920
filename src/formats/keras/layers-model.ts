import { OptionError } from "../../errors.js";
import type { Network } from "../../network/network.js";
import type { NamedTensor } from "../../network/parameters.js";
import { kerasNetwork } from "./index.js";

/** What is read of a TensorFlow.js LayersModel in memory; those of `@tensorflow/tfjs-layers` fit. */
export interface LayersModelLike {
	readonly name: string;
	/** The topology as `model.json` holds it. */
	toJSON(unused: null, returnString: false): unknown;
	readonly weights: readonly {
		/** As it is saved; `name` may carry a count that sets models in one process apart. */
		readonly originalName: string;
		read(): { readonly shape: readonly number[]; dataSync(): ArrayLike<number> };
	}[];
}

/** Whether something is a TensorFlow.js LayersModel. */
export function isLayersModel(value: unknown): value is LayersModelLike {
	if (value === null || typeof value !== "object") return false;
	return "toJSON" in value && typeof value.toJSON === "function" && "weights" in value && Array.isArray(value.weights);
}

/**
 * A TensorFlow.js LayersModel in memory as a network: the same as of the files that it saves.
 *
 * @throws {OptionError} when it is no LayersModel
 * @throws {GraphError}  listing all layers that can't be carried out
 */
export function fromLayersModel(model: LayersModelLike): Network {
	if (!isLayersModel(model)) throw new OptionError("network", "expected a LayersModel of TensorFlow.js");
	const tensors = model.weights.map((weight): [string, NamedTensor] => {
		const tensor = weight.read();
		return [weight.originalName, { shape: [...tensor.shape], values: Float32Array.from(tensor.dataSync()) }];
	});
	return kerasNetwork(model.toJSON(null, false), new Map(tensors), model.name);
}
