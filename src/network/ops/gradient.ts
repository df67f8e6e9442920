import {
	broadcastTo,
	customGrad,
	type GradSaveFunc,
	gather,
	type Tensor,
	type Tensor1D,
	tensor,
	zeros,
} from "@tensorflow/tfjs-core";
import { sizeOf } from "../shape.js";

/** The gradient with respect to integers, which nothing asks for, has to be there all the same. */
const none = (x: Tensor): Tensor => zeros(x.shape);

/** A result through which no gradient passes: of a comparison, or of a function whose values are whole. */
export function withoutGradient(compute: (...inputs: Tensor[]) => Tensor, ...inputs: Tensor[]): Tensor {
	const operation = customGrad((...given) => {
		const saved = given.slice(0, -1) as Tensor[];
		return { value: compute(...saved), gradFunc: () => saved.map(none) };
	});
	return operation(...inputs);
}

/** A tensor stretched to a shape, whose gradient is summed back; TensorFlow.js does not do that for every op. */
export function stretched(x: Tensor, shape: readonly number[]): Tensor {
	return String(x.shape) === String(shape) ? x : broadcastTo(x, [...shape]);
}

/**
 * The elements of an axis by their numbers, with a gradient: what comes for an element adds up where it was taken from, in the
 * order in which they were taken. (The stock gradient needs a kernel that the backend lacks.)
 *
 * @param numbers int32, in any shape, which takes the axis's place
 */
export function taken(x: Tensor, numbers: Tensor, axis: number): Tensor {
	const shape = x.shape;
	const operation = customGrad((...given) => {
		const [table, indices, save] = given as unknown as [Tensor, Tensor1D, GradSaveFunc];
		save([indices]);
		const gradFunc = (dy: Tensor, saved: Tensor[]) => {
			const [from] = saved as [Tensor];
			return [scattered(dy, from.dataSync() as Int32Array, shape, axis), none(from)];
		};
		return { value: gather(table, indices, axis), gradFunc };
	});
	return operation(x, numbers);
}

/** Zeros of a shape, to which parts of `dy` are added along an axis. */
function scattered(dy: Tensor, numbers: Int32Array, shape: readonly number[], axis: number): Tensor {
	const [outer, inner] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
	const length = shape[axis] ?? 1;
	const values = dy.dataSync() as Float32Array;
	const sum = new Float32Array(sizeOf(shape));
	for (let o = 0, from = 0; o < outer; o++) {
		for (const number of numbers) {
			const to = (o * length + number) * inner;
			for (let i = 0; i < inner; i++) sum[to + i] = (sum[to + i] ?? 0) + (values[from + i] ?? 0);
			from += inner;
		}
	}
	return tensor(sum, [...shape]);
}

/** As `taken`, by numbers that stay the same. */
export function takenAt(x: Tensor, numbers: readonly number[], axis: number): Tensor {
	return taken(x, tensor([...numbers], [numbers.length], "int32"), axis);
}
