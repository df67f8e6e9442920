import { LayoutMismatchError } from "../errors.js";
import type { Graph } from "./graph.js";
import type { NamedTensor } from "./parameters.js";

/**
 * Tensors under the names that a graph uses. Wrappers put something before every name (`module.`, `_orig_mod.`,
 * `model.`), here or in the graph: what all parameters of the graph have in common so is taken off or put on. Left out is
 * what the network does not compute with: tensors beside that prefix, counts of batches, second names of a tensor that two
 * layers share, and the tensors named in `ignored`.
 *
 * @param ignored names of constants of the file that the graph came from
 * @param source  how errors call the place the tensors come from
 * @throws {LayoutMismatchError} when names are missing or left over, listing them
 */
export function matchNames(
	graph: Graph,
	tensors: ReadonlyMap<string, NamedTensor>,
	source: string,
	ignored: readonly string[] = [],
): Map<string, NamedTensor> {
	const wanted = graph.parameters.map(({ name }) => name);
	const rename = bestRenaming(wanted, [...tensors.keys()]);
	const renamed = new Map<string, NamedTensor>();
	for (const [name, tensor] of tensors) {
		const here = rename(name);
		if (here !== undefined) renamed.set(here, tensor);
	}
	const missing = wanted.filter((name) => !renamed.has(name));
	const isFolded =
		missing.some((name) => name.startsWith("onnx::")) &&
		[...tensors.keys()].some((name) => name.endsWith(".running_var"));
	if (isFolded)
		throw new LayoutMismatchError(
			`${source}: ${graph.name} was exported with batch normalisation folded into its convolutions (${list(missing)}), so weights of the whole network don't fit; export it with do_constant_folding=False and training=TrainingMode.PRESERVE after model.eval()`,
			missing[0],
		);
	const copies = missing.filter((name) => /#\d+$/.test(name));
	if (copies.length > 0)
		throw new LayoutMismatchError(
			`${source}: ${graph.name} was exported when some of its tensors were equal, and these were merged (${list(copies)}), so that it can't be told which are whose; export it with torch.onnx.export(..., dynamo=True, optimize=False)`,
			copies[0],
		);
	const anonymous = missing.filter((name) => /^val_\d+$|^onnx::\w+_\d+$/.test(name));
	if (anonymous.length > 0)
		throw new LayoutMismatchError(
			`${source}: ${graph.name} was exported with weights rearranged and renamed (${list(anonymous)}), so that others don't fit; export it with torch.onnx.export(..., ${anonymous[0]?.startsWith("val") ? "dynamo=True, optimize=False" : "do_constant_folding=False"})`,
			anonymous[0],
		);
	if (missing.length > 0)
		throw new LayoutMismatchError(
			`${source}: ${graph.name} needs ${list(missing)}, which is missing; the file has ${list([...tensors.keys()])}`,
			missing[0],
		);
	const known = new Set(wanted);
	const unknown = [...renamed].filter(
		([name, tensor]) =>
			!known.has(name) &&
			!ignored.includes(name) &&
			!name.endsWith("num_batches_tracked") &&
			!wanted.some((other) => isSame(renamed.get(other), tensor)),
	);
	const [first] = unknown;
	if (first !== undefined)
		throw new LayoutMismatchError(
			`${source}: ${list(unknown.map(([name]) => name))} is not part of ${graph.name}`,
			first[0],
		);
	return new Map([...renamed].filter(([name]) => known.has(name)));
}

/** A function from the file's names to the graph's: the one with which most names of the graph are found. */
function bestRenaming(wanted: readonly string[], names: readonly string[]): (name: string) => string | undefined {
	const present = new Set(names);
	const [first = ""] = wanted;
	const before = (all: readonly string[], ending: string) =>
		all.filter((name) => name.endsWith(`.${ending}`)).map((name) => name.slice(0, -ending.length));
	const choices: { found: number; rename: (name: string) => string | undefined }[] = ["", ...before(names, first)].map(
		(prefix) => ({
			found: wanted.filter((name) => present.has(prefix + name)).length,
			rename: (name) => (name.startsWith(prefix) ? name.slice(prefix.length) : undefined),
		}),
	);
	for (const prefix of new Set(names.slice(0, 1).flatMap((name) => before(wanted, name)))) {
		const found = wanted.filter((name) => name.startsWith(prefix) && present.has(name.slice(prefix.length))).length;
		choices.push({ found, rename: (name) => prefix + name });
	}
	return choices.reduce((best, choice) => (choice.found > best.found ? choice : best)).rename;
}

function isSame(a: NamedTensor | undefined, b: NamedTensor): boolean {
	return (
		a !== undefined &&
		String(a.shape) === String(b.shape) &&
		a.values.every((value, index) => Object.is(value, b.values[index]))
	);
}

function list(names: readonly string[]): string {
	return names.length <= 6 ? names.join(", ") : `${names.slice(0, 6).join(", ")} and ${names.length - 6} more`;
}
