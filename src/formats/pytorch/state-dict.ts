import { FileFormatError } from "../../errors.js";
import { DEPTH_BOUND } from "../../files/limits.js";
import { isZip, unzip } from "../../files/zip.js";
import type { NamedTensor } from "../../network/parameters.js";
import type { ReadBeside, WeightsOptions } from "../format.js";
import { readLegacy } from "./legacy.js";
import { PickleObject, parsePickle } from "./pickle.js";
import { type Pending, pendingOf, TensorSource } from "./tensors.js";

type Fail = (message: string) => never;

/** What training scripts call the state_dict inside a checkpoint, the most usual first. */
const wrappers = [
	"state_dict",
	"model_state_dict",
	"model_state",
	"model",
	"net",
	"network",
	"module",
	"params",
	"weights",
	"state",
];

/**
 * Reads the tensors of a checkpoint by name, in native layout: a state_dict, alone or beside other things; the parameters of a
 * network that was saved whole, or as TorchScript; arrays of NumPy. From PyTorch of any version, or a plain pickle. Nothing of
 * the file is executed, and what else it holds is passed over.
 *
 * @param path    how errors call the file
 * @param options which of several networks in it
 * @throws {FileFormatError} when the file is not whole, or holds no tensors by name
 */
export function parsePyTorch(
	bytes: Uint8Array,
	path: string,
	_beside?: ReadBeside,
	options: WeightsOptions = {},
): Map<string, NamedTensor> {
	const fail: Fail = (message) => {
		throw new FileFormatError(path, message);
	};
	const { content, storage } = open(bytes, path, fail);
	const source = new TensorSource(bytes.length, storage, fail);
	const chosen = choose(content, path, options, fail);
	return new Map([...chosen].map(([name, pending]) => [name, pending.read(source, name)]));
}

interface Opened {
	/** What the pickle says. */
	readonly content: unknown;
	readonly storage: (key: string) => Uint8Array | undefined;
}

function open(bytes: Uint8Array, path: string, fail: Fail): Opened {
	if (!isZip(bytes)) return bytes[0] === 0x80 ? readLegacy(bytes, path) : fail("not a PyTorch file");
	const entries = unzip(bytes, path);
	const pickle = [...entries.keys()].find((name) => name === "data.pkl" || name.endsWith("/data.pkl"));
	if (pickle === undefined) return fail("not a PyTorch file: the archive holds no data.pkl");
	const folder = pickle.slice(0, -"data.pkl".length);
	const order = entries.get(`${folder}byteorder`);
	if (order !== undefined && new TextDecoder().decode(order) !== "little") return fail("holds big-endian numbers");
	const content = parsePickle(entries.get(pickle) ?? new Uint8Array(), path, bytes.length);
	return { content, storage: (key) => entries.get(`${folder}data/${key}`) };
}

type Tensors = ReadonlyMap<string, Pending>;

/** The tensors of the network in a checkpoint: those under the key that is asked for, or under a usual one. */
function choose(content: unknown, path: string, { checkpointKey, assume }: WeightsOptions, fail: Fail): Tensors {
	if (checkpointKey !== undefined) return under(content, checkpointKey, fail);
	const own = networkOf(content);
	const found = content instanceof Map ? [...content] : [];
	const candidates = found
		.map(([key, value]) => [String(key), networkOf(value)] as const)
		.filter(([, tensors]) => tensors.size > 0);
	// A tensor beside a network is a fact of the checkpoint, such as its best accuracy.
	if (own.size > 0 && candidates.length === 0) return own;
	if (!(content instanceof Map)) return fail(`holds ${describe(content)}, and no tensors by name (a state_dict)`);
	const usual = wrappers.find((name) => candidates.some(([key]) => key === name));
	const [key, tensors] =
		candidates.find(([name]) => name === usual) ?? (candidates.length === 1 ? candidates[0] : undefined) ?? [];
	if (tensors === undefined) {
		const several = candidates.map(([name]) => name).slice(0, 20);
		return several.length > 0
			? fail(`holds several networks, ${several.join(", ")}; say which with --checkpoint-key`)
			: fail(`holds no state_dict (tensors by name); its entries are ${entriesOf(content)}`);
	}
	const others = candidates.map(([name]) => name).filter((name) => name !== key);
	if (others.length > 0) assume?.(`weights are "${key}" of ${path}, not ${others.join(", ")}; --checkpoint-key picks`);
	return tensors;
}

/** The tensors under a key, or one within another: `ema.model`. */
function under(content: unknown, key: string, fail: Fail): Tensors {
	let value = content;
	for (const part of valueAt(content, key) === undefined ? key.split(".") : [key]) value = valueAt(value, part);
	const tensors = networkOf(value);
	const keys = content instanceof Map ? entriesOf(content) : "none";
	return tensors.size > 0 ? tensors : fail(`has no tensors under "${key}"; its entries are ${keys}`);
}

function valueAt(value: unknown, key: string): unknown {
	return value instanceof Map ? value.get(key) : undefined;
}

/** The tensors of a state_dict, or of a network that was saved whole; none of anything else. */
function networkOf(value: unknown): Tensors {
	const tensors = new Map<string, Pending>();
	if (value instanceof Map) {
		for (const [name, item] of value) {
			const pending = pendingOf(item);
			if (pending !== undefined && typeof name === "string") tensors.set(name, pending);
		}
		return tensors;
	}
	if (value instanceof PickleObject) collect(value, "", tensors, 0);
	return tensors;
}

/** What a module keeps of its own, and the modules within it: of TorchScript they are its attributes. */
const containers = ["_parameters", "_buffers", "_modules"];

function collect(module: PickleObject, prefix: string, into: Map<string, Pending>, depth: number): void {
	if (!(module.state instanceof Map) || depth > DEPTH_BOUND) return;
	const { state } = module;
	const kept = containers.some((name) => state.get(name) instanceof Map)
		? containers.flatMap((name) =>
				state.get(name) instanceof Map ? [...(state.get(name) as Map<unknown, unknown>)] : [],
			)
		: [...state];
	for (const [name, value] of kept) {
		const pending = pendingOf(value);
		if (pending !== undefined) into.set(prefix + String(name), pending);
		else if (value instanceof PickleObject) collect(value, `${prefix}${name}.`, into, depth + 1);
	}
}

/** The first entries of a dictionary, with what unknown objects in it are. */
function entriesOf(content: ReadonlyMap<unknown, unknown>): string {
	const told = [...content]
		.slice(0, 20)
		.map(([key, value]) => `${key}${value instanceof PickleObject ? ` (${describe(value)})` : ""}`);
	return told.join(", ") || "none";
}

function describe(content: unknown): string {
	if (content instanceof PickleObject) return `what ${content.name} would make, which is not run`;
	if (Array.isArray(content)) return "a list";
	return content === null || typeof content !== "object" ? typeof content : "an object";
}
