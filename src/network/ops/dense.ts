import { fused, matMul, reshape, type Tensor1D, type Tensor2D } from "@tensorflow/tfjs-core";
import { lowerProduct } from "../../kernels/matmul.js";
import { axisAt } from "./axes.js";
import { bilinearTangent, type Op, required } from "./op.js";

/** Inputs: features [..., in], kernel [in, out], and optionally bias [out]; the axes before the last stay. */
export interface DenseAttributes {
	/** Applied to the sum; set by fuse.ts, never by a builder. */
	readonly activation?: "relu";
}

export const dense: Op<DenseAttributes> = {
	shape(inputs) {
		const features = required(inputs, 0);
		const [kernelIn = 0, out = 0] = required(inputs, 1);
		if (features.at(-1) !== kernelIn) throw new RangeError(`features [${features}] meet a kernel for ${kernelIn}`);
		return [...features.slice(0, -1), out];
	},

	run(inputs, { activation }) {
		const x = required(inputs, 0);
		const b = required(inputs, 1) as Tensor2D;
		const bias = inputs[2] as Tensor1D | undefined;
		const [kernelIn, out] = b.shape;
		const a = (x.rank === 2 ? x : reshape(x, [x.size / kernelIn, kernelIn])) as Tensor2D;
		const y =
			bias === undefined && activation === undefined
				? matMul(a, b)
				: fused.matMul({ a, b, ...(bias === undefined ? {} : { bias }), activation: activation ?? "linear" });
		return x.rank === 2 ? y : reshape(y, [...x.shape.slice(0, -1), out]);
	},

	lower: ([x, matrix, bias], { activation }, lowering) =>
		x && matrix && !bias?.perSample
			? lowerProduct(lowering, { x, matrix, bias, relu: activation === "relu" })
			: undefined,

	multiplyAdds(inputs, output) {
		const [kernelIn = 0] = required(inputs, 1);
		return output.reduce((product, length) => product * length, kernelIn);
	},

	axes([x = [], kernel = [], bias], axes) {
		axes.join(axisAt(x, -1), axisAt(kernel, 0));
		if (bias) axes.join(axisAt(bias, 0), axisAt(kernel, 1));
		return [...x.slice(0, -1), axisAt(kernel, 1)];
	},

	tangent: bilinearTangent("dense"),
};
