import { FileFormatError, GraphError } from "../../errors.js";
import type { NetworkOptions } from "../format.js";
import type { OnnxInput, OnnxModel } from "./model.js";
import { isEmpty } from "./value.js";

/**
 * The inputs with all lengths known.
 *
 * @throws {GraphError} when one is open that neither options nor data say
 */
export function inputsOf({ inputs }: OnnxModel, path: string, options: NetworkOptions): OnnxInput[] {
	if (inputs.length === 0) throw new FileFormatError(path, "the network has no input");
	return inputs.map((input) => {
		const { name, shape } = input;
		if (shape.length === 0 || isEmpty(shape.map((length) => length ?? 1)))
			throw new GraphError([`input ${name} has no axis for the samples`]);
		const sampleShape = options.sampleShapes?.[name] ?? (inputs.length === 1 ? options.sampleShape : undefined);
		return closed(input, options.dims ?? {}, sampleShape);
	});
}

/** An input whose open lengths are those asked for, or those of the data. */
function closed(
	input: OnnxInput,
	dims: Readonly<Record<string, number>>,
	sampleShape: readonly number[] | undefined,
): OnnxInput {
	const { name, shape, names } = input;
	const own = shape.slice(1);
	const data = sampleShape && fitting(own, sampleShape);
	const lengths = own.map(
		(length, i) => length ?? dims[names[i + 1] || `axis${i + 1}`] ?? dims[`axis${i + 1}`] ?? data?.[i],
	);
	const open = lengths.indexOf(undefined);
	if (open < 0) return { ...input, shape: [shape[0], ...lengths] };
	const called = names[open + 1] || `axis${open + 1}`;
	const given = sampleShape === undefined ? "" : `, and samples of [${sampleShape}] don't say it`;
	throw new GraphError([
		`input ${name} [${shape.map((length, i) => length ?? (names[i] || "?"))}] leaves the length of axis ${open + 1} open${given}: give --dim ${called}=N`,
	]);
}

/** The lengths of a sample in the order of the input's axes, channels first or last; undefined where it has others. */
function fitting(own: readonly (number | undefined)[], sample: readonly number[]): readonly number[] | undefined {
	const fits = (shape: readonly number[]) =>
		shape.length === own.length && shape.every((length, i) => own[i] === undefined || own[i] === length);
	const first = [...sample.slice(-1), ...sample.slice(0, -1)];
	return [sample, first].find(fits);
}
