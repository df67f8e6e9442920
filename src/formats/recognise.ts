import { isZip } from "../files/zip.js";

/** What a file is by its first bytes. */
export interface Recognised {
	/** In words; undefined where nothing is known of such bytes. */
	readonly kind?: string;
	/** The format that reads it as weights. */
	readonly format?: string;
}

const startsWith = (bytes: Uint8Array, ...start: readonly number[]) => start.every((byte, at) => bytes[at] === byte);
const text = (bytes: Uint8Array, from: number, to: number) =>
	new TextDecoder("latin1").decode(bytes.subarray(from, to));

/** Kinds of files that people take for weights, and how they begin. */
const kinds: readonly (readonly [test: (bytes: Uint8Array) => boolean, found: Recognised])[] = [
	[(bytes) => bytes.length === 0, { kind: "empty" }],
	[
		(bytes) => isZip(bytes) && text(bytes, 0, 4096).includes("data.pkl"),
		{ kind: "a checkpoint of PyTorch", format: "PyTorch" },
	],
	[(bytes) => isZip(bytes) && /\.npy/.test(text(bytes, 0, 4096)), { kind: "an archive of NumPy", format: "npz" }],
	[
		(bytes) => isZip(bytes) && text(bytes, 0, 4096).includes("model.weights.h5"),
		{ kind: "a model of Keras 3", format: "Keras archive" },
	],
	[
		(bytes) => isZip(bytes) && /data\/weights\/weight_\d/.test(text(bytes, 0, 4096)),
		{ kind: "a program of torch.export, not its weights; save these with torch.save(model.state_dict(), ...)" },
	],
	[isZip, { kind: "a zip archive" }],
	[(bytes) => startsWith(bytes, 0x80) && (bytes[1] ?? 9) <= 5, { kind: "a pickle", format: "PyTorch" }],
	[(bytes) => bytes[8] === 0x7b && bytes[7] === 0, { kind: "safetensors", format: "safetensors" }],
	[(bytes) => text(bytes, 1, 6) === "NUMPY", { kind: "an array of NumPy" }],
	[(bytes) => startsWith(bytes, 0x89) && text(bytes, 1, 4) === "HDF", { kind: "an HDF5 file", format: "Keras HDF5" }],
	[(bytes) => startsWith(bytes, 0x1f, 0x8b), { kind: "packed with gzip; unpack it first" }],
	[(bytes) => text(bytes, 257, 262) === "ustar", { kind: "a tar archive; unpack it first" }],
	[(bytes) => text(bytes, 4, 8) === "TFL3", { kind: "a model of TensorFlow Lite" }],
	[(bytes) => text(bytes, 0, 4) === "GGUF", { kind: "a GGUF file" }],
	[(bytes) => text(bytes, 1, 4) === "PNG" || startsWith(bytes, 0xff, 0xd8, 0xff), { kind: "a picture" }],
	[(bytes) => startsWith(bytes, 0x7b) || startsWith(bytes, 0x5b), { kind: "JSON" }],
	[(bytes) => startsWith(bytes, 0x08) && (bytes[1] ?? 0) < 32, { kind: "ONNX", format: "ONNX" }],
];

/** What a file is, whatever its name ends in. */
export function recognise(bytes: Uint8Array): Recognised {
	return kinds.find(([test]) => test(bytes))?.[1] ?? {};
}
