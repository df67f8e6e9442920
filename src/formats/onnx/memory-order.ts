import { type Axis, type Factor, hasBatch, lengthOf, resolve, withoutBatch } from "./factors.js";
import type { Storage, Value } from "./value.js";

/** Tells orders in memory apart. */
export function keyOf(groups: readonly (readonly Factor[])[]): string {
	return groups.map((group) => `[${group.map(({ id }) => id)}]`).join("");
}

/** The longest runs of factors that lie side by side in both orders: a transposition moves them whole. */
export function commonRuns(from: readonly Factor[], to: readonly Factor[]): Factor[][] {
	const runs: Factor[][] = [];
	from.forEach((item, index) => {
		const before = from[index - 1];
		const place = to.indexOf(item);
		if (place < 0) throw new RangeError("a value is arranged by factors it does not have");
		if (before !== undefined && place > 0 && to[place - 1] === before) runs.at(-1)?.push(item);
		else runs.push([item]);
	});
	return runs;
}

/** Images channels last, as the ops want them: most inputs with four axes are [batch, channels, height, width]. */
export function preferredOrder(storage: Storage, axes: readonly Axis[]): readonly Factor[] {
	const native = storage.source?.native ?? [];
	const isInput = storage.source?.tensor === undefined;
	if (!isInput || axes.length !== 4) return resolve(native);
	const [, channels = [], height = [], width = []] = axes;
	return [...withoutBatch(height), ...withoutBatch(width), ...withoutBatch(channels)];
}

/** The index of the value with the most elements, among equals of one that has an order in memory. */
export function largest(values: readonly Value[]): number {
	const sizes = values.map((value) => lengthOf(value.axes.flatMap((item) => resolve(item))));
	const most = Math.max(...sizes);
	const placed = sizes.findIndex((size, index) => size === most && values[index]?.storage.source?.placed !== false);
	return placed >= 0 ? placed : sizes.indexOf(most);
}

/** For each factor of the result the one that stands in its place in a value; none where the value is broadcast. */
export function twinsOf(axes: readonly Axis[], own: readonly Axis[]): Map<Factor, Factor> {
	const twins = new Map<Factor, Factor>();
	for (const [index, item] of axes.entries()) {
		const theirs = resolve(own[index] ?? []);
		// What is the same for all samples may lack them where the axis has them before others.
		const all = resolve(item);
		const mine = hasBatch(all) && !hasBatch(theirs) ? withoutBatch(all) : all;
		if (theirs.length > 0)
			mine.forEach((one, place) => {
				twins.set(one, theirs[place] ?? one);
			});
	}
	return twins;
}

/** Takes an axis in memory apart where some value has only a part of its factors. */
export function homogeneous(group: readonly Factor[], twins: readonly ReadonlyMap<Factor, Factor>[]): Factor[][] {
	if (group.length === 0) return [[]];
	const parts: Factor[][] = [];
	let last = "";
	for (const item of group) {
		const pattern = twins.map((map) => map.has(item)).join();
		if (pattern === last) parts.at(-1)?.push(item);
		else parts.push([item]);
		last = pattern;
	}
	return parts;
}
