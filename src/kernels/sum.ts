import { Sum, type TensorInfo } from "@tensorflow/tfjs-core";
import { allFloat32, type Kernel, type KernelCall, type KernelContext } from "./backend.js";

/** Sums over all axes but the last, as the gradient of a bias needs them; other sums are left to the stock kernel. */
function run({ inputs, attrs }: KernelCall, context: KernelContext): TensorInfo | undefined {
	const { x } = inputs;
	if (!x || !allFloat32(x) || x.shape.length < 2) return undefined;
	const last = x.shape.length - 1;
	const axes = [attrs.axis ?? []].flat().map((axis) => (Number(axis) + x.shape.length) % x.shape.length);
	const others = new Set(axes);
	if (others.size !== last || others.has(last)) return undefined;
	const columns = x.shape[last] ?? 1;
	const rows = x.shape.reduce((size, length) => size * length, 1) / columns;
	const out = context.output(attrs.keepDims ? [...Array<number>(last).fill(1), columns] : [columns]);
	context.kernels.sumRows(context.address(x), context.address(out), rows, columns);
	return out;
}

export const sum: Kernel = { name: Sum, run };
