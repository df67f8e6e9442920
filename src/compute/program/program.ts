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

/** A graph for a number of samples, lowered to instructions in WebAssembly memory on one arena. */
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
	/** By input: the words of the code that are its address. */
	readonly #relocations = new Map<Value, number[]>();
	#arena = 0;
	readonly #inputs = new Map<Value, number>();

	constructor(context: KernelContext, lowered: Lowered) {
		this.#context = context;
		this.#lowered = lowered;
		const { offsets, bytes } = layOut(lowered.values);
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
				(value, word) => this.#note(value, first + word),
			);
			this.#stages.push({ from: at, to: at + length * 4 });
			at += length * 4;
		}
	}

	/**
	 * Computes the outputs of a batch, whose inputs lie at these addresses, in the graph's order.
	 *
	 * @returns the outputs, a copy
	 */
	run(inputs: readonly number[]): Float32Array {
		const { output } = this.#lowered;
		this.#place(inputs);
		for (const stage of this.#stages) {
			if ("call" in stage) this.#call(stage.call);
			else this.#context.kernels.run(stage.from, stage.to);
		}
		return this.#context.floats(this.#addressOf(output.at), countOf(output.shape)).slice();
	}

	/** Of the outputs: the batch first. */
	get shape(): readonly number[] {
		return this.#lowered.output.shape;
	}

	release(): void {
		this.#code.free();
		this.#lowered.release();
	}

	#note(value: Value, word: number): void {
		if (this.#offsets.has(value)) return;
		this.#relocations.set(value, [...(this.#relocations.get(value) ?? []), word]);
	}

	/** Puts the inputs' addresses where the code reads them. */
	#place(inputs: readonly number[]): void {
		const words = this.#context.words(this.#code.address, this.#length);
		for (const [index, operand] of [...this.#lowered.inputs.values()].entries()) {
			const value = operand.at as Value;
			const address = inputs[index] ?? 0;
			this.#inputs.set(value, address);
			for (const word of this.#relocations.get(value) ?? []) words[word] = address;
		}
	}

	#addressOf(at: number | Value): number {
		if (typeof at === "number") return at;
		const offset = this.#offsets.get(at);
		return offset === undefined ? (this.#inputs.get(at) ?? 0) : this.#arena + offset;
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
