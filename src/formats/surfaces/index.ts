import { extname } from "node:path";
import { FileFormatError } from "../../errors.js";
import { isZip } from "../../files/zip.js";
import { isHdf5 } from "../hdf5.js";
import type { FoundSurface, Missing } from "./found.js";
import { readSurfaceJson } from "./json.js";
import { readSurfaceNpz } from "./npz.js";
import { readReferenceSurface } from "./reference.js";
import { readSurfaceTable } from "./table.js";

type Read = (bytes: Uint8Array, path: string, missing?: Missing) => FoundSurface;

/** Every format that surfaces are read from: a file and a line each. */
const formats: readonly { readonly endings: readonly string[]; readonly read: Read }[] = [
	{ endings: [".h5", ".hdf5"], read: readReferenceSurface },
	{ endings: [".npz"], read: readSurfaceNpz },
	{ endings: [".json"], read: readSurfaceJson },
	{ endings: [".csv", ".tsv"], read: readSurfaceTable },
];

/**
 * Reads a surface from the bytes of a file, by what they are and by the ending of its name.
 *
 * @param missing what stands, in the reference code's files, for a value that is not computed; null where all are
 * @throws {FileFormatError} when they are damaged, or hold none
 */
export function parseSurfaceFile(bytes: Uint8Array, path: string, missing?: Missing): FoundSurface {
	return readerOf(bytes, path)(bytes, path, missing);
}

function readerOf(bytes: Uint8Array, path: string): Read {
	if (isHdf5(bytes)) return readReferenceSurface;
	if (isZip(bytes)) return readSurfaceNpz;
	const ending = extname(path).toLowerCase();
	const found = formats.find(({ endings }) => endings.includes(ending));
	if (found !== undefined) return found.read;
	const known = formats.flatMap(({ endings }) => endings).join(", ");
	throw new FileFormatError(path, `expected a surface in a file of ${known}`);
}
