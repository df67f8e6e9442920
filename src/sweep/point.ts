import { Evaluator } from "../compute/evaluator.js";
import type { CompiledModule } from "../kernels/engine.js";
import { type Slot, slice, statisticsLayout } from "../network/parameters.js";
import { type Outputs, samplesOf } from "../objective/loss.js";
import type { SummedLoss } from "../objective/module.js";
import { fieldsOf, probeNamed, takesDerivatives } from "../probe/index.js";
import { measure } from "../probe/measure.js";
import type { Probe, Subject } from "../probe/probe.js";
import { subjectOf } from "../probe/subject.js";
import { formStatistics, movesStatistics, parametersAt } from "../section/section.js";
import type { Coordinates } from "../surface/grid.js";
import { SectionDerivatives } from "./derivatives.js";
import type { Problem } from "./problem.js";

/** Evaluates the points of one problem in this thread. */
export class PointEvaluator {
	readonly #problem: Problem;
	readonly #evaluator: Evaluator;
	readonly #probes: readonly Probe[];
	readonly #subject: Subject;
	readonly #fields: number;
	readonly #variances: readonly Slot[];
	/** Where some probe takes them. */
	readonly #derivatives: SectionDerivatives | undefined;
	/** The running statistics at the current point. */
	readonly #statistics: Float32Array;

	private constructor(problem: Problem, evaluator: Evaluator, subject: Subject, kernels?: CompiledModule) {
		const { statistics } = problem.section;
		this.#problem = problem;
		this.#evaluator = evaluator;
		this.#subject = subject;
		this.#probes = problem.probes.map(probeNamed);
		this.#fields = fieldsOf(problem.probes, subject).length;
		this.#variances = statisticsLayout(problem.graph).slots.filter(({ kind }) => kind === "running-variance");
		this.#statistics = new Float32Array(statistics[0]?.length ?? 0);
		const derived = this.#probes.filter(takesDerivatives);
		const along = derived.flatMap((probe) => probe.along(subject));
		this.#derivatives = derived.length === 0 ? undefined : new SectionDerivatives(problem, subject, along, kernels);
	}

	/** Starts the backend of this thread first, where that has not been done. */
	static async create(problem: Problem, kernels?: CompiledModule): Promise<PointEvaluator> {
		const { graph, section, data, batchNorm, calibration, calibrationData, precision } = problem;
		const statistics = Float32Array.from(section.statistics[0] ?? []);
		const gradients = problem.probes.map(probeNamed).some(takesDerivatives);
		const measured = { batchNorm, calibration, calibrationData };
		const settings = { graph, statistics, data, ...measured, precision, kernels, gradients };
		const evaluator = await Evaluator.create(settings);
		return new PointEvaluator(problem, evaluator, await subjectOf(problem), kernels);
	}

	/** The values of all fields at a place of the section, in their order. */
	async evaluate(at: Coordinates): Promise<number[]> {
		const { section } = this.#problem;
		const moves = movesStatistics(section);
		if (moves) formStatistics(this.#statistics, section, at);
		if (moves && this.#hasNegativeVariance()) return Array.from({ length: this.#fields }, () => Number.NaN);
		const parameters = parametersAt(section, at);
		const statistics = moves ? this.#statistics : undefined;
		const outputs = this.#evaluator.outputs(parameters, statistics);
		if (this.#derivatives === undefined) return measure(this.#probes, this.#subject, outputs);
		const weighed = new Weighed(outputs, this.#subject.loss);
		const derivatives = this.#derivatives.at({ parameters, statistics, weight: () => weighed.weight });
		return measure(this.#probes, this.#subject, weighed, derivatives);
	}

	/**
	 * Beyond two networks a variance between them may fall below 0, and no network has that: there is no value there, whatever
	 * kernels would make of the root of a negative number.
	 */
	#hasNegativeVariance(): boolean {
		return this.#variances.some((slot) => slice(this.#statistics, slot).some((variance) => variance < 0));
	}

	/** Frees what it holds of TensorFlow.js's memory. */
	release(): void {
		this.#evaluator.release();
		this.#derivatives?.release();
	}
}

/** Outputs on their way, and what the sum of their losses is divided by, once they have passed. */
class Weighed implements Iterable<Outputs> {
	readonly #outputs: Iterable<Outputs>;
	readonly #loss: SummedLoss;
	weight = 0;

	constructor(outputs: Iterable<Outputs>, loss: SummedLoss) {
		this.#outputs = outputs;
		this.#loss = loss;
	}

	*[Symbol.iterator](): Generator<Outputs> {
		const { weight = samplesOf } = this.#loss;
		for (const some of this.#outputs) {
			this.weight += weight(some);
			yield some;
		}
	}
}
