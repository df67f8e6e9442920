import { type OperatorCase, weights } from "./case.js";

function matMul(shape: readonly number[], other: readonly number[], swap = false): OperatorCase {
	const name = `MatMul ${swap ? `[${other}] by [n,${shape}]` : `[n,${shape}] by [${other}]`}`;
	return {
		name,
		inputs: { x: { shape } },
		tensors: { w: weights(name, other) },
		nodes: [{ op: "MatMul", inputs: swap ? ["w", "x"] : ["x", "w"] }],
	};
}

function gemm(
	what: string,
	x: readonly number[],
	w: readonly number[],
	c: readonly number[] | undefined,
	attributes = {},
): OperatorCase {
	const name = `Gemm ${what}`;
	return {
		name,
		inputs: { x: { shape: x } },
		tensors: { w: weights(name, w), ...(c && { c: weights(`${name} c`, c) }) },
		nodes: [{ op: "Gemm", inputs: ["x", "w", ...(c ? ["c"] : [])], attributes }],
	};
}

/** An Einsum of a value with tensors of the file, or with itself. */
function einsum(
	equation: string,
	shape: readonly number[],
	others: readonly (readonly number[] | "x")[],
): OperatorCase {
	const name = `Einsum ${equation}`;
	const tensors = others.flatMap((other, i) =>
		other === "x" ? [] : [[`w${i}`, weights(`${name} ${i}`, other)] as const],
	);
	return {
		name,
		inputs: { x: { shape } },
		tensors: Object.fromEntries(tensors),
		nodes: [
			{
				op: "Einsum",
				inputs: ["x", ...others.map((other, i) => (other === "x" ? "x" : `w${i}`))],
				attributes: { equation },
			},
		],
	};
}

export const linearCases: readonly OperatorCase[] = [
	matMul([4], [4, 3]),
	matMul([4], [4]),
	matMul([3, 4], [4, 2]),
	matMul([3, 4], [4]),
	matMul([3, 4], [2, 3], true),
	matMul([3, 4], [3], true),
	matMul([2, 3, 4], [4, 5]),
	matMul([2, 3, 4], [2, 4, 5]),
	matMul([2, 3, 4], [1, 4, 5]),
	matMul([2, 3, 4], [2, 5, 3], true),
	matMul([2, 3, 4], [5, 3], true),
	...(
		[
			[
				[2, 1, 3, 4],
				[2, 5, 4, 3],
			],
			[
				[1, 5, 3, 4],
				[2, 1, 4, 3],
			],
			[
				[2, 5, 3, 4],
				[2, 1, 4, 3],
			],
		] as const
	).map(
		([a, b]): OperatorCase => ({
			name: `MatMul [n,${a}] by [n,${b}], both computed`,
			inputs: { x: { shape: a }, y: { shape: b } },
			nodes: [{ op: "MatMul", inputs: ["x", "y"] }],
		}),
	),
	{
		name: "MatMul of two computed values, one transposed",
		inputs: { x: { shape: [2, 3, 4] } },
		nodes: [
			{ op: "Transpose", inputs: ["x"], outputs: ["t"], attributes: { perm: [0, 1, 3, 2] } },
			{ op: "MatMul", inputs: ["x", "t"] },
		],
	},
	{
		name: "MatMul of matrices by vectors of each sample",
		inputs: { x: { shape: [3, 4] }, y: { shape: [4] } },
		tensors: { axes: { shape: [1], values: [2], type: "int64" } },
		nodes: [
			{ op: "Unsqueeze", inputs: ["y", "axes"], outputs: ["column"] },
			{ op: "MatMul", inputs: ["x", "column"] },
		],
	},
	gemm("plain", [4], [4, 3], [3]),
	gemm("transposed", [4], [3, 4], [3], { transB: 1 }),
	gemm("without bias", [4], [4, 3], undefined),
	gemm("with alpha and beta", [4], [4, 3], [1, 3], { alpha: 0.5, beta: 0.25 }),
	gemm("with one number for all", [4], [4, 3], [1]),
	einsum("bi,io->bo", [4], [[4, 3]]),
	einsum("bi,hio->bho", [4], [[2, 4, 3]]),
	einsum("b i , i -> b", [4], [[4]]),
	einsum("bi,i->bi", [4], [[4]]),
	einsum("bij,jk", [3, 4], [[4, 2]]),
	einsum("bij->bji", [3, 4], []),
	einsum("bij->bi", [3, 4], []),
	einsum("...i,io->...o", [2, 3, 4], [[4, 5]]),
	einsum("bhqd,bhkd->bhqk", [2, 3, 4], ["x"]),
	einsum("bqhd,bkhd->bhqk", [3, 2, 4], ["x"]),
	einsum("bni,nio->bno", [3, 4], [[3, 4, 2]]),
	einsum("bi,bj->bij", [3], ["x"]),
	einsum("bi,oi->bo", [4], [[3, 4]]),
	einsum(
		"bi,ij,jk->bk",
		[4],
		[
			[4, 3],
			[3, 2],
		],
	),
	einsum("bij,bjk->bik", [3, 3], ["x"]),
	einsum("bchw,c->bhw", [3, 4, 2], [[3]]),
	einsum("bchw,cd->bdhw", [3, 4, 2], [[3, 5]]),
	{
		name: "Einsum io,bi->bo, the weights first",
		inputs: { x: { shape: [4] } },
		tensors: { w: weights("Einsum first", [4, 3]) },
		nodes: [{ op: "Einsum", inputs: ["w", "x"], attributes: { equation: "io,bi->bo" } }],
	},
];
