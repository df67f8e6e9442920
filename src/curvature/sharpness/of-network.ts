import { RandomStream } from "../../exact/random.js";
import { parameterLayout } from "../../network/parameters.js";
import type { Differentiable } from "../derivatives.js";
import type { CurvatureProblem } from "../memory.js";
import { type Notebook, noted } from "../notebook.js";
import { type Sharpness, type SharpnessSubject, sharpnessMeasures } from "./index.js";

/** What sharpness is measured of. */
export function subjectOf(
	derivatives: Differentiable,
	{ graph, state }: Pick<CurvatureProblem, "graph" | "state">,
	{ loss, gradient, seed }: { readonly loss: number; readonly gradient: Float32Array; readonly seed: number },
): SharpnessSubject {
	return {
		parameters: state.parameters,
		layout: parameterLayout(graph),
		loss,
		gradient,
		lossAt: (parameters) => derivatives.value(parameters),
		gradientAt: (parameters) => derivatives.gradient(parameters),
		product: (vector) => derivatives.product(vector),
		meanSquareSlope: async (vector) => (await derivatives.slopes(vector)).meanSquare,
		random: (part) => new RandomStream(seed, "sharpness", part),
		hold: (vector) => derivatives.hold(vector),
	};
}

/** Every measure of sharpness, by name. */
export async function sharpnessOf(
	subject: SharpnessSubject,
	notebook: Notebook,
	tell: (name: string, done: number, total: number) => void = () => undefined,
): Promise<Record<string, Sharpness>> {
	const found: Record<string, Sharpness> = {};
	for (const [done, { name, measure: take }] of sharpnessMeasures.entries()) {
		tell(name, done, sharpnessMeasures.length);
		found[name] = await take(withNotes(subject, name, notebook));
	}
	return found;
}

/** The same subject, whose losses and derivatives are noted in the order in which a measure asks for them. */
function withNotes(subject: SharpnessSubject, name: string, notebook: Notebook): SharpnessSubject {
	let asked = 0;
	const number = async (compute: () => Promise<number>): Promise<number> => {
		const key = `sharpness ${name} ${asked++}`;
		const { numbers } = await noted(notebook, key, async () => ({ numbers: [await compute()] }));
		return numbers[0] ?? Number.NaN;
	};
	const vector = async (compute: () => Promise<Float32Array>): Promise<Float32Array> => {
		const key = `sharpness ${name} ${asked++}`;
		const entry = await noted(notebook, key, async () => ({ numbers: [], vector: await compute() }));
		return entry.vector ?? new Float32Array();
	};
	return {
		...subject,
		lossAt: (parameters) => number(() => subject.lossAt(parameters)),
		gradientAt: (parameters) => vector(() => subject.gradientAt(parameters)),
		product: (direction) => vector(() => subject.product(direction)),
		meanSquareSlope: (direction) => number(() => subject.meanSquareSlope(direction)),
	};
}
