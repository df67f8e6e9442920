/** A compiled WebAssembly module; opaque, and cloned by reference when it is posted to a worker thread. */
// biome-ignore lint/suspicious/noEmptyInterface: the engine's own object, of which only the identity is used
export interface CompiledModule {}

/** A WebAssembly memory, whose buffer is replaced when it grows. */
export interface SharedMemory {
	readonly buffer: ArrayBuffer;
}

interface Engine {
	readonly Memory: new (descriptor: { initial: number }) => SharedMemory;
	readonly Module: new (bytes: Uint8Array) => CompiledModule;
	readonly Instance: new (module: CompiledModule, imports: object) => { readonly exports: object };
	compile(bytes: Uint8Array): Promise<CompiledModule>;
	validate(bytes: Uint8Array): boolean;
}

/** The engine's WebAssembly, which TypeScript describes only together with the whole of the browser. */
export const engine: Engine = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;
