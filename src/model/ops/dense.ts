import { fused, matMul, type Tensor1D, type Tensor2D } from "@tensorflow/tfjs-core";
import { type Op, required } from "./op.js";

/** Inputs: features [in], kernel [in, out], and optionally bias [out]. */
export interface DenseAttributes {
	/** Applied to the sum; set by fuse.ts, never by a builder. */
	readonly activation?: "relu";
}

export const dense: Op<DenseAttributes> = {
	shape(inputs) {
		const features = required(inputs, 0);
		const [kernelIn = 0, out = 0] = required(inputs, 1);
		if (features.length !== 1 || features[0] !== kernelIn)
			throw new RangeError(`features [${features}] meet a kernel for ${kernelIn}`);
		return [out];
	},

	run(inputs, { activation }) {
		const a = required(inputs, 0) as Tensor2D;
		const b = required(inputs, 1) as Tensor2D;
		const bias = inputs[2] as Tensor1D | undefined;
		if (bias === undefined && activation === undefined) return matMul(a, b);
		return fused.matMul({ a, b, ...(bias === undefined ? {} : { bias }), activation: activation ?? "linear" });
	},

	multiplyAdds(inputs) {
		const [kernelIn = 0, out = 0] = required(inputs, 1);
		return kernelIn * out;
	},
};
