import type { Graph } from "../network/graph.js";
import { axesOf, type NetworkAxes } from "./axes.js";
import { type AtomBlock, allBlocks } from "./blocks.js";
import { type Cell, fix, rootOf } from "./cells.js";

/** Neurons that may come in any order, as long as all tensors that have them have it: a layer's outputs are the next one's inputs. */
export interface Group {
	/** The first parameter that has it, with a number where it has several. */
	readonly name: string;
	/** How many neurons. */
	readonly size: number;
	/** How many orders: one, or one for each index of other axes (features of each head). */
	readonly count: number;
	/** The group whose neurons have an order each, such as heads; undefined where none has. */
	readonly within: number | undefined;
	/** All parameters that have it. */
	readonly parameters: readonly string[];
}

/** Elements of a tensor in a grid, each of whose axes is a group or stays as it is. */
export interface Block {
	/** Of the first element in the flat tensor. */
	readonly offset: number;
	readonly factors: readonly Factor[];
}

export interface Factor {
	readonly length: number;
	/** From one index to the next, in elements of the flat tensor. */
	readonly stride: number;
	/** The number of its group; undefined where nothing moves. */
	readonly group: number | undefined;
	/** Which of the group's orders holds: the sum of the indices of these factors of the block, each times its step. */
	readonly over: readonly { readonly factor: number; readonly step: number }[];
}

/** What of a parameter stays as it is, and why. */
export interface Fixed {
	readonly name: string;
	readonly reason: string;
}

/** Which neurons of a network can change places so that it computes the same. */
export interface Symmetry {
	readonly groups: readonly Group[];
	/** Of every value and parameter, by name. */
	readonly tensors: ReadonlyMap<string, readonly Block[]>;
	readonly fixed: readonly Fixed[];
}

/** An atom that may move, and the atoms whose indices it may differ at. */
interface Free {
	readonly atom: Cell;
	readonly over: readonly Cell[];
}

/**
 * The permutations of neurons that a network's outputs don't depend on, from its graph alone: an axis of a parameter or value goes with
 * those that its ops join it to. Of an op whose axes are not known nothing moves.
 *
 * @see Ainsworth, Hayase, Srinivasa, Git Re-Basin, ICLR 2023 (arXiv 2209.04836), section 2, for what such permutations are
 */
export function symmetryOf(graph: Graph): Symmetry {
	const axes = axesOf(graph);
	const blocks = allBlocks(axes.tensors);
	const parameters = new Map(graph.parameters.map(({ name }) => [name, blocks.get(name) ?? []]));
	const free = freeAtoms(axes, blocks, parameters);
	const numbers = new Map(free.map(({ atom }, i) => [atom, i]));
	const names = namesOf(free, parameters);
	return {
		groups: free.map(({ atom, over }, i) => ({
			name: names[i]?.name ?? "",
			size: atom.length,
			count: over.reduce((count, { length }) => count * length, 1),
			within: over.map((each) => numbers.get(each)).find((number) => number !== undefined),
			parameters: names[i]?.parameters ?? [],
		})),
		tensors: new Map([...blocks].map(([name, own]) => [name, own.map((block) => numbered(block, free, numbers))])),
		fixed: fixedOf(parameters),
	};
}

/** The atoms of parameters that may move, in the order of the graph. */
function freeAtoms(
	{ apart }: NetworkAxes,
	blocks: ReadonlyMap<string, readonly AtomBlock[]>,
	parameters: ReadonlyMap<string, readonly AtomBlock[]>,
): Free[] {
	const all = [...blocks.values()].flat();
	const values = new Set([...blocks].flatMap(([name, own]) => (parameters.has(name) ? [] : atomsOf(own))));
	const moving = [...new Set([...parameters.values()].flatMap(atomsOf))].filter(({ fixed }) => fixed === undefined);
	// Rows that are never read, say.
	for (const atom of moving) if (!values.has(atom)) fix(atom, "no value of the network has it");
	const kept = new Map<Cell, Set<Cell>>();
	for (const [one, other] of apart)
		for (const atom of partsOf(one)) kept.set(atom, new Set([...(kept.get(atom) ?? []), ...partsOf(other)]));
	const beside = companions(all);
	const over = new Map<Cell, readonly Cell[]>();
	for (const atom of moving.filter(({ fixed }) => fixed === undefined)) {
		const allowed = [...(beside.get(atom) ?? [])].filter(
			(other) => !kept.get(atom)?.has(other) && !(over.get(other) ?? []).includes(atom),
		);
		over.set(atom, allowed);
	}
	return settled(moving, over, all);
}

