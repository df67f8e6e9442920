import { ready, setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";

/** Starts TensorFlow.js on WebAssembly SIMD in this thread; done once, at first use. */
export function startBackend(): Promise<void> {
	started ??= start();
	return started;
}

let started: Promise<void> | undefined;

async function start(): Promise<void> {
	await setBackend("wasm");
	await ready();
}
