import type { Value } from "./arena.js";

/** Where something lies: bytes from the memory's start, or a value of a program, which gets its place once all are known. */
export type Address = number | Value;

/** Whether a flag of an instruction is set: WebAssembly knows numbers only. */
export type Flag = 0 | 1;

/**
 * What a program is made of, by name: a kernel and its operands in their order. The kernels' files in assembly/ say what those
 * are. The order of the names is that of the numbers in assembly/program.ts.
 */
export interface Operands {
	gemm: [
		a: Address,
		layoutOfA: number,
		b: Address,
		layoutOfB: number,
		c: Address,
		bias: Address,
		rows: number,
		columns: number,
		depth: number,
		relu: Flag,
		geometry: Address,
		scratch: Address,
		norm: Address,
	];
	products: [
		count: number,
		a: Address,
		aStep: number,
		layoutOfA: number,
		b: Address,
		bStep: number,
		layoutOfB: number,
		c: Address,
		rows: number,
		columns: number,
		depth: number,
		scratch: Address,
	];
	winograd: [
		x: Address,
		filter: Address,
		bias: Address,
		out: Address,
		batch: number,
		height: number,
		width: number,
		inputs: number,
		outputs: number,
		top: number,
		left: number,
		outHeight: number,
		outWidth: number,
		flipped: Flag,
		relu: Flag,
		pool: Flag,
		side: number,
		filters: Address,
		ready: Flag,
		scratch: Address,
		norm: Address,
	];
	convolveDirect: [
		x: Address,
		filter: Address,
		bias: Address,
		out: Address,
		batch: number,
		outputs: number,
		relu: Flag,
		geometry: Address,
		scratch: Address,
		norm: Address,
	];
	depthwise: [
		x: Address,
		filter: Address,
		bias: Address,
		out: Address,
		batch: number,
		relu: Flag,
		geometry: Address,
		norm: Address,
	];
	maxPool: [x: Address, out: Address, batch: number, geometry: Address];
	averagePool: [x: Address, out: Address, batch: number, geometry: Address];
	batchNorm: [
		x: Address,
		mean: Address,
		variance: Address,
		shift: Address,
		scale: Address,
		epsilon: number,
		out: Address,
		rows: number,
		channels: number,
		relu: Flag,
		norm: Address,
	];
	unary: [kind: number, x: Address, out: Address, count: number, alpha: number, beta: number];
	binary: [kind: number, a: Address, b: Address, out: Address, ...lengthsAndStrides: number[]];
	reduce: [kind: number, x: Address, out: Address, outer: number, count: number, inner: number];
	softmax: [x: Address, out: Address, rows: number, count: number];
	logSoftmax: [x: Address, out: Address, rows: number, count: number];
	standardize: [
		x: Address,
		out: Address,
		rows: number,
		count: number,
		epsilon: number,
		factors: Address,
		terms: Address,
	];
	copyStrided: [from: Address, offset: number, out: Address, ...lengthsAndStrides: number[]];
	gatherRows: [x: Address, numbers: Address, out: Address, count: number, columns: number];
	copyRows: [
		from: Address,
		fromStride: number,
		out: Address,
		offset: number,
		outStride: number,
		rows: number,
		run: number,
	];
}

export type InstructionName = keyof Operands;

/** The same kernels as functions, called one by one: addresses are numbers, and flags may be booleans. */
export type Functions = {
	[Name in InstructionName]: (...operands: AllPlain<Operands[Name]>) => void;
};

type AllPlain<List extends readonly unknown[]> = { [Index in keyof List]: Plain<List[Index]> };

type Plain<Operand> = Operand extends Flag ? Flag | boolean : number;

/** One step: a kernel's name and its operands. */
export interface Instruction<Name extends InstructionName = InstructionName> {
	readonly name: Name;
	readonly operands: (number | Value)[];
}

/** Of each instruction, its number, how many operands it has, and which of them are floats. */
const FORMS: Readonly<Record<InstructionName, { readonly operands: number; readonly reals?: readonly number[] }>> = {
	gemm: { operands: 13 },
	products: { operands: 12 },
	winograd: { operands: 21 },
	convolveDirect: { operands: 10 },
	depthwise: { operands: 8 },
	maxPool: { operands: 4 },
	averagePool: { operands: 4 },
	batchNorm: { operands: 11, reals: [5] },
	unary: { operands: 6, reals: [4, 5] },
	binary: { operands: 17 },
	reduce: { operands: 6 },
	softmax: { operands: 4 },
	logSoftmax: { operands: 4 },
	standardize: { operands: 7, reals: [4] },
	copyStrided: { operands: 11 },
	gatherRows: { operands: 5 },
	copyRows: { operands: 7 },
};

