import { type DataType, findBackend, type Tensor, type TensorInfo, engine as tfjs } from "@tensorflow/tfjs-core";
import { type CompiledModule, engine, type SharedMemory } from "./engine.js";
import { CONSTANTS_BYTES, instantiate, type KernelExports } from "./module.js";

/**
 * The parts of the tfjs wasm backend the kernels live on. Only `makeOutput` and `getMemoryOffset` are public there; the
 * memory and the allocator are looked for, and where a version has them elsewhere nothing is registered.
 */
export interface WasmBackend {
	makeOutput(shape: number[], dtype: DataType, memoryOffset?: number): TensorInfo;
	getMemoryOffset(dataId: object): number;
	disposeData(dataId: object, force?: boolean): boolean;
	readonly dataIdMap: { get(dataId: object): { memoryOffset: number } };
	readonly wasm: {
		_malloc(bytes: number): number;
		_free(address: number): void;
		readonly asm: { readonly memory: SharedMemory };
	};
}

/** The initialised wasm backend, or a sentence that says what is missing. */
export function findWasmBackend(): WasmBackend | string {
	const found: unknown = findBackend("wasm");
	if (!isObject(found)) return "the tfjs backend `wasm` is not initialised";
	const { wasm, makeOutput, getMemoryOffset, disposeData, dataIdMap } = found;
	const methods = [makeOutput, getMemoryOffset, disposeData, isObject(dataIdMap) ? dataIdMap.get : undefined];
	if (!methods.every((method) => typeof method === "function")) {
		return "this version of the tfjs wasm backend does not tell where its tensors lie";
	}
	if (!isObject(wasm) || !isObject(wasm.asm) || !(wasm.asm.memory instanceof engine.Memory)) {
		return "this version of the tfjs wasm backend does not share its memory";
	}
	if (typeof wasm._malloc !== "function" || typeof wasm._free !== "function") {
		return "this version of the tfjs wasm backend does not share its allocator";
	}
	return found as unknown as WasmBackend;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null;
}

/** Kernels bound to a backend's memory. */
export class KernelContext {
	readonly backend: WasmBackend;
	readonly kernels: KernelExports;

	constructor(backend: WasmBackend, module: CompiledModule) {
		this.backend = backend;
		this.kernels = instantiate(module, backend.wasm.asm.memory, this.allocate(CONSTANTS_BYTES).address);
	}

	/** Byte offset of a tensor's first value. */
	address(tensor: TensorInfo): number {
		return this.backend.getMemoryOffset(tensor.dataId);
	}

	output(shape: readonly number[]): TensorInfo {
		return this.backend.makeOutput([...shape], "float32");
	}

	/**
	 * Lends scratch memory, aligned to a cache line, for the length of a call. What it holds at first is left over from
	 * others.
	 *
	 * @throws {RangeError} when the backend's memory is used up
	 */
	withScratch<Result>(bytes: number, use: (address: number) => Result): Result {
		const { address, free } = this.allocate(bytes);
		try {
			return use(address);
		} finally {
			free();
		}
	}

	/**
	 * Memory that is kept until `free`, aligned to a cache line.
	 *
	 * @throws {RangeError} when the backend's memory is used up
	 */
	allocate(bytes: number): Allocation {
		const allocated = this.backend.wasm._malloc(bytes + CACHE_LINE) >>> 0;
		if (allocated === 0) throw new RangeError(`no ${bytes} bytes of WebAssembly memory left`);
		return {
			address: ((allocated + CACHE_LINE - 1) & -CACHE_LINE) >>> 0,
			free: () => this.backend.wasm._free(allocated),
		};
	}

	/** float32 values where they lie; gone when memory grows. */
	floats(address: number, count: number): Float32Array {
		return new Float32Array(this.backend.wasm.asm.memory.buffer, address, count);
	}

	/** Words of four bytes where they lie; gone when memory grows. */
	words(address: number, count: number): Int32Array {
		return new Int32Array(this.backend.wasm.asm.memory.buffer, address, count);
	}

	/** Copies bytes from one place to another. */
	copy(to: number, from: number, bytes: number): void {
		new Uint8Array(this.backend.wasm.asm.memory.buffer).copyWithin(to, from, from + bytes);
	}

	/** A tensor of TensorFlow.js over memory that is not its own: `release` it, and what was made of it, before that goes. */
	view(address: number, shape: readonly number[], dtype: DataType): { readonly tensor: Tensor; release(): void } {
		const info = this.backend.makeOutput([...shape], dtype, address);
		const tensor = tfjs().makeTensorFromTensorInfo(info);
		const release = () => {
			// Nothing is freed at address 0.
			this.backend.dataIdMap.get(info.dataId).memoryOffset = 0;
			tensor.dispose();
		};
		return { tensor, release };
	}

	/** The values of an int32 tensor as they lie in memory; gone when memory grows. */
	integers(tensor: TensorInfo, count: number): Int32Array {
		return new Int32Array(this.backend.wasm.asm.memory.buffer, this.address(tensor) >>> 0, count);
	}

	/** Writes integers where a kernel reads them; the view is made afresh, for memory may have grown. */
	writeIntegers(address: number, values: readonly number[]): void {
		new Int32Array(this.backend.wasm.asm.memory.buffer, address >>> 0, values.length).set(values);
	}
}

const CACHE_LINE = 64;

/** Memory of the backend's. */
export interface Allocation {
	readonly address: number;
	free(): void;
}

/** How the assembly's gemm finds an operand; the same numbers stand in assembly/gemm.ts. */
export const ROW_MAJOR = 0;
export const TRANSPOSED = 1;
export const IMAGE = 2;
export const PACKED = 3;

/** What a kernel function of tfjs is called with. */
export interface KernelCall {
	readonly inputs: Readonly<Record<string, TensorInfo | undefined>>;
	readonly attrs: Readonly<Record<string, unknown>>;
}

/**
 * One of our kernels: its result or results, or undefined where it does not cover the call and the stock kernel should.
 */
export interface Kernel {
	readonly name: string;
	run(call: KernelCall, context: KernelContext): TensorInfo | TensorInfo[] | undefined;
}

/** Whether all tensors are there, float32 and not empty. */
export function allFloat32(...tensors: readonly (TensorInfo | undefined)[]): boolean {
	return tensors.every((tensor) => tensor !== undefined && tensor.dtype === "float32" && !tensor.shape.includes(0));
}
