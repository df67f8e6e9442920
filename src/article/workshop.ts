import { existsSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson } from "../exact/index.js";
import { readMetadata, readWeights, writeWeights } from "../formats/index.js";
import {
	choosePrecision,
	connect,
	type Dataset,
	type Executor,
	initialize,
	loadData,
	type MeasuredLine,
	modelByName,
	type Parameters,
	PoolExecutor,
	type Problem,
	rescale,
	runTraining,
	type Surface,
	sweep,
} from "../index.js";
import type { BatchResult } from "../surface/index.js";
import type { CurveRecipe, SweepRecipe } from "./figure.js";
import type { FinishedNetwork } from "./finished.js";
import { modelOf, type NetworkRecipe, networkName, snapshotsOf, type TrainedNetwork, trajectoryOf } from "./network.js";

/** How far a piece of work has got: called first with 0 done. */
export type OnWork = (what: string, done: number, total: number, unit: "steps" | "points") => void;

export interface WorkshopOptions {
	readonly directory: string;
	readonly threads: number;
	readonly signal?: AbortSignal;
	/** What carries out sweeps, in place of threads of its own, and is left running. */
	readonly executor?: Executor<Problem>;
	readonly onWork?: OnWork;
	/** Called with each surface before it is computed, and then with what comes into it. */
	readonly onSurface?: (name: string, surface: Surface) => void;
	readonly onBatch?: (batch: BatchResult) => void;
}

/**
 * Makes networks and surfaces and keeps them in a folder: networks/NAME.safetensors, runs/NAME/run.msgpack. The names hold a
 * digest of all that the content depends on, so what is there already is taken as it is, and what an interrupted start
 * has left unfinished is gone on with.
 */
export class Workshop {
	readonly #options: WorkshopOptions;
	readonly #networks = new Map<string, FinishedNetwork>();
	readonly #surfaces = new Map<string, Surface>();
	readonly #data = new Map<string, Promise<Dataset>>();
	readonly #executor: Executor<Problem>;

	constructor(options: WorkshopOptions) {
		this.#options = options;
		this.#executor = options.executor ?? new PoolExecutor(options);
	}

