import { type Axis, deal, hasBatch, lengthOf, resolve } from "../factors.js";
import { type ImportOp, type NodeContext, operand, text } from "../node.js";
import { isBatched, isValue, problem, shapeOf, type Value } from "../value.js";
import { applyBinary } from "./elementwise.js";
import { dense, product } from "./linear.js";
import { reduceValue } from "./reduction.js";

/** A value whose axes have labels. */
interface Term {
	readonly value: Value;
	readonly labels: readonly string[];
}

/** The labels of all terms and of the result; axes that "..." stands for are ...1, ...2 from the last. */
function parse(equation: string, ranks: readonly number[]): { terms: string[][]; result: string[] } {
	const [left = "", right] = equation.replace(/\s/g, "").split("->");
	const parts = left.split(",");
	if (parts.length !== ranks.length) return problem(`"${equation}" is not for ${ranks.length} values`);
	const read = (part: string, dots: number): string[] => {
		const tokens = part.match(/\.\.\.|[A-Za-z]/g) ?? [];
		if (tokens.join("") !== part) return problem(`"${equation}" can't be read`);
		return tokens.flatMap((token) =>
			token === "..." ? Array.from({ length: dots }, (_, i) => `...${dots - i}`) : [token],
		);
	};
	let most = 0;
	const terms = parts.map((part, index) => {
		const rank = ranks[index] ?? 0;
		const dots = part.includes("...") ? rank - part.replace("...", "").length : 0;
		most = Math.max(most, dots);
		const labels = read(part, dots);
		if (labels.length !== rank || dots < 0) return problem(`"${part}" is not for ${rank} axes`);
		if (new Set(labels).size !== rank) return problem(`"${part}" takes a diagonal, which is not supported`);
		return labels;
	});
	if (right !== undefined) return { terms, result: read(right, most) };
	const all = terms.flat();
	const once = [...new Set(all)].filter((label) => all.filter((other) => other === label).length === 1).sort();
	const dots = Array.from({ length: most }, (_, i) => `...${most - i}`);
	return { terms, result: [...dots, ...once.filter((label) => !label.startsWith("."))] };
}

function axisOf({ value, labels }: Term, label: string): Axis {
	return value.axes[labels.indexOf(label)] ?? [];
}

function joined(term: Term, labels: readonly string[]): Axis {
	return labels.flatMap((label) => resolve(axisOf(term, label)));
}

/** A term with the axes summed up that no other term and no result has. */
function summed(context: NodeContext, term: Term, needed: ReadonlySet<string>): Term {
	const over = [...term.labels.keys()].filter((index) => !needed.has(term.labels[index] ?? ""));
	if (over.length === 0) return term;
	return {
		value: reduceValue(context, term.value, "sum", over, false),
		labels: term.labels.filter((_, index) => !over.includes(index)),
	};
}

/** Two terms as one, by a product of matrices where they have an axis in common that goes, else element by element. */
function combined(context: NodeContext, a: Term, b: Term, needed: ReadonlySet<string>): Term {
	const common = a.labels.filter((label) => b.labels.includes(label));
	const gone = common.filter((label) => !needed.has(label));
	if (gone.length === 0) return multiplied(context, a, b);
	const samples = [a, b].map((term) => term.labels.find((label) => hasBatch(resolve(axisOf(term, label)))));
	if (samples[0] === undefined && samples[1] !== undefined) return combined(context, b, a, needed);
	const [sample] = samples;
	const shared = common.filter((label) => !gone.includes(label));
	const ours = a.labels.filter((label) => !common.includes(label));
	const theirs = b.labels.filter((label) => !common.includes(label));
	const split = (axis: Axis, term: Term, labels: readonly string[]) =>
		deal(
			axis,
			labels.map((label) => lengthOf(resolve(axisOf(term, label)))),
		) ?? problem("its axes can't be told apart");
	if (shared.length === 0 && !isBatched(b.value)) {
		const x = { ...a.value, axes: [...ours.map((label) => axisOf(a, label)), joined(a, gone)] };
		const y = dense(context, x, { ...b.value, axes: [joined(b, gone), joined(b, theirs)] }, undefined);
		return {
			value: { ...y, axes: [...y.axes.slice(0, -1), ...split(y.axes.at(-1) ?? [], b, theirs)] },
			labels: [...ours, ...theirs],
		};
	}
	// Samples are told apart on both sides, also where one has none.
	const outer = sample === undefined || shared.includes(sample) ? shared : [sample, ...shared];
	const rows = ours.filter((label) => !outer.includes(label));
	const stacks = (term: Term) => outer.map((label) => axisOf(term, label));
	const y = product(
		context,
		{ ...a.value, axes: [...stacks(a), joined(a, rows), joined(a, gone)] },
		{ ...b.value, axes: [...stacks(b), joined(b, gone), joined(b, theirs)] },
	);
	const [down = [], across = []] = y.axes.slice(-2);
	return {
		value: { ...y, axes: [...y.axes.slice(0, -2), ...split(down, a, rows), ...split(across, b, theirs)] },
		labels: [...outer, ...rows, ...theirs],
	};
}

function multiplied(context: NodeContext, a: Term, b: Term): Term {
	const labels = [...a.labels, ...b.labels.filter((label) => !a.labels.includes(label))];
	const lined = ({ value, ...term }: Term): Value => {
		context.builder.decideTable(value);
		return {
			...value,
			axes: labels.map((label) => (term.labels.includes(label) ? axisOf({ value, ...term }, label) : [])),
		};
	};
	return { value: applyBinary(context, lined(a), lined(b), "mul"), labels };
}

const einsum: ImportOp = (context) => {
	const { builder, node, inputs } = context;
	const values = inputs.map((_, index): Value => {
		const input = operand(context, index);
		return isValue(input) ? input : builder.layerWeights(input, node.inputs[index] ?? "");
	});
	const { terms, result } = parse(
		text(context, "equation", ""),
		values.map((value) => shapeOf(value).length),
	);
	let left = values.map((value, index): Term => ({ value, labels: terms[index] ?? [] }));
	const needed = (others: readonly Term[]) => new Set([...result, ...others.flatMap(({ labels }) => labels)]);
	left = left.map((term) => summed(context, term, needed(left.filter((other) => other !== term))));
	const [first, ...rest] = left;
	if (first === undefined) return problem("it has no values");
	const whole = rest.reduce<Term>(
		(term, next, index) => combined(context, term, next, needed(rest.slice(index + 1))),
		first,
	);
	const missing = result.find((label) => !whole.labels.includes(label));
	if (missing !== undefined) return problem(`no value has the axis ${missing}`);
	return [{ ...whole.value, axes: result.map((label) => axisOf(whole, label)) }];
};

/** @see the ONNX operator Einsum; NumPy's einsum */
export const einsumOps: Readonly<Record<string, ImportOp>> = { Einsum: einsum };
