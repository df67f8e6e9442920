import { canonicalJson, sha256 } from "../exact/index.js";
import { type OptimizerName, version } from "../index.js";

/** A network that a figure needs, by how it comes about. */
export type NetworkRecipe = TrainedNetwork | InitialNetwork | RescaledNetwork;

/** Trained from fresh parameters on MNIST, with dropout where the network has it. */
export interface TrainedNetwork {
	readonly kind: "trained";
	readonly model: string;
	readonly samples: number | "all";
	/** How many test samples it is tried on after each epoch. */
	readonly testSamples: number | "all";
	readonly optimizer: OptimizerName;
	readonly learningRate: number;
	readonly batchSize: number;
	readonly epochs: number;
	readonly seed: number;
}

/** The fresh parameters from which a training with that seed starts. */
export interface InitialNetwork {
	readonly kind: "initial";
	readonly model: string;
	readonly seed: number;
}

/** The same function by other parameters: a layer times a factor, the next divided by it. */
export interface RescaledNetwork {
	readonly kind: "rescaled";
	readonly of: TrainedNetwork;
	readonly kernel: string;
	readonly factor: number;
}

/** What a network is called in the folder: for people, and with a digest so that other settings have another name. */
export function networkName(recipe: NetworkRecipe): string {
	const digest = sha256(canonicalJson({ ...recipe, version })).slice(0, 8);
	switch (recipe.kind) {
		case "trained":
			return `${recipe.model}-${recipe.optimizer}-batch${recipe.batchSize}-${digest}`;
		case "initial":
			return `${recipe.model}-initial-${digest}`;
		case "rescaled":
			return `${recipe.of.model}-rescaled-${digest}`;
	}
}

/** The name of the zoo under which a network is built. */
export function modelOf(recipe: NetworkRecipe): string {
	return recipe.kind === "rescaled" ? recipe.of.model : recipe.model;
}

/** How many networks of a training are kept, its start and its end besides. */
const SNAPSHOTS = 24;

/** How many images MNIST has to train on. */
const ALL = 60_000;

/** Over how many steps a training keeps its network. */
export function snapshotsOf({ samples, batchSize, epochs }: TrainedNetwork): number {
	const steps = epochs * Math.ceil((samples === "all" ? ALL : samples) / batchSize);
	return Math.ceil(steps / SNAPSHOTS);
}

/** Where the networks of a training lie, beside the one that it ended with. */
export function trajectoryOf(path: string): string {
	return path.replace(/\.safetensors$/, ".trajectory.msgpack");
}
