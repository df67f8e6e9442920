import { type Tensor, tidy, zeros } from "@tensorflow/tfjs-core";
import { Value } from "../../kernels/arena.js";
import type { Allocation, KernelContext } from "../../kernels/backend.js";
import {
	COLUMN_OPERANDS,
	type Instruction,
	type InstructionName,
	NORM_OPERAND,
	type Operands,
	RELU_OPERAND,
} from "../../kernels/instructions.js";
import {
	countOf,
	type ElementType,
	type FilterForm,
	type Lowering,
	type MatrixForm,
	type NormNumbers,
	type Operand,
} from "../../kernels/lowering.js";
import { countReaders, type GraphInput } from "../../network/graph.js";
import { type GraphNode, opOf } from "../../network/ops/index.js";
import { evaluationMode } from "../../network/ops/op.js";
import type { PlacedNumbers } from "./norm.js";
import type { Weights } from "./weights.js";

/** A step that TensorFlow.js carries out, on views of the arena. */
export interface Call {
	readonly node: GraphNode;
	readonly inputs: readonly Operand[];
	readonly output: Operand;
}

/** One step of a lowered graph. */
export type Step = { readonly instruction: Instruction } | { readonly call: Call };

/** Nodes of a graph that are carried out together. */
export interface Part {
	/** In their order; none of them is made of weights alone. */
	readonly nodes: readonly GraphNode[];
	/** What they read of each sample and don't make. */
	readonly inputs: readonly GraphInput[];
	/** What of theirs is wanted. */
	readonly outputs: readonly string[];
}

/** Part of a graph as steps on values whose places are still open. */
export interface Lowered {
	readonly steps: readonly Step[];
	/** The nodes in their order, and how many steps there were when each came up. */
	readonly starts: readonly { readonly node: GraphNode; readonly step: number }[];
	/** All but the inputs. */
	readonly values: readonly Value[];
	/** Inputs and what nodes made, by name. */
	readonly named: ReadonlyMap<string, Operand>;
	/** Frees what stands in memory for it. */
	release(): void;
}

export interface LowerOptions {
	readonly context: KernelContext;
	readonly weights: Weights;
	/** Samples that go through at once. */
	readonly batch: number;
	/** Whether the whole numbers of an input are all from 0 to rows - 1. */
	readonly areInside: (input: string, rows: number) => boolean;
}

/** Lowers nodes to instructions, or to steps of TensorFlow.js where there are none for them. */
export function lowerPart(part: Part, options: LowerOptions): Lowered {
	const lowerer = new Lowerer(part, options);
	for (const node of part.nodes) lowerer.lower(node);
	return lowerer.finish();
}

class Lowerer implements Lowering {
	readonly kernels;
	readonly #part: Part;
	readonly #options: LowerOptions;
	readonly #steps: Step[] = [];
	readonly #starts: { readonly node: GraphNode; readonly step: number }[] = [];
	readonly #values: Value[] = [];
	readonly #named = new Map<string, Operand>();
	readonly #inputs = new Map<string, Operand>();
	readonly #readers: ReadonlyMap<string, number>;
	readonly #integers: Allocation[] = [];
	/** The length of the last axis of values as they are made. */
	readonly #columns = new Map<Value, number>();
	/** By what steps normalise what they make; those get its address once all is known. */
	readonly #normed = new Map<Instruction, PlacedNumbers>();
	/** How often what lies at a value is read by nodes yet to come. */
	readonly #awaited = new Map<Value, number>();

	constructor(part: Part, options: LowerOptions) {
		this.#part = part;
		this.#options = options;
		this.kernels = options.context.kernels;
		this.#readers = countReaders(part.nodes, part.outputs);
		for (const { name, shape, type = "float32" } of part.inputs) {
			const operand = this.#operand([options.batch, ...shape], type);
			this.#inputs.set(name, operand);
			this.#name(name, operand);
		}
	}

