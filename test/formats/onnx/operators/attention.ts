import type { TestAttribute, TestTensor } from "../onnx-file.js";
import { type OperatorCase, weights } from "./case.js";

/** Attention of queries, keys and values that come in separately. */
function attention(
	what: string,
	shapes: readonly [q: readonly number[], k: readonly number[], v: readonly number[]],
	attributes: Readonly<Record<string, TestAttribute>> = {},
	mask?: TestTensor,
): OperatorCase {
	const [q, k, v] = shapes;
	return {
		name: `Attention ${what}`,
		inputs: { q: { shape: q }, k: { shape: k }, v: { shape: v } },
		tensors: mask === undefined ? {} : { mask },
		nodes: [{ op: "Attention", inputs: ["q", "k", "v", ...(mask === undefined ? [] : ["mask"])], attributes }],
		opset: 23,
	};
}

function rotary(
	what: string,
	shape: readonly number[],
	half: number,
	attributes: Readonly<Record<string, TestAttribute>>,
	positions = true,
): OperatorCase {
	const name = `RotaryEmbedding ${what}`;
	const steps = shape.length === 3 ? (shape[1] ?? 1) : (shape[0] ?? 1);
	const rows = positions ? [8, half] : [3, steps, half];
	return {
		name,
		inputs: { x: { shape }, ...(positions && { p: { shape: [steps], type: "int64" as const } }) },
		tensors: { cos: weights(`${name} cos`, rows), sin: weights(`${name} sin`, rows) },
		nodes: [{ op: "RotaryEmbedding", inputs: ["x", "cos", "sin", ...(positions ? ["p"] : [])], attributes }],
		opset: 23,
	};
}

const same = [
	[2, 4, 3],
	[2, 4, 3],
	[2, 4, 3],
] as const;

export const attentionCases: readonly OperatorCase[] = [
	attention("of heads", same),
	attention("of more keys than queries", [
		[2, 3, 4],
		[2, 5, 4],
		[2, 5, 6],
	]),
	attention(
		"of heads in the last axis",
		[
			[4, 6],
			[4, 6],
			[4, 6],
		],
		{ q_num_heads: 2, kv_num_heads: 2 },
	),
	attention("of heads that share keys", [
		[4, 3, 2],
		[2, 3, 2],
		[2, 3, 2],
	]),
	attention(
		"of heads that share keys, in the last axis",
		[
			[3, 8],
			[3, 4],
			[3, 4],
		],
		{ q_num_heads: 4, kv_num_heads: 2 },
	),
	attention("with a scale of its own", same, { scale: 0.3 }),
	attention("without a look ahead", same, { is_causal: 1 }),
	attention("with numbers added", same, {}, weights("attention mask", [4, 4])),
	attention("with numbers added, a matrix a head", same, {}, weights("attention mask 2", [1, 2, 4, 4])),
	attention(
		"with a mask",
		same,
		{},
		{ shape: [4, 4], values: Array.from({ length: 16 }, (_, i) => (i % 3 === 0 ? 1 : 0)), type: "bool" },
	),
	rotary("of heads", [2, 4, 6], 3, {}),
	rotary("of neighbours", [2, 4, 6], 3, { interleaved: 1 }),
	rotary("of heads in the last axis", [4, 8], 2, { num_heads: 2 }),
	rotary("of a part of a head", [2, 4, 6], 2, { rotary_embedding_dim: 4, num_heads: 2 }),
];
