import type { Padding } from "../../../network/ops/window.js";
import type { KerasGraph } from "../network.js";
import type { KerasLayer } from "../topology.js";

export type Config = KerasLayer["config"];

/** The one value that a layer reads. */
export function only(inputs: readonly string[]): string {
	const [x, ...others] = inputs;
	if (x === undefined || others.length > 0) throw new RangeError(`it reads ${inputs.length} values, expected one`);
	return x;
}

export function number(config: Config, name: string, fallback: number): number {
	const value = config[name];
	return typeof value === "number" ? value : fallback;
}

/** An attribute with a number for each of some axes, or one for all. */
export function perAxis(config: Config, name: string, rank: number, fallback: number): number[] {
	const value = config[name] ?? fallback;
	const list = Array.isArray(value) ? value.map(Number) : [Number(value)];
	return Array.from({ length: rank }, (_, axis) => list[axis] ?? list[0] ?? fallback);
}

export function pair(config: Config, name: string, fallback: number): [number, number] {
	const [a = fallback, b = fallback] = perAxis(config, name, 2, fallback);
	return [a, b];
}

export function paddingOf(config: Config): Padding {
	if (config.padding === "same" || config.padding === "valid" || config.padding === undefined)
		return config.padding ?? "valid";
	throw new RangeError(`padding ${config.padding} is not supported`);
}

export function isChannelsFirst({ data_format: format = "channels_last" }: Config): boolean {
	if (format === "channels_first" || format === "channels_last" || format === null) return format === "channels_first";
	throw new RangeError(`data_format ${format} is not supported`);
}

/** A value with its first axis last. */
export function toChannelsLast(network: KerasGraph, x: string): string {
	const rank = network.shapeOf(x).length;
	return network.emit("transpose", [x], { permutation: Array.from({ length: rank }, (_, i) => (i + 1) % rank) });
}

/** A value with its last axis first. */
export function toChannelsFirst(network: KerasGraph, x: string): string {
	const rank = network.shapeOf(x).length;
	return network.emit("transpose", [x], { permutation: Array.from({ length: rank }, (_, i) => (i + rank - 1) % rank) });
}

/** What a layer does with images, channels last; where they come channels first they are turned, and turned back where they still are images. */
export function channelsLast(network: KerasGraph, config: Config, x: string, work: (x: string) => string): string {
	if (!isChannelsFirst(config)) return work(x);
	const y = work(toChannelsLast(network, x));
	return network.shapeOf(y).length === network.shapeOf(x).length ? toChannelsFirst(network, y) : y;
}

/** A sequence as an image of one row, and back. */
export function asRow(network: KerasGraph, x: string): string {
	const [length = 1, channels = 1] = network.shapeOf(x);
	return network.emit("reshape", [x], { rank: 2, shape: [1, length, channels] });
}

export function asSequence(network: KerasGraph, x: string): string {
	const [, length = 1, channels = 1] = network.shapeOf(x);
	return network.emit("reshape", [x], { rank: 3, shape: [length, channels] });
}

export function reshaped(network: KerasGraph, x: string, shape: readonly number[]): string {
	const from = network.shapeOf(x);
	return String(from) === String(shape) ? x : network.emit("reshape", [x], { rank: from.length, shape });
}

/** [before, after] of `rank` axes, from one number, one an axis, or two an axis. */
export function margins(value: unknown, rank: number): [number, number][] {
	const list: unknown[] = Array.isArray(value) ? value : Array(rank).fill(value ?? 1);
	const isPair = rank === 1 && list.length === 2 && list.every((item) => typeof item === "number");
	const all = isPair ? [list] : list;
	return Array.from({ length: rank }, (_, axis) => {
		const item = all[axis] ?? all[0];
		return Array.isArray(item) ? [Number(item[0]), Number(item[1])] : [Number(item), Number(item)];
	});
}
