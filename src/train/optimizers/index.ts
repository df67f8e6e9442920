import { adadelta } from "./adadelta.js";
import { adam } from "./adam.js";
import { adamw } from "./adamw.js";
import { withWeightDecay } from "./decay.js";
import { momentum } from "./momentum.js";
import { nesterov } from "./nesterov.js";
import type { Optimizer } from "./optimizer.js";
import { rmsprop } from "./rmsprop.js";
import { sgd } from "./sgd.js";

export type { Optimizer } from "./optimizer.js";

/** An optimiser with the learning rate and weight decay that suit it for a start. */
export interface OptimizerEntry {
	/** @param decay the weight decay λ */
	readonly create: (decay: number) => Optimizer;
	readonly learningRate: number;
	readonly weightDecay: number;
}

const coupled = (optimizer: Optimizer, learningRate: number): OptimizerEntry => ({
	create: (decay) => withWeightDecay(optimizer, decay),
	learningRate,
	weightDecay: 0,
});

/** Every optimiser there is, one line each. */
export const optimizers = {
	adadelta: coupled(adadelta, 1),
	adam: coupled(adam, 0.001),
	adamw: { create: adamw, learningRate: 0.001, weightDecay: 0.01 },
	momentum: coupled(momentum, 0.01),
	nesterov: coupled(nesterov, 0.01),
	rmsprop: coupled(rmsprop, 0.001),
	sgd: coupled(sgd, 0.1),
} satisfies Record<string, OptimizerEntry>;

export type OptimizerName = keyof typeof optimizers;

export const optimizerNames = Object.keys(optimizers) as OptimizerName[];
