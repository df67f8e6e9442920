import { isRecord } from "../../check/record.js";

/** What a layer reads: a layer, and which of that layer's calls. */
export interface KerasSource {
	readonly layer: string;
	readonly call: number;
	/** A number in place of what comes from a layer: of Keras 3's operations, `x + 3`. */
	readonly constant?: number;
}

/** All that a layer reads at once. */
export type KerasCall = readonly KerasSource[];

/** A layer as the file describes it. */
export interface KerasLayer {
	readonly kind: string;
	readonly name: string;
	readonly config: Readonly<Record<string, unknown>>;
	/** What it reads, call by call; none where it reads whatever comes before it. */
	readonly calls?: readonly KerasCall[];
	/** What it is made of, where it is a model. */
	readonly model?: KerasModel;
}

export interface KerasModel {
	readonly name: string;
	/** Whether each layer reads the one before. */
	readonly isSequential: boolean;
	readonly layers: readonly KerasLayer[];
	/** Empty where it is sequential. */
	readonly inputs: readonly KerasSource[];
	readonly outputs: readonly KerasSource[];
}

type Fail = (message: string) => never;

/** The value where it is an object, to take members from. */
export function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
	return isRecord(value) ? value : undefined;
}

/** The kinds of layers that are models themselves. */
const models = new Set(["Functional", "Model", "Sequential"]);

/**
 * What a topology says: layers, what they read, and which of them go in and come out; models may lie in models.
 *
 * @param topology of a model.json, a .h5 or a .keras file
 */
export function parseModel(topology: unknown, fail: Fail): KerasModel {
	const model = record(record(topology)?.model_config) ?? record(topology) ?? {};
	const config = record(model.config) ?? { layers: model.config };
	const layers = Array.isArray(config.layers) ? config.layers : fail("its model_config has no layers");
	return {
		name: String(config.name ?? ""),
		isSequential: model.class_name === "Sequential",
		layers: layers.map((layer) => parseLayer(layer, fail)),
		inputs: sourcesOf(config.input_layers),
		outputs: sourcesOf(config.output_layers),
	};
}

/** A layer as it stands in a list of layers, or in the settings of a layer around it. */
export function parseLayer(layer: unknown, fail: Fail): KerasLayer {
	const { class_name: kind, config, inbound_nodes: inbound, name, module } = record(layer) ?? {};
	if (typeof kind !== "string" || config === null || typeof config !== "object")
		return fail("a layer has no class_name or no config");
	const settings = record(config) ?? {};
	// Operations of Keras 3 stand among the layers, and may have numbers for arguments.
	const isOperation = String(module).startsWith("keras.src.ops");
	const calls = callsOf(inbound, isOperation);
	return {
		kind,
		name: String(settings.name ?? name ?? kind),
		config: settings,
		...(calls !== undefined && { calls }),
		...(models.has(kind) && { model: parseModel(layer, fail) }),
	};
}

/** What a layer reads, a call each; undefined where the next layer simply reads the last, as in Sequential. */
function callsOf(inbound: unknown, isOperation: boolean): readonly KerasCall[] | undefined {
	return Array.isArray(inbound) ? inbound.map((call) => callOf(call, isOperation)) : undefined;
}

/** Keras 2 has lists of [layer, node, tensor, arguments], Keras 3 arguments among which tensors stand. */
function callOf(call: unknown, isOperation: boolean): KerasCall {
	const { args, kwargs } = record(call) ?? {};
	if (args !== undefined)
		return [...historiesIn(args, isOperation), ...historiesIn(record(kwargs)?.initial_state, false)];
	return sourcesOf(call);
}

function historiesIn(value: unknown, withNumbers: boolean): KerasSource[] {
	if (Array.isArray(value)) return value.flatMap((each) => historiesIn(each, withNumbers));
	if (withNumbers && typeof value === "number") return [{ layer: "", call: 0, constant: value }];
	const history = record(record(value)?.config)?.keras_history;
	return Array.isArray(history) ? [sourceOf(history)] : [];
}

/** One source, [layer, node, tensor], or a list of them. */
function sourcesOf(value: unknown): KerasSource[] {
	if (!Array.isArray(value)) {
		const members = record(value);
		return members === undefined ? [] : Object.values(members).flatMap(sourcesOf);
	}
	if (typeof value[0] === "string") return [sourceOf(value)];
	return value.flatMap(sourcesOf);
}

function sourceOf([layer, call]: readonly unknown[]): KerasSource {
	return { layer: String(layer), call: Number(call) || 0 };
}
