import { type Alone, kernelsAlone, PAGE } from "./alone.js";

/** Values brought to the kernel at a time, where rows are not longer: they stay in the second-level cache. */
const AT_ONCE = 1 << 14;

interface Room extends Alone {
	/** How many values it holds, and as many results. */
	readonly values: number;
}

let room: Room | null | undefined;

/** Room for rows of so many values; null where this engine has no kernels. */
function roomFor(columns: number): Room | null {
	if (room === undefined || (room !== null && room.values < columns)) {
		const values = Math.max(AT_ONCE, columns);
		const bytes = values * (Float32Array.BYTES_PER_ELEMENT + Float64Array.BYTES_PER_ELEMENT);
		const alone = kernelsAlone(bytes);
		room = alone && { ...alone, values };
	}
	return room;
}

/**
 * ln Σ e^x of each row in float64, from additions and multiplications alone, so that it is the same on every machine.
 *
 * @param values float32, [rows, columns]
 * @returns one value a row, NaN for a row with a NaN or without a finite largest value; undefined where this engine has no
 *   kernels
 */
export function logSumExp(values: Float32Array, columns: number): Float64Array | undefined {
	const here = roomFor(columns);
	if (here === null) return undefined;
	const { memory, kernels } = here;
	const [sums, logits] = [PAGE, PAGE + here.values * Float64Array.BYTES_PER_ELEMENT];
	const rows = values.length / columns;
	const most = Math.floor(here.values / columns);
	const out = new Float64Array(rows);
	for (let row = 0; row < rows; row += most) {
		const some = Math.min(most, rows - row);
		const [from, to] = [row * columns, (row + some) * columns];
		new Float32Array(memory.buffer, logits, to - from).set(values.subarray(from, to));
		kernels.logSumExp(logits, sums, some, columns);
		out.set(new Float64Array(memory.buffer, sums, some), row);
	}
	return out;
}
