import { RandomStream } from "../exact/random.js";
import { parameterLayout, putPart, type State, takePart } from "../network/parameters.js";
import type { Curve, CurveKind } from "../section/curve.js";
import { formPoint } from "../section/section.js";
import { weightings } from "../section/weights.js";
import type { ResumePoint } from "../store/training-state.js";
import { type Movable, stillOf } from "./movable.js";
import { optimizers } from "./optimizers/index.js";
import { startOf, type TrainOptions, weightDecayOf } from "./options.js";
import { stepsOf, type TrainProgress } from "./train.js";

/** What is trained: a curve that stays at both of its ends. */
export interface CurveOptions extends TrainOptions {
	/** The one end. */
	readonly start: State;
	/** The other. */
	readonly end: State;
	readonly kind: CurveKind;
	/** How many networks between the ends move. */
	readonly bends: number;
}

/** Over so many steps the places that are trained at are spread evenly, one in each part of the curve. */
const STRATA = 16;

/**
 * Where step number `step` is trained, 0 < t < 1: uniform, and of every sixteen steps one in each sixteenth of the curve, in random
 * order, so that the mean over the steps is nearer to that over the curve.
 */
export function placeOfStep(seed: number, step: number): number {
	const random = new RandomStream(seed, "curve", Math.floor(step / STRATA));
	const order = random.permutation(STRATA);
	const offsets = Float64Array.from({ length: STRATA }, () => random.uniform());
	const at = step % STRATA;
	return ((order[at] ?? 0) + (offsets[at] ?? 0)) / STRATA;
}

/**
 * Trains a curve between two networks, a step at a time: each step takes the gradient at a random place of it, θ(t) = Σ cⱼ(t)·wⱼ, and
 * moves the bends wⱼ by cⱼ(t) times that, which makes the mean loss over the curve smaller. Bends start evenly spaced on the straight
 * line. The weight decay is of the place, ½·λ·‖θ(t)‖², not of the bends; batch normalisation takes its statistics from the batch.
 * The same options give the same bytes, for any number of threads.
 *
 * @param from where an earlier start with the same options had got; its parameters are those of all bends, one after another
 * @see Garipov et al., NeurIPS 2018 (arXiv 1802.10026), sections 3.1 to 3.3
 */
export async function* curveSteps(options: CurveOptions, from?: ResumePoint): AsyncGenerator<TrainProgress> {
	const bends = from?.state.parameters.slice() ?? startOfBends(options);
	// The decay is part of the gradient at the place, whatever an optimiser would make of it at the bends.
	const optimizer = optimizers[options.optimizer].create(0);
	const move = (state: State) => movingCurve(options, bends, state);
	yield* stepsOf(options, startOf(options), optimizer, move, from);
}

/** The curve that bends, one after another in a vector, make between the ends; statistics of its bends lie between those of the ends. */
export function curveOf({ kind, bends, start, end }: CurveOptions, parameters: Float32Array): Curve {
	const length = start.parameters.length;
	const between = Array.from({ length: bends }, (_, i): State => {
		const statistics = new Float32Array(start.statistics.length);
		const share = (i + 1) / (bends + 1);
		formPoint(statistics, [start.statistics, end.statistics], [1 - share, share]);
		return { parameters: parameters.subarray(i * length, (i + 1) * length), statistics };
	});
	return { kind, networks: [start, ...between, end] };
}

/** All bends on the straight line. */
export function startOfBends({ bends, start, end }: CurveOptions): Float32Array {
	const length = start.parameters.length;
	const values = new Float32Array(bends * length);
	for (let i = 0; i < bends; i++) {
		const share = (i + 1) / (bends + 1);
		const own = values.subarray(i * length, (i + 1) * length);
		formPoint(own, [start.parameters, end.parameters], [1 - share, share]);
	}
	return values;
}

/** @param state the network of a step, which is formed from the bends anew */
function movingCurve(options: CurveOptions, bends: Float32Array, state: State): Movable {
	const { graph, kind, seed } = options;
	const decay = weightDecayOf(options);
	const whole = parameterLayout(graph);
	const moving = parameterLayout(graph, stillOf(options));
	const vectors = curveOf(options, bends).networks.map(({ parameters }) => parameters);
	/** The gradient at the place: of the tensors that move, and of all, where it is 0 for the others. */
	const place = new Float32Array(moving.length);
	const atPlace = new Float32Array(whole.length);
	const gradients = new Float32Array(bends.length);
	let weights: readonly number[] = [];
	return {
		values: bends,
		statistics: new Float32Array(),
		kept: { parameters: bends, statistics: new Float32Array() },
		form(step) {
			weights = weightings[kind]([placeOfStep(seed, step)], vectors.length);
			formPoint(state.parameters, vectors, weights);
		},
		pullBack(gradient) {
			takePart(whole, state.parameters, moving, place);
			for (let i = 0; i < place.length; i++) place[i] = (gradient[i] ?? 0) + decay * (place[i] ?? 0);
			putPart(whole, atPlace, moving, place);
			const length = whole.length;
			for (let bend = 0; bend < options.bends; bend++) {
				const weight = weights[bend + 1] ?? 0;
				const own = gradients.subarray(bend * length, (bend + 1) * length);
				for (let i = 0; i < length; i++) own[i] = weight * (atPlace[i] ?? 0);
			}
			return gradients;
		},
		putBack: () => undefined,
	};
}
