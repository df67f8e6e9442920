import { Slice, type TensorInfo } from "@tensorflow/tfjs-core";
import { allFloat32, type Kernel, type KernelCall, type KernelContext } from "./backend.js";

/** An axis of a tensor of which a part is taken. */
interface Part {
	readonly size: number;
	/** In values of the whole tensor. */
	readonly stride: number;
}

/** A part of a tensor, of up to four axes once those are joined that are taken whole; the others are left to the stock kernel. */
function run({ inputs: { x }, attrs }: KernelCall, context: KernelContext): TensorInfo | undefined {
	if (!x || !allFloat32(x)) return undefined;
	const begin = attrs.begin as readonly number[];
	const size = (attrs.size as readonly number[]).map((length, axis) =>
		length === -1 ? (x.shape[axis] ?? 0) - (begin[axis] ?? 0) : length,
	);
	const inside = x.shape.every((length, axis) => {
		const [from = -1, count = 0] = [begin[axis], size[axis]];
		return from >= 0 && count > 0 && from + count <= length;
	});
	if (!inside) return undefined;
	const { parts, offset } = joinAxes(x.shape, begin, size);
	const [run, second, third, fourth, ...more] = parts.toReversed();
	if (run === undefined || more.length > 0) return undefined;
	const none: Part = { size: 1, stride: 0 };
	const [a, b, c] = [fourth ?? none, third ?? none, second ?? none];
	const out = context.output(size);
	const from = context.address(x) + 4 * offset;
	context.kernels.slice(from, context.address(out), a.size, b.size, c.size, run.size, a.stride, b.stride, c.stride);
	return out;
}

/** The axes from the first to the last, each joined with those behind it that are taken whole; the last one has stride 1. */
function joinAxes(shape: readonly number[], begin: readonly number[], size: readonly number[]) {
	const parts: Part[] = [];
	let [offset, stride] = [0, 1];
	let wholeBehind = true;
	for (let axis = shape.length - 1; axis >= 0; axis--) {
		const [length = 1, count = 1] = [shape[axis], size[axis]];
		offset += (begin[axis] ?? 0) * stride;
		const last = parts[0];
		if (last !== undefined && wholeBehind) parts[0] = { size: last.size * count, stride: last.stride };
		else parts.unshift({ size: count, stride });
		wholeBehind = count === length;
		stride *= length;
	}
	return { parts: parts.length > 0 ? parts : [{ size: 1, stride: 1 }], offset };
}

export const slice: Kernel = { name: Slice, run };
