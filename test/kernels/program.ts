import "@tensorflow/tfjs-backend-wasm";
import { setBackend } from "@tensorflow/tfjs-core";
import type { KernelContext } from "../../src/kernels/backend.js";
import { encode, encodedLength, type InstructionName } from "../../src/kernels/instructions.js";
import { registerKernels } from "../../src/kernels/register.js";

/** Our kernels in the backend's memory. */
export async function startContext(): Promise<KernelContext> {
	await setBackend("wasm");
	const result = registerKernels("fast");
	if (!result.ok) throw new Error(result.reason);
	return result.context;
}

/** An array that an instruction reads or writes, for `carryOut` to put in its place. */
export type Argument = number | Float32Array | Int32Array;

/** The instruction by its name, with arrays in place of addresses; they hold afterwards what memory does. */
export function carryOut(context: KernelContext, name: InstructionName, ...given: readonly Argument[]): void {
	const arrays = new Map<Float32Array | Int32Array, { address: number; free(): void }>();
	const operands = given.map((argument) => {
		if (typeof argument === "number") return argument;
		const place = arrays.get(argument) ?? context.allocate(argument.byteLength);
		arrays.set(argument, place);
		return place.address;
	});
	const instructions = [{ name, operands }];
	const code = context.allocate(encodedLength(instructions) * 4);
	for (const [array, { address }] of arrays) context.words(address, array.length).set(wordsOf(array));
	const words = context.words(code.address, encodedLength(instructions));
	encode(words, instructions, () => 0);
	context.kernels.run(code.address, code.address + words.length * 4);
	for (const [array, { address }] of arrays) wordsOf(array).set(context.words(address, array.length));
	for (const { free } of [code, ...arrays.values()]) free();
}

function wordsOf(array: Float32Array | Int32Array): Int32Array {
	return new Int32Array(array.buffer, array.byteOffset, array.length);
}
