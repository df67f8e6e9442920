import type { Axis } from "../network/ops/axes.js";

/**
 * What is known of an axis: an order of its own, or that it is others multiplied (the first the slowest) or one after another. Cells that
 * turn out to be one are linked; ask `rootOf` before looking at anything but the length.
 */
export interface Cell extends Axis {
	readonly length: number;
	/** The cell that it is. */
	link?: Cell;
	kind: "atom" | "product" | "concat";
	/** Of a product or concatenation. */
	parts: readonly Cell[];
	/** Why nothing may move along it; undefined where something may. Empty where that goes without saying. */
	fixed?: string;
	/** Of an atom: whether the tensor is the same all along it, as along an axis that was stretched. */
	uniform?: boolean;
	/** Of an atom: what it is at each index of another axis, where that has been asked. */
	members: readonly Members[];
}

/** An order that differs from index to index of another axis. */
export interface Members {
	readonly over: Cell;
	/** One an index. */
	readonly parts: readonly Cell[];
}

export function atomOf(length: number, fixed?: string): Cell {
	return { length, kind: "atom", parts: [], members: [], ...(fixed !== undefined && { fixed }) };
}

/** An axis along which a tensor is the same. */
export function uniformOf(length: number): Cell {
	return { ...atomOf(length), uniform: true };
}

export function composed(kind: "product" | "concat", cells: readonly Cell[]): Cell {
	const parts =
		kind === "product" ? cells.filter(({ length }) => length !== 1) : cells.filter(({ length }) => length > 0);
	const [only] = parts;
	if (only !== undefined && parts.length === 1) return only;
	const length = cells.reduce(
		(whole, part) => (kind === "product" ? whole * part.length : whole + part.length),
		kind === "product" ? 1 : 0,
	);
	return parts.length === 0 ? atomOf(length) : { length, kind, parts, members: [] };
}

export function rootOf(cell: Cell): Cell {
	let root = cell;
	while (root.link !== undefined) root = root.link;
	return root;
}

/** Nothing moves along an axis from now on. */
export function fix(cell: Cell, why: string): void {
	const root = rootOf(cell);
	for (const part of root.parts) fix(part, why);
	if (root.kind !== "atom" || root.fixed !== undefined) return;
	root.fixed = why;
	for (const { parts } of root.members) for (const part of parts) fix(part, why);
}

/**
 * Two cells are one from now on. Where they are cut up in ways that don't go together, nothing moves along them.
 *
 * @param why what to say of those then
 */
export function unite(one: Cell, other: Cell, why: string): void {
	const [a, b] = [rootOf(one), rootOf(other)];
	if (a === b || a.length === 1) return;
	if (a.length !== b.length) throw new RangeError(`axes of ${a.length} and ${b.length} are no one axis`);
	// What is uniform goes with anything, and what it goes with is not.
	if (a.kind === "atom" && (a.uniform || b.kind !== "atom" || !b.uniform)) bind(a, b, why);
	else if (b.kind === "atom") bind(b, a, why);
	else {
		const [left, right] = [flat(a.kind, a), flat(b.kind, b)];
		const fits = a.kind === b.kind && align(a.kind, left, right, why);
		if (!fits) for (const cell of [a, b]) fix(cell, why);
		a.link = b;
	}
}

function bind(atom: Cell, cell: Cell, why: string): void {
	atom.link = cell;
	if (atom.fixed !== undefined) fix(cell, atom.fixed);
	for (const { over, parts } of atom.members)
		for (const [i, part] of parts.entries()) unite(part, memberOf(cell, over, i), why);
}

/** What a product or concatenation consists of, those within it taken apart. */
function flat(kind: Cell["kind"], cell: Cell): Cell[] {
	const root = rootOf(cell);
	return root.kind === kind ? root.parts.flatMap((part) => flat(kind, part)) : [root];
}

/** Makes parts one by one the same, cutting the longer as the shorter is; false where that can't be. */
function align(kind: "product" | "concat", left: Cell[], right: Cell[], why: string): boolean {
	for (;;) {
		const [a, b] = [left.shift(), right.shift()];
		if (a === undefined || b === undefined) return a === b;
		if (a.length === b.length) {
			unite(a, b, why);
			continue;
		}
		const [longer, shorter, rest] = a.length > b.length ? [a, b, left] : [b, a, right];
		const remaining = kind === "product" ? longer.length / shorter.length : longer.length - shorter.length;
		if (!Number.isInteger(remaining)) return false;
		const end = atomOf(remaining);
		unite(longer, composed(kind, [shorter, end]), why);
		rest.unshift(...flat(kind, end));
	}
}

/** An axis as it is at one index of another: an order of its own, unless nothing moves along it anyway. */
export function memberOf(cell: Cell, over: Cell, index: number): Cell {
	const root = rootOf(cell);
	const along = rootOf(over);
	if (root === along || root.length === 1) return root;
	if (root.kind !== "atom")
		return composed(
			root.kind,
			root.parts.map((part) => memberOf(part, along, index)),
		);
	if (root.fixed !== undefined) return root;
	const known = root.members.find((members) => rootOf(members.over) === along);
	const { parts } = known ?? addMembers(root, along);
	const part = parts[index];
	if (part === undefined) throw new RangeError(`there is no index ${index} of ${along.length}`);
	return part;
}

function addMembers(atom: Cell, over: Cell): Members {
	const members = { over, parts: Array.from({ length: over.length }, () => atomOf(atom.length)) };
	atom.members = [...atom.members, members];
	return members;
}

/** An order is the same at each index of another axis after all. */
export function collapse(atom: Cell, { over, parts }: Members, why: string): void {
	atom.members = atom.members.filter((members) => members.over !== over);
	for (const part of parts) unite(part, atom, why);
}