	lower(node: GraphNode): void {
		this.#starts.push({ node, step: this.#steps.length });
		const inputs = node.inputs.map((name) => this.#operandOf(name));
		const output = opOf(node).lower(inputs, this) ?? this.#call(node, inputs);
		// Asking a weight where it lies would have it kept plain.
		for (const { at } of inputs.filter(({ perSample }) => perSample))
			if (at instanceof Value) this.#awaited.set(at, (this.#awaited.get(at) ?? 0) - 1);
		this.#name(node.output, output);
	}

	finish(): Lowered {
		for (const [{ name, operands }, numbers] of this.#normed) {
			const place = NORM_OPERAND[name];
			if (place !== undefined) operands[place] = this.#options.weights.norm(numbers);
		}
		for (const name of this.#part.outputs) {
			// Of a weight this has it kept plain, for whoever reads it.
			const { perSample, at } = this.#operandOf(name);
			if (perSample && at instanceof Value) at.use(this.#steps.length);
		}
		const inputs = new Set([...this.#inputs.values()].map(({ at }) => at));
		return {
			steps: this.#steps,
			starts: this.#starts,
			values: this.#values.filter((value) => !inputs.has(value)),
			named: this.#named,
			release: () => {
				for (const allocation of this.#integers) allocation.free();
			},
		};
	}

	emit<Name extends InstructionName>(name: Name, ...operands: Operands[Name]): void {
		const instruction = { name, operands: [...operands] as (number | Value)[] };
		this.#push({ instruction }, instruction.operands);
	}

	value(shape: readonly number[], replaces?: Operand): Operand {
		const operand = this.#operand(shape, "float32");
		if (operand.at instanceof Value) this.#columns.set(operand.at, shape.at(-1) ?? 1);
		if (replaces?.at instanceof Value && operand.at instanceof Value) operand.at.replaces = replaces.at;
		return operand;
	}

	view(x: Operand, shape: readonly number[]): Operand {
		return { ...x, shape, at: x.at };
	}

	scratch(bytes: number): Value {
		const value = new Value(bytes, true);
		this.#values.push(value);
		return value;
	}

	integers(values: readonly number[]): number {
		const { context } = this.#options;
		const allocation = context.allocate(values.length * 4);
		context.writeIntegers(allocation.address, values);
		this.#integers.push(allocation);
		return allocation.address;
	}

	packed(matrix: Operand, form: MatrixForm): number | undefined {
		return this.#options.weights.find(matrix)?.packed(form);
	}

	transformed(filter: Operand, form: FilterForm): number | undefined {
		return this.#options.weights.find(filter)?.transformed(form);
	}

	rectified(x: Operand, most = Number.POSITIVE_INFINITY): Operand | undefined {
		const maker = this.#makerOf(x);
		const place = maker && RELU_OPERAND[maker.name];
		if (maker === undefined || place === undefined) return undefined;
		if (most !== Number.POSITIVE_INFINITY) {
			// Only what is normalised can be limited above.
			const numbers = this.#normed.get(maker);
			if (numbers === undefined) return undefined;
			this.#normed.set(maker, { ...numbers, most });
		}
		maker.operands[place] = 1;
		return x;
	}

	moved(x: Operand, how: "mul" | "add", by: Operand): Operand | undefined {
		const maker = this.#makerOf(x);
		const places = maker && COLUMN_OPERANDS[maker.name];
		const fits = !by.perSample && by.type === "float32" && String(by.shape) === String([x.shape.at(-1)]);
		if (maker === undefined || places === undefined || !fits || !this.#hasItsColumns(x)) return undefined;
		// A term is added after the factor is taken, and each of them once.
		if (maker.operands[places[how]] !== 0 || maker.operands[places.add] !== 0) return undefined;
		maker.operands[places[how]] = by.at;
		return x;
	}

	normalized(x: Operand, numbers: NormNumbers): Operand | undefined {
		const maker = this.#makerOf(x);
		const placed = this.#options.weights.placed(numbers);
		if (maker === undefined || placed === undefined || NORM_OPERAND[maker.name] === undefined) return undefined;
		const isPlain = !this.#normed.has(maker) && maker.operands[RELU_OPERAND[maker.name] ?? -1] === 0;
		if (!isPlain || !this.#hasItsColumns(x)) return undefined;
		this.#normed.set(maker, placed);
		return x;
	}

	/** Whether a value has the rows that its step makes: a view may have others. */
	#hasItsColumns({ at, shape }: Operand): boolean {
		return at instanceof Value && this.#columns.get(at) === shape.at(-1);
	}

	/** The step that has just made a value, where nobody but the node to come reads it. */
	#makerOf(x: Operand): Instruction | undefined {
		const last = this.#steps.at(-1);
		if (last === undefined || !("instruction" in last) || !x.perSample || !(x.at instanceof Value)) return undefined;
		if ([...this.#inputs.values()].some(({ at }) => at === x.at)) return undefined;
		const made = last.instruction.operands.includes(x.at) && x.at.first === this.#steps.length - 1;
		return made && this.#awaited.get(x.at) === 1 ? last.instruction : undefined;
	}

	areInside(numbers: Operand, rows: number): boolean {
		const [name] = [...this.#inputs].find(([, input]) => input.at === numbers.at) ?? [];
		return name !== undefined && this.#options.areInside(name, rows);
	}

	#operand(shape: readonly number[], type: ElementType): Operand {
		const value = new Value(countOf(shape) * (type === "bool" ? 1 : 4));
		this.#values.push(value);
		return { shape, type, perSample: true, at: value };
	}

	#operandOf(name: string): Operand {
		const operand = this.#named.get(name) ?? this.#options.weights.get(name);
		if (operand === undefined) throw new RangeError(`no tensor is bound to ${name}`);
		return operand;
	}

	#name(name: string, operand: Operand): void {
		this.#named.set(name, operand);
		if (!(operand.at instanceof Value)) return;
		this.#awaited.set(operand.at, (this.#awaited.get(operand.at) ?? 0) + (this.#readers.get(name) ?? 0));
	}

	#push(step: Step, operands: readonly (number | Value)[]): void {
		for (const operand of operands) if (operand instanceof Value) operand.use(this.#steps.length);
		this.#steps.push(step);
	}

	/** A step for TensorFlow.js. */
	#call(node: GraphNode, inputs: readonly Operand[]): Operand {
		const { shape, type } = outcomeOf(node, inputs);
		const output = this.#operand(shape, type);
		this.#push(
			{ call: { node, inputs, output } },
			[...inputs, output].map(({ at }) => at),
		);
		return output;
	}
}

/** The shape and type of what a node makes of such inputs, seen by a trial on zeros. */
export function outcomeOf(
	node: GraphNode,
	inputs: readonly Pick<Operand, "shape" | "type">[],
): Pick<Operand, "shape" | "type"> {
	const { shape, dtype } = tidy(() => {
		const tensors: Tensor[] = inputs.map((input) => zeros([...input.shape], input.type));
		return opOf(node).run(tensors, evaluationMode);
	});
	return { shape, type: dtype as ElementType };
}
