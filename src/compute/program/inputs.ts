import { type Dataset, inputsOf } from "../../data/dataset.js";
import type { Allocation, KernelContext } from "../../kernels/backend.js";
import type { Graph } from "../../network/graph.js";
import type { Place } from "./program.js";

/** Inputs of all samples that are kept in a worker's memory; of more, those of a batch are copied there when its turn comes. */
const RESIDENT_BYTES = 64 << 20;

/** An input of the graph: its samples, and where those under way lie. */
interface Input {
	readonly values: Float32Array | Int32Array;
	readonly memory: Allocation;
	readonly place: { address: number; readonly stride: number };
}

/** The samples of a graph's inputs where programs read them. */
export class Inputs {
	readonly #context: KernelContext;
	readonly #inputs: readonly Input[];
	readonly #resident: boolean;
	/** Where the samples under way lie, by the inputs' names. */
	readonly places: ReadonlyMap<string, Place>;

	/** @param batch the most samples that are under way at once */
	constructor(context: KernelContext, graph: Graph, data: Dataset, batch: number) {
		this.#context = context;
		const arrays = inputsOf(data);
		this.#resident = arrays.reduce((sum, { values }) => sum + values.byteLength, 0) <= RESIDENT_BYTES;
		const kept = this.#resident ? data.samples : batch;
		this.#inputs = arrays.map(({ values }) => {
			const stride = values.byteLength / data.samples;
			const memory = context.allocate(stride * kept);
			return { values, memory, place: { address: memory.address, stride } };
		});
		this.places = new Map(this.#inputs.map(({ place }, index) => [graph.inputs[index]?.name ?? "", place]));
		if (this.#resident) this.#copy(0, data.samples);
	}

	/** Lets samples `start` to `end` - 1 be under way. */
	bring(start: number, end: number): void {
		if (!this.#resident) this.#copy(start, end);
		else for (const { memory, place } of this.#inputs) place.address = memory.address + place.stride * start;
	}

	release(): void {
		for (const { memory } of this.#inputs) memory.free();
	}

	#copy(start: number, end: number): void {
		for (const { values, memory, place } of this.#inputs) {
			const part = values.subarray((start * place.stride) / 4, (end * place.stride) / 4);
			const words = this.#context.words(memory.address, part.length);
			words.set(new Int32Array(part.buffer, part.byteOffset, part.length));
		}
	}
}
