import { FileFormatError } from "../../errors.js";
import { readInput } from "../../files/read.js";
import { readHdf5Exactly } from "../hdf5.js";
import { keysText } from "./found.js";
import { PROJECTED } from "./reference-names.js";

/**
 * The places of a training's networks as the reference code's projection files have them.
 *
 * @throws {FileFormatError} naming the keys there are when these are not `proj_xcoord` and `proj_ycoord`
 */
export function readProjectedPlaces(path: string): { readonly places: [number, number][]; readonly bytes: Uint8Array } {
	const bytes = readInput(path);
	const { arrays } = readHdf5Exactly(bytes, path);
	const [x, y] = PROJECTED.map((name) => arrays.get(name)?.values);
	if (x === undefined || y === undefined)
		throw new FileFormatError(path, `expected ${PROJECTED.join(" and ")}, got keys ${keysText(arrays.keys())}`);
	if (x.length !== y.length || x.length === 0)
		throw new FileFormatError(path, `expected as many places along both axes, got ${x.length} and ${y.length}`);
	const places = Array.from(x, (value, i): [number, number] => [value, y[i] ?? Number.NaN]);
	const odd = places.findIndex((place) => !place.every(Number.isFinite));
	if (odd >= 0)
		throw new FileFormatError(path, `expected finite places, got (${places[odd]?.join(", ")}) as number ${odd + 1}`);
	return { places, bytes };
}
