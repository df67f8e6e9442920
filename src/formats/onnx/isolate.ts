import type { AttributesOf, Builder } from "./builder.js";
import { axis, type Factor, hasBatch, resolve, withoutBatch } from "./factors.js";
import { separated } from "./ops/reduction.js";
import { problem, shapeOf, type Value } from "./value.js";

/** Axes in memory, one of which is a certain axis of ONNX's and nothing else. */
export interface Isolated {
	readonly groups: readonly (readonly Factor[])[];
	/** The place of that axis in memory, counted from the last. */
	readonly place: number;
}

/** Gives an axis of ONNX's an axis of its own in memory, moving as little as possible. */
export function isolate(value: Value, index: number, groups: readonly (readonly Factor[])[]): Isolated {
	const set = resolve(value.axes[index] ?? []);
	if (hasBatch(set)) return problem("it takes samples apart");
	const apart = separated(groups, set).filter((group) => group.length > 0);
	const at = set.length > 0 ? apart.findIndex((group) => group.some((item) => set.includes(item))) : -1;
	if (at >= 0) {
		const others = apart.filter((group) => !group.some((item) => set.includes(item)));
		const before = apart.slice(0, at).length;
		return { groups: [...others.slice(0, before), set, ...others.slice(before)], place: before - others.length - 1 };
	}
	const place = placeOfUnit(value, index, apart);
	return { groups: [...apart.slice(0, place), [], ...apart.slice(place)], place: place - apart.length - 1 };
}

/** An axis of length 1 lies nowhere; it comes where its neighbours are, channels last. */
function placeOfUnit(value: Value, index: number, groups: readonly (readonly Factor[])[]): number {
	if (index === 1 && value.axes.length >= 3) return groups.length;
	const later = value.axes.slice(index + 1).flatMap((item) => withoutBatch(item));
	const found = groups.findIndex((group) => group.some((item) => later.includes(item)));
	return found < 0 ? groups.length : found;
}

/**
 * Applies an op to one axis of ONNX's, which may get another length by it.
 *
 * @param attributes for the axis in memory, counted from the last
 */
export function alongAxis<Name extends "slice" | "gather" | "resample">(
	builder: Builder,
	value: Value,
	index: number,
	result: readonly Factor[],
	op: Name,
	attributes: (axis: number) => AttributesOf<Name>,
): Value {
	const { groups, place } = isolate(value, index, builder.groupsOf(value));
	const to = groups.map((group, i) => (i === groups.length + place ? result : group));
	const axes = value.axes.map((item, i) => (i === index ? result : item));
	return builder.emit(op, [builder.arrange(value, groups)], attributes(place), to, axes, value.kind);
}

/** `count` elements of an axis from `start` on, by `step`; all of them in order is the value itself. */
export function sliced(
	builder: Builder,
	value: Value,
	index: number,
	[start, count, step]: readonly [number, number, number],
): Value {
	const length = shapeOf(value)[index] ?? 1;
	if (start === 0 && count === length && step === 1) return value;
	if (count < 1) return problem("it leaves nothing over");
	return alongAxis(builder, value, index, axis(count), "slice", (along) => ({
		axis: along,
		start,
		length: count,
		step,
	}));
}
