import type { DrawnField } from "./values.js";

/** A region around a minimum: lines at levels above its bottom and below its rim that lie in it are closed. */
export interface Basin {
	/** The value at the minimum. */
	readonly bottom: number;
	/** The lowest value at which a way out of the region comes to the grid's edge, or to a point without a value. */
	readonly rim: number;
}

/** The points at a height that hang together: the lowest value among them, and whether lines around them can end. */
interface Pool {
	bottom: number;
	open: boolean;
}

/**
 * The basin that reaches furthest up, by positions on a scale, of all minima that the grid holds; null where there is none, as on a
 * slope. The plane is flooded from its lowest point upwards: points hang together with their eight neighbours, and a pool is open
 * once it holds a point at the edge or beside one without a value. Of two pools that meet the lower bottom remains.
 *
 * @param position never decreasing
 */
export function deepestBasin(of: DrawnField, position: (value: number) => number): Basin | null {
	const { columns, rows, values } = of;
	const isThere = (point: number) => of.kinds[point] === "finite";
	const value = (point: number) => values[point] ?? Number.NaN;
	const rising = Array.from(values.keys())
		.filter(isThere)
		.sort((a, b) => value(a) - value(b) || a - b);
	const parents = new Int32Array(values.length).fill(-1);
	const pools = new Map<number, Pool>();
	const rootOf = (point: number): number => {
		let root = point;
		while (parents[root] !== root) root = parents[root] ?? root;
		// The way is shortened for those who come after.
		for (let next = point; next !== root; ) [next, parents[next]] = [parents[next] ?? root, root];
		return root;
	};
	let deepest: Basin | null = null;
	let most = 0;
	const opens = ({ bottom }: Pool, rim: number) => {
		const depth = position(rim) - position(bottom);
		if (depth > most) [deepest, most] = [{ bottom, rim }, depth];
	};
	for (const point of rising) {
		const around = neighboursOf(point, columns, rows);
		const pool: Pool = { bottom: value(point), open: around.length < 8 || !around.every(isThere) };
		parents[point] = point;
		pools.set(point, pool);
		for (const neighbour of around) {
			if (parents[neighbour] === -1) continue;
			const root = rootOf(neighbour);
			const other = pools.get(root);
			if (root === point || other === undefined) continue;
			if (pool.open && !other.open) opens(other, value(point));
			else if (other.open && !pool.open) opens(pool, value(point));
			pool.bottom = Math.min(pool.bottom, other.bottom);
			pool.open ||= other.open;
			parents[root] = point;
			pools.delete(root);
		}
	}
	return deepest;
}

/** The points around one, up to eight. */
function neighboursOf(point: number, columns: number, rows: number): number[] {
	const [column, row] = [point % columns, Math.floor(point / columns)];
	const around: number[] = [];
	for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
		for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
			if (x !== column || y !== row) around.push(y * columns + x);
		}
	}
	return around;
}