	/** Ends the workers; an executor from outside is left running. */
	async close(): Promise<void> {
		if (this.#options.executor === undefined) await this.#executor.close();
	}

	/** All networks made or found so far, in that order. */
	get networks(): readonly FinishedNetwork[] {
		return [...this.#networks.values()];
	}

	async network(recipe: NetworkRecipe): Promise<FinishedNetwork> {
		const name = networkName(recipe);
		const known = this.#networks.get(name);
		if (known !== undefined) return known;
		const path = join(this.#options.directory, "networks", `${name}.safetensors`);
		if (!isFinished(path, recipe)) await this.#make(recipe, path);
		const finished = { name, recipe, path, testAccuracy: testAccuracyIn(path) };
		this.#networks.set(name, finished);
		return finished;
	}

	async surface(recipe: SweepRecipe): Promise<Surface> {
		const key = canonicalJson(recipe);
		const surface = this.#surfaces.get(key) ?? (await this.#sweep(recipe));
		this.#surfaces.set(key, surface);
		return surface;
	}

	/** A curve on both parts of the data. */
	async curve(recipe: CurveRecipe): Promise<readonly MeasuredLine[]> {
		const { directory, threads, signal, onWork } = this.#options;
		const [from, to] = [await this.network(recipe.network), await this.network(recipe.to)];
		const model = modelOf(recipe.network);
		const { lines } = await connect({
			...{ from: from.path, to: to.path, model, ...recipe.training, threads },
			...{ evaluationSamples: recipe.samples, points: recipe.points, planeSteps: 0 },
			out: (_, digest) => join(directory, "curves", `${model}-${digest.slice(0, 8)}`),
			...(signal && { signal }),
			onStep: ({ step, steps }) => onWork?.(`curve of ${model}`, step, steps, "steps"),
			onPoints: (done, total) => onWork?.(`places on a curve of ${model}`, done, total, "points"),
		});
		return lines.filter(({ way }) => way === "curve");
	}

	async #sweep(recipe: SweepRecipe): Promise<Surface> {
		const { directory, signal, onWork, onSurface, onBatch } = this.#options;
		const { path } = await this.network(recipe.network);
		const to = recipe.to && (await this.network(recipe.to));
		const trainings: string[] = [];
		for (const training of Object.values(recipe.trainings ?? {}))
			trainings.push(trajectoryOf((await this.network(training)).path));
		const what = `surface of ${modelOf(recipe.network)}`;
		let [done, total] = [0, 0];
		const { surface } = await sweep({
			...sweepOptions(recipe, path, to?.path),
			...(trainings.length > 0 && { directions: "pca", trajectory: trainings }),
			executor: this.#executor,
			labels: endLabels(recipe),
			out: (_, digest) => join(directory, "runs", `${modelOf(recipe.network)}-${digest.slice(0, 8)}`),
			...(signal && { signal }),
			onStart({ missing, surface }) {
				total = missing;
				if (missing > 0) onSurface?.(what, surface);
				if (missing > 0) onWork?.(what, 0, total, "points");
			},
			onBatch(batch) {
				done += batch.count;
				onBatch?.(batch);
				onWork?.(what, done, total, "points");
			},
		});
		return surface;
	}

	async #make(recipe: NetworkRecipe, path: string): Promise<void> {
		const graph = modelByName(modelOf(recipe));
		const write = (state: Parameters, metadata: Record<string, string>) =>
			writeWeights(path, { graph, state }, metadata);
		switch (recipe.kind) {
			case "initial":
				return write(initialize(graph, recipe.seed), { model: recipe.model, seed: String(recipe.seed) });
			case "rescaled": {
				const { path: source } = await this.network(recipe.of);
				const state = await readWeights(source, { graph });
				const { kernel, factor } = recipe;
				return write(rescale(graph, state, kernel, factor), { model: graph.name, kernel, factor: String(factor) });
			}
			case "trained":
				return this.#train(recipe, path);
		}
	}

	async #train(recipe: TrainedNetwork, out: string): Promise<void> {
		const { threads, signal, onWork } = this.#options;
		const { model, samples, testSamples, optimizer, learningRate, batchSize, epochs, seed } = recipe;
		const what = `training of ${model}, ${optimizer}, batch size ${batchSize}`;
		await runTraining({
			graph: modelByName(model),
			data: await this.#dataset("train", samples),
			test: await this.#dataset("test", testSamples),
			loss: "softmax-cross-entropy",
			optimizer,
			learningRate,
			batchSize,
			epochs,
			seed,
			precision: (await choosePrecision("fast")).precision,
			threads,
			out,
			snapshots: snapshotsOf(recipe),
			...(signal && { signal }),
			onStart: ({ step, steps }) => onWork?.(what, step, steps, "steps"),
			onStep: ({ step, steps }) => onWork?.(what, step, steps, "steps"),
		});
	}

	#dataset(split: "train" | "test", samples: number | "all"): Promise<Dataset> {
		const key = `${split} ${samples}`;
		const loaded = this.#data.get(key) ?? loadData("mnist", split, samples);
		this.#data.set(key, loaded);
		return loaded;
	}
}

/** The options of a sweep of the library, with its networks as files. */
export function sweepOptions({ network, plane, aligned }: SweepRecipe, weights: string, to: string | undefined) {
	return {
		model: modelOf(network),
		weights,
		...plane,
		...(to !== undefined && { directions: "interpolate" as const, to }),
		...(aligned && { align: true }),
	};
}

/** Networks by name in place of paths, which mean nothing to whom a picture is sent. */
function endLabels({ network, to, ends, trainings }: SweepRecipe): readonly string[] {
	if (trainings !== undefined) return ["origin", ...Object.keys(trainings)];
	return ends ?? [networkName(network), ...(to === undefined ? [] : [networkName(to)])];
}

/** A training that was stopped leaves a file too, of the epochs it had done. */
function isFinished(path: string, recipe: NetworkRecipe): boolean {
	if (!existsSync(path)) return false;
	return (
		recipe.kind !== "trained" ||
		(readMetadata(path).epochsDone === String(recipe.epochs) && existsSync(trajectoryOf(path)))
	);
}

function testAccuracyIn(path: string): number | null {
	const { testAccuracy } = readMetadata(path);
	return testAccuracy === undefined ? null : Number(testAccuracy);
}