/** The atoms that lie beside each one in every block that has it; one that a block has twice lies beside none. */
function companions(blocks: readonly AtomBlock[]): Map<Cell, Set<Cell>> {
	const beside = new Map<Cell, Set<Cell>>();
	const twice = new Set<Cell>();
	for (const { factors } of blocks) {
		const atoms = factors.map(({ atom }) => atom);
		for (const [i, atom] of atoms.entries()) {
			if (atoms.indexOf(atom) !== i) twice.add(atom);
			const known = beside.get(atom);
			const own = atoms.filter((other) => other !== atom && (known === undefined || known.has(other)));
			beside.set(atom, new Set(own));
		}
	}
	return new Map([...beside].map(([atom, own]) => [atom, new Set([...own].filter((other) => !twice.has(other)))]));
}

/** What finding the best orders within each two neurons of a group may take at most, n² assignments of m³ steps: about a minute. */
const MOST_STEPS = 3e10;

/**
 * Leaves each atom the others at whose indices it may differ: those that stay, and one at most that moves itself, its host. That one
 * differs at no index then.
 */
function settled(
	moving: readonly Cell[],
	over: ReadonlyMap<Cell, readonly Cell[]>,
	blocks: readonly AtomBlock[],
): Free[] {
	fixCrowded(over, blocks);
	const isPlain = (atom: Cell) =>
		atom.fixed === undefined && (over.get(atom) ?? []).every(({ fixed }) => fixed === undefined);
	const mobile = moving.filter(({ fixed }) => fixed === undefined);
	const hosts = new Map<Cell, Cell>();
	const isHost = new Set<Cell>();
	for (const atom of mobile) {
		if (isHost.has(atom)) continue;
		const host = (over.get(atom) ?? []).find(
			(other) => isPlain(other) && !hosts.has(other) && other.length ** 2 * atom.length ** 3 <= MOST_STEPS,
		);
		if (host === undefined) continue;
		hosts.set(atom, host);
		isHost.add(host);
	}
	return mobile.map((atom) => {
		if (isHost.has(atom)) return { atom, over: [] };
		const host = hosts.get(atom);
		const still = (over.get(atom) ?? []).filter(({ fixed }) => fixed !== undefined);
		return { atom, over: host === undefined ? still : [host, ...still] };
	});
}

/** An atom stays where two that differ at its indices lie side by side, so that each of them finds its own orders. */
function fixCrowded(over: ReadonlyMap<Cell, readonly Cell[]>, blocks: readonly AtomBlock[]): void {
	for (const outer of new Set([...over.values()].flat())) {
		const isCrowded = ({ factors }: AtomBlock) =>
			factors.filter(({ atom }) => over.get(atom)?.includes(outer)).length > 1;
		if (outer.fixed === undefined && blocks.some(isCrowded))
			fix(outer, "whole groups stay, whose parts have orders of their own");
	}
}

function atomsOf(blocks: readonly AtomBlock[]): Cell[] {
	return blocks.flatMap(({ factors }) => factors.map(({ atom }) => atom));
}

function partsOf(cell: Cell): Cell[] {
	const root = rootOf(cell);
	return root.kind === "atom" ? [root] : root.parts.flatMap(partsOf);
}

function numbered({ offset, factors }: AtomBlock, free: readonly Free[], numbers: ReadonlyMap<Cell, number>): Block {
	return {
		offset,
		factors: factors.map(({ atom, stride }) => {
			const group = numbers.get(atom);
			const over = group === undefined ? [] : (free[group]?.over ?? []);
			return {
				length: atom.length,
				stride,
				group,
				over: over.map((each, i) => ({
					factor: factors.findIndex((factor) => factor.atom === each),
					step: over.slice(i + 1).reduce((step, { length }) => step * length, 1),
				})),
			};
		}),
	};
}

/** Groups by the first parameter that has them; a number tells several of one apart. */
function namesOf(free: readonly Free[], parameters: ReadonlyMap<string, readonly AtomBlock[]>) {
	const owners = free.map(({ atom }) =>
		[...parameters].flatMap(([name, blocks]) => (atomsOf(blocks).includes(atom) ? [name] : [])),
	);
	const taken = new Map<string, number>();
	for (const [first = ""] of owners) taken.set(first, (taken.get(first) ?? 0) + 1);
	const counts = new Map<string, number>();
	return owners.map((own) => {
		const [first = ""] = own;
		const number = (counts.get(first) ?? 0) + 1;
		counts.set(first, number);
		return { name: taken.get(first) === 1 ? first : `${first} ${number}`, parameters: own };
	});
}

/** Parameters of which something stays for a reason that does not go without saying. */
function fixedOf(parameters: ReadonlyMap<string, readonly AtomBlock[]>): Fixed[] {
	return [...parameters].flatMap(([name, blocks]) => {
		const reasons = new Set(atomsOf(blocks).flatMap(({ fixed }) => (fixed ? [fixed] : [])));
		return [...reasons].map((reason) => ({ name, reason }));
	});
}
