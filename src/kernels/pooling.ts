import { AvgPool, AvgPoolGrad, backend_util, MaxPool, MaxPoolGrad, type TensorInfo } from "@tensorflow/tfjs-core";
import { allFloat32, type Kernel, type KernelCall, type KernelContext } from "./backend.js";
import { type ConvInfo, GEOMETRY_BYTES, geometryOf } from "./conv2d.js";
import { areFloats, type Lowering, type Operand } from "./lowering.js";

/** The geometry tfjs works out for pooling x [batch, height, width, channels]. */
function poolInfoOf(x: readonly number[], attrs: Readonly<Record<string, unknown>>): ConvInfo | undefined {
	if (x.length !== 4) return undefined;
	const info = backend_util.computePool2DInfo(
		x as [number, number, number, number],
		attrs.filterSize as number | [number, number],
		attrs.strides as number | [number, number],
		1,
		attrs.pad as "same" | "valid" | number,
		attrs.dimRoundingMode as "floor" | "round" | "ceil" | undefined,
	);
	return info.outShape.includes(0) ? undefined : info;
}

/** Pooling x [batch, height, width, channels] for a program; attrs as tfjs has them. */
export function lowerPooling(
	lowering: Lowering,
	name: "maxPool" | "averagePool",
	x: Operand,
	attrs: Readonly<Record<string, unknown>>,
): Operand | undefined {
	const info = areFloats(x) && x.perSample ? poolInfoOf(x.shape, attrs) : undefined;
	if (!info) return undefined;
	const out = lowering.value(info.outShape);
	lowering.emit(name, x.at, out.at, info.batchSize, lowering.integers(geometryOf(info)));
	return out;
}

function withGeometry(context: KernelContext, info: ConvInfo, use: (geometry: number) => void): void {
	context.withScratch(GEOMETRY_BYTES, (geometry) => {
		context.writeIntegers(geometry, geometryOf(info));
		use(geometry);
	});
}

function pool(call: KernelCall, context: KernelContext, mean: boolean): TensorInfo | undefined {
	const { x } = call.inputs;
	const info = x && allFloat32(x) ? poolInfoOf(x.shape, call.attrs) : undefined;
	if (!x || !info) return undefined;
	const out = context.output(info.outShape);
	const [from, to] = [context.address(x), context.address(out)];
	withGeometry(context, info, (geometry) => {
		if (mean) context.kernels.averagePool(from, to, info.batchSize, geometry);
		else context.kernels.maxPool(from, to, info.batchSize, geometry);
	});
	return out;
}

function runMaxPoolGradient({ inputs, attrs }: KernelCall, context: KernelContext): TensorInfo | undefined {
	const { dy, input: x, output: pooled } = inputs;
	if (!dy || !x || !pooled || !allFloat32(dy, x, pooled)) return undefined;
	const info = poolInfoOf(x.shape, attrs);
	if (!info) return undefined;
	const dx = context.output(x.shape);
	const [atDy, atX, atPooled, atDx] = [dy, x, pooled, dx].map((tensor) => context.address(tensor)) as [
		number,
		number,
		number,
		number,
	];
	withGeometry(context, info, (geometry) =>
		context.kernels.maxPoolGradient(atDy, atX, atPooled, atDx, info.batchSize, geometry),
	);
	return dx;
}

/** The tangent at the maximum of each window; a kernel that only this project knows. */
export const MAX_POOL_TANGENT = "MaxPoolTangent";

function runMaxPoolTangent(
	{ inputs: { x, tangent }, attrs }: KernelCall,
	context: KernelContext,
): TensorInfo | undefined {
	if (!x || !tangent || !allFloat32(x, tangent)) return undefined;
	const info = poolInfoOf(x.shape, attrs);
	if (!info) return undefined;
	const out = context.output(info.outShape);
	const [from, beside, to] = [context.address(x), context.address(tangent), context.address(out)];
	withGeometry(context, info, (geometry) => context.kernels.maxPoolTangent(from, beside, to, info.batchSize, geometry));
	return out;
}

function runAveragePoolGradient({ inputs, attrs }: KernelCall, context: KernelContext): TensorInfo | undefined {
	const { dy, input: x } = inputs;
	if (!dy || !x || !allFloat32(dy, x)) return undefined;
	const info = poolInfoOf(x.shape, attrs);
	if (!info) return undefined;
	const dx = context.output(x.shape);
	const [from, to] = [context.address(dy), context.address(dx)];
	withGeometry(context, info, (geometry) => context.kernels.averagePoolGradient(from, to, info.batchSize, geometry));
	return dx;
}

export const maxPool: Kernel = { name: MaxPool, run: (call, context) => pool(call, context, false) };
export const averagePool: Kernel = { name: AvgPool, run: (call, context) => pool(call, context, true) };
export const averagePoolGradient: Kernel = { name: AvgPoolGrad, run: runAveragePoolGradient };
/** Where a window has its maximum twice, the first one gets the gradient. */
export const maxPoolGradient: Kernel = { name: MaxPoolGrad, run: runMaxPoolGradient };
export const maxPoolTangent: Kernel = { name: MAX_POOL_TANGENT, run: runMaxPoolTangent };