const NUMBERS: ReadonlyMap<string, number> = new Map(Object.keys(FORMS).map((name, number) => [name, number]));

/** Where the flag `relu` stands among the operands of those that can do one as they write. */
export const RELU_OPERAND: Readonly<Partial<Record<InstructionName, number>>> = {
	gemm: 9,
	winograd: 14,
	convolveDirect: 6,
	depthwise: 5,
	batchNorm: 9,
	binary: 16,
};

/** Where the address stands of what results are normalised by, of those that can do so before that; 0 for nothing. */
export const NORM_OPERAND: Readonly<Partial<Record<InstructionName, number>>> = {
	gemm: 12,
	winograd: 20,
	convolveDirect: 9,
	depthwise: 7,
};

/** Where the addresses stand of a factor and a term for each column, of those that take them after what they do; 0 for none. */
export const COLUMN_OPERANDS: Readonly<
	Partial<Record<InstructionName, { readonly mul: number; readonly add: number }>>
> = {
	standardize: { mul: 5, add: 6 },
};

/** Words of four bytes that some instructions come to. */
export function encodedLength(instructions: readonly Instruction[]): number {
	return instructions.reduce((sum, { name }) => sum + 1 + FORMS[name].operands, 0);
}

/**
 * Writes instructions where `run` reads them.
 *
 * @param words    encodedLength words
 * @param resolve  where a value lies
 * @param onValue  told of each word that is a value's address
 * @throws {RangeError} where an instruction has too few or too many operands
 */
export function encode(
	words: Int32Array,
	instructions: readonly Instruction[],
	resolve: (value: Value) => number,
	onValue: (value: Value, word: number) => void = () => undefined,
): void {
	const reals = new Float32Array(words.buffer, words.byteOffset, words.length);
	let at = 0;
	for (const { name, operands } of instructions) {
		const form = FORMS[name];
		if (operands.length !== form.operands)
			throw new RangeError(`${name} takes ${form.operands} operands, not ${operands.length}`);
		words[at++] = NUMBERS.get(name) ?? -1;
		for (const [index, operand] of operands.entries()) {
			if (typeof operand !== "number") {
				onValue(operand, at);
				words[at] = resolve(operand);
			} else if (form.reals?.includes(index)) reals[at] = operand;
			else words[at] = operand;
			at++;
		}
	}
}

/**
 * The names of the instructions in some code and where each begins, in words: for whoever wants to know what takes its time.
 *
 * @throws {RangeError} where there is no instruction
 */
export function decode(words: Int32Array): { readonly name: InstructionName; readonly at: number }[] {
	const names = Object.keys(FORMS) as InstructionName[];
	const found: { readonly name: InstructionName; readonly at: number }[] = [];
	for (let at = 0; at < words.length; ) {
		const name = names[words[at] ?? -1];
		if (name === undefined) throw new RangeError(`${words[at]} is no instruction`);
		found.push({ name, at });
		at += 1 + FORMS[name].operands;
	}
	return found;
}

/** The functions of `unary` that the kernels know, by their numbers in assembly/unary.ts. */
export const UNARY_KINDS: readonly string[] = [
	"abs",
	"affine",
	"clip",
	"elu",
	"erf",
	"exp",
	"gelu",
	"geluTanh",
	"hardSigmoid",
	"leakyRelu",
	"log",
	"neg",
	"reciprocal",
	"relu",
	"selu",
	"sigmoid",
	"silu",
	"softplus",
	"softsign",
	"sqrt",
	"square",
	"tanh",
	"hardSwish",
];

/** Those of `binary`, by their numbers in assembly/binary.ts. */
export const BINARY_KINDS: readonly string[] = ["add", "sub", "mul", "div", "maximum", "minimum", "squaredDifference"];

/** Those of `reduce`, by their numbers in assembly/rows.ts. */
export const REDUCE_KINDS: readonly string[] = ["sum", "mean", "max", "min", "sumOfSquares", "norm"];
