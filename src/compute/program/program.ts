import { tidy } from "@tensorflow/tfjs-core";
import { layOut, type Value } from "../../kernels/arena.js";
import type { Allocation, KernelContext } from "../../kernels/backend.js";
import { encode, encodedLength, type Instruction } from "../../kernels/instructions.js";
import { countOf, type Operand } from "../../kernels/lowering.js";
import { opOf } from "../../network/ops/index.js";
import { evaluationMode } from "../../network/ops/op.js";
import type { Call, Lowered, Step } from "./lower.js";

/** Instructions that one call carries out, or a step of TensorFlow.js. */
type Stage = { readonly from: number; readonly to: number } | { readonly call: Call };

/** Where a value lies that is no program's own: sample after sample, from the first one that is under way. */
export interface Place {
	readonly address: number;
	/** Bytes of a sample. */
	readonly stride: number;
}

/** Where an input or an output of a program lies, and the words of the code that are its address. */
interface Outside {
	readonly place: Place;
	readonly words: number[];
	address: number;
}

/** Part of a graph for a number of samples, lowered to instructions in WebAssembly memory on one arena. */
export class Program {
	readonly #context: KernelContext;
	readonly #lowered: Lowered;
	readonly #offsets: ReadonlyMap<Value, number>;
	/** Of the arena, which may serve several programs that run one after another. */
	readonly bytes: number;
	readonly #code: Allocation;
	/** Of the code, in words. */
	readonly #length: number;
	readonly #stages: Stage[] = [];
	readonly #outside = new Map<Value, Outside>();
	#arena = 0;

	/** @param places of the inputs and the outputs, by name */
	constructor(context: KernelContext, lowered: Lowered, places: ReadonlyMap<string, Place>) {
		this.#context = context;
		this.#lowered = lowered;
		for (const [name, place] of places) {
			const value = lowered.named.get(name)?.at;
			if (typeof value === "object") this.#outside.set(value, { place, words: [], address: 0 });
		}
		const { offsets, bytes } = layOut(lowered.values.filter((value) => !this.#outside.has(value)));
		this.#offsets = offsets;
		this.bytes = bytes;
		const instructions = lowered.steps.flatMap((step) => ("instruction" in step ? [step.instruction] : []));
		this.#length = encodedLength(instructions);
		this.#code = context.allocate(this.#length * 4);
	}

	/** Writes the code, for an arena of at least `bytes` bytes. */
	link(arena: number): void {
		this.#arena = arena;
		let at = this.#code.address;
		for (const run of runsOf(this.#lowered.steps)) {
			if ("call" in run) {
				this.#stages.push(run);
				continue;
			}
			const length = encodedLength(run.instructions);
			const words = this.#context.words(at, length);
			const first = (at - this.#code.address) / 4;
			encode(
				words,
				run.instructions,
				(value) => this.#addressOf(value),
				(value, word) => this.#outside.get(value)?.words.push(first + word),
			);
			this.#stages.push({ from: at, to: at + length * 4 });
			at += length * 4;
		}
	}

	/** Carries its nodes out for its samples, which begin with this one of those that are under way. */
	run(sample: number): void {
		for (const outside of this.#outside.values()) this.#move(outside, sample);
		for (const stage of this.#stages) {
			if ("call" in stage) this.#call(stage.call);
			else this.#context.kernels.run(stage.from, stage.to);
		}
	}

	release(): void {
		this.#code.free();
		this.#lowered.release();
	}

	/** Puts an input's or an output's address where the code reads it. */
	#move(outside: Outside, sample: number): void {
		const address = outside.place.address + outside.place.stride * sample;
		if (address === outside.address) return;
		outside.address = address;
		const words = this.#context.words(this.#code.address, this.#length);
		for (const word of outside.words) words[word] = address;
	}

	#addressOf(at: number | Value): number {
		if (typeof at === "number") return at;
		const offset = this.#offsets.get(at);
		return offset === undefined ? (this.#outside.get(at)?.address ?? 0) : this.#arena + offset;
	}

	#call({ node, inputs, output }: Call): void {
		const views = inputs.map((input) => this.#viewOf(input));
		tidy(() => {
			const tensors = views.map(({ tensor }) => tensor);
			const result = opOf(node).run(tensors, evaluationMode);
			const bytes = countOf(output.shape) * (output.type === "bool" ? 1 : 4);
			this.#context.copy(this.#addressOf(output.at), this.#context.address(result), bytes);
		});
		for (const view of views) view.release();
	}

	#viewOf({ at, shape, type }: Operand) {
		return this.#context.view(this.#addressOf(at), shape, type);
	}
}

/** Neighbouring instructions together, calls apart. */
function runsOf(steps: readonly Step[]): ({ readonly instructions: Instruction[] } | { readonly call: Call })[] {
	const runs: ({ readonly instructions: Instruction[] } | { readonly call: Call })[] = [];
	for (const step of steps) {
		const last = runs.at(-1);
		if ("call" in step) runs.push(step);
		else if (last && "instructions" in last) last.instructions.push(step.instruction);
		else runs.push({ instructions: [step.instruction] });
	}
	return runs;
}
