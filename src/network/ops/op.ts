import type { Tensor } from "@tensorflow/tfjs-core";
import type { RandomStream } from "../../exact/random.js";
import type { Lowering, Operand } from "../../kernels/lowering.js";
import type { AxesRule } from "./axes.js";
import type { Shape } from "./shape.js";

export type { Shape } from "./shape.js";

/** What adds nodes to a graph; a value goes by its name. A node that computes what another one does already is that one. */
export interface NodeBuilder {
	/** Of one sample, or whole. */
	shape(name: string): Shape;
	/** Applies an op, by its name and with its attributes. */
	node(op: string, inputs: readonly string[], attributes: object): string;
	number(value: number): string;
	zeros(shape: Shape): string;
	/** A function of `binary`. */
	binary(name: string, a: string, b: string): string;
	add(a: string, b: string): string;
	sub(a: string, b: string): string;
	mul(a: string, b: string): string;
	div(a: string, b: string): string;
	/** A function of `unary`. */
	unary(name: string, x: string, alpha?: number, beta?: number): string;
	/** alpha · x + beta */
	affine(x: string, alpha: number, beta?: number): string;
	/** The sum of those terms that are there; undefined where none is. */
	total(...terms: readonly (string | undefined)[]): string | undefined;
	/** The sum, mean, maximum or minimum along axes, which stay with a length of 1. */
	along(name: "sum" | "mean" | "max" | "min", x: string, axes: readonly number[]): string;
	reshaped(x: string, shape: Shape): string;
	/** A value stretched to a shape, one for each sample where `like` has one. */
	stretched(x: string, shape: Shape, like: string | undefined): string;
}

/** A node whose derivative is wanted. */
export interface TangentNode {
	readonly inputs: readonly string[];
	/** By input; undefined where it is zero. */
	readonly tangents: readonly (string | undefined)[];
	readonly output: string;
}

/** What an op may depend on besides its inputs. */
export interface Mode {
	/** Dropout drops and batch normalisation uses the batch only while training. */
	readonly training: boolean;
	/**
	 * Whether a gradient is recorded: intermediate values stay, and ops compute in a way that can be differentiated, where the
	 * usual one can't. Not where nothing is said.
	 */
	readonly gradient?: boolean;
	/** For dropout; each layer takes the next numbers. Only while training. */
	readonly random?: RandomStream;
	/** Where batch normalisation takes mean and variance from; "running" where nothing is said. */
	readonly batchNorm?: "running" | "batch";
	/**
	 * Told of each batch normalisation that takes its statistics from the batch: the tensors bound as its running mean and
	 * variance, and what the batch has in their place (the variance divided by n - 1). It must clone what it keeps.
	 */
	readonly observe?: (running: readonly [Tensor, Tensor], measured: readonly [Tensor, Tensor]) => void;
}

export const evaluationMode: Mode = { training: false };

/** Evaluation of which a gradient is recorded. */
export const differentiating: Mode = { training: false, gradient: true };

/**
 * One operation of a graph: its output's shape, its arithmetic, and its work.
 * Shapes are those of one sample for values and whole for parameters; tensors of values carry the batch as first axis.
 * Parameters and constants don't, and an op may get them anywhere: so attributes count axes from the last, -1, on.
 */
export interface Op<Attributes> {
	/** @throws {RangeError} when the shapes don't fit the op */
	shape(inputs: readonly Shape[], attributes: Attributes): Shape;
	run(inputs: readonly Tensor[], attributes: Attributes, mode: Mode): Tensor;
	/**
	 * The same for a program: emits instructions of our kernels and returns what holds the result. Undefined, with nothing emitted,
	 * where they don't cover the operands; `run` is called then. Values of one sample depend on no other sample.
	 */
	lower?(inputs: readonly Operand[], attributes: Attributes, lowering: Lowering): Operand | undefined;
	/**
	 * The derivative of its output along a direction in which its inputs have the tangents given: emits nodes, and returns what holds
	 * it; undefined where it is zero. It may have any shape that stretches to the output's. An op without the rule has no derivative.
	 *
	 * @see Griewank and Walther, Evaluating Derivatives (2008), chapter 3
	 */
	tangent?(node: TangentNode, build: NodeBuilder, attributes: Attributes): string | undefined;
	/** In which orders elements may come along its axes. Of an op without the rule in none but theirs. */
	axes?: AxesRule<Attributes>;
	/** Multiply-adds for one sample; ops that only move or compare values have none. */
	multiplyAdds?(inputs: readonly Shape[], output: Shape): number;
}

/** The inputs of an op that takes a fixed number of them; a missing one is the graph builder's mistake. */
export function required<T>(inputs: readonly T[], index: number): T {
	const input = inputs[index];
	if (input === undefined) throw new RangeError(`input ${index} is missing`);
	return input;
}

/** An axis counted from the last (-1) as an index into a shape of some rank. */
export function axisOf(axis: number, rank: number): number {
	const index = rank + axis;
	if (!(axis < 0 && index >= 0)) throw new RangeError(`axis ${axis} is not one of ${rank}`);
	return index;
}

/** The shape that two shapes have together, axes counted from the last, a length of 1 stretched to the other's. */
export function broadcastShapes(a: Shape, b: Shape): Shape {
	const rank = Math.max(a.length, b.length);
	return Array.from({ length: rank }, (_, axis) => {
		const [x, y] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
		if (x !== y && x !== 1 && y !== 1) throw new RangeError(`[${a}] and [${b}] don't fit together`);
		return x === 1 ? y : x;
	});
}

/** The rule of an op that is linear in its first input: the op itself, on the tangent. */
export function linearTangent<Attributes extends object>(op: string): NonNullable<Op<Attributes>["tangent"]> {
	return ({ inputs, tangents: [tangent] }, build, attributes) =>
		tangent === undefined ? undefined : build.node(op, [tangent, ...inputs.slice(1)], attributes);
}

/**
 * The rule of an op that is linear in its first input and in its second, plus a bias: op(ẋ, w) + op(x, ẇ) + ḃ. The first of these
 * products takes the bias's tangent as its bias.
 */
export function bilinearTangent<Attributes extends object>(op: string): NonNullable<Op<Attributes>["tangent"]> {
	return ({ inputs: [x = "", w = ""], tangents: [dx, dw, bias] }, build, attributes) => {
		const products = [...(dx === undefined ? [] : [[dx, w]]), ...(dw === undefined ? [] : [[x, dw]])];
		const [first, second] = products.map((pair, i) =>
			build.node(op, i === 0 && bias !== undefined ? [...pair, bias] : pair, attributes),
		);
		return first === undefined ? bias : build.total(first, second);
	};
}
