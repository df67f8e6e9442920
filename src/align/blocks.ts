import { sizeOf } from "../network/shape.js";
import { type Cell, collapse, type Members, rootOf } from "./cells.js";

/** Elements of a tensor that lie in a grid of atoms: one that no axis with parts goes through. */
export interface AtomBlock {
	/** Of the first element in the flat tensor. */
	readonly offset: number;
	readonly factors: readonly AtomFactor[];
}

export interface AtomFactor {
	readonly atom: Cell;
	/** From one index to the next, in elements of the flat tensor. */
	readonly stride: number;
}

/** Told of an atom that is another thing at each index of an axis which the tensor does not have. */
type Unmet = (atom: Cell, members: Members) => void;

/**
 * A tensor taken apart into grids of atoms, which share no element and together hold all: concatenations fall into their parts, and an
 * axis along which others differ into its indices.
 */
export function blocksOf(axes: readonly Cell[], unmet: Unmet): AtomBlock[] {
	const strides = axes.map((_, i) => sizeOf(axes.slice(i + 1).map(({ length }) => length)));
	const factors = axes.map((atom, i) => ({ atom, stride: strides[i] ?? 1 }));
	return takenApart({ offset: 0, factors }, unmet);
}

function takenApart({ offset, factors: given }: AtomBlock, unmet: Unmet): AtomBlock[] {
	const factors = given.flatMap(multiplied);
	const cut = factors.findIndex(({ atom }) => atom.kind === "concat");
	const found = factors[cut];
	if (found !== undefined) {
		let start = offset;
		return found.atom.parts.flatMap((part) => {
			const first = start;
			start += part.length * found.stride;
			return takenApart({ offset: first, factors: factors.with(cut, { ...found, atom: part }) }, unmet);
		});
	}
	for (const { atom } of factors)
		for (const members of atom.fixed === undefined ? atom.members : []) {
			const place = factors.findIndex((factor) => factor.atom === rootOf(members.over));
			if (place >= 0) return atEachIndex({ offset, factors }, place, members, unmet);
			unmet(atom, members);
		}
	return [{ offset, factors }];
}

/** Products as what they are made of; what has a length of 1 is no factor. */
function multiplied({ atom, stride }: AtomFactor): AtomFactor[] {
	const root = rootOf(atom);
	if (root.length === 1) return [];
	if (root.kind !== "product") return [{ atom: root, stride }];
	let inner = root.length;
	return root.parts.flatMap((part) => {
		inner /= part.length;
		return multiplied({ atom: part, stride: stride * inner });
	});
}

function atEachIndex({ offset, factors }: AtomBlock, place: number, { over }: Members, unmet: Unmet): AtomBlock[] {
	const along = rootOf(over);
	const { stride = 0 } = factors[place] ?? {};
	return Array.from({ length: along.length }, (_, index) => {
		const others = factors.filter((_factor, i) => i !== place);
		const own = others.map((factor) => ({ ...factor, atom: memberAt(factor.atom, along, index) }));
		return takenApart({ offset: offset + index * stride, factors: own }, unmet);
	}).flat();
}

function memberAt(atom: Cell, along: Cell, index: number): Cell {
	const members = atom.members.find(({ over }) => rootOf(over) === along);
	return atom.fixed === undefined ? (members?.parts[index] ?? atom) : atom;
}

/**
 * All tensors taken apart. An order that differs from index to index of an axis which some tensor does not have differs from none: such
 * are made one first.
 */
export function allBlocks(tensors: ReadonlyMap<string, readonly Cell[]>): Map<string, AtomBlock[]> {
	for (;;) {
		const unmet: [Cell, Members][] = [];
		const blocks = new Map(
			[...tensors].map(([name, axes]) => [name, blocksOf(axes, (atom, members) => unmet.push([atom, members]))]),
		);
		const [first] = unmet;
		if (first === undefined) return blocks;
		// One at a time: each may settle others.
		collapse(...first, "");
	}
}
