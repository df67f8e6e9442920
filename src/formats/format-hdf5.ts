import type { File, Group } from "h5wasm";
import { OptionError } from "../errors.js";

/** What goes into an HDF5 file: arrays and single texts by their paths, in order, and attributes. */
export interface Hdf5Contents {
	/** `group/name` to an array or a text; groups are made as they are named. */
	readonly datasets: ReadonlyMap<string, Hdf5Array | string>;
	/** Texts of the file itself. */
	readonly attributes?: Readonly<Record<string, string>>;
}

export interface Hdf5Array {
	readonly shape: readonly number[];
	/** Kept in their type. */
	readonly values: Float64Array | Float32Array | Uint8Array;
	/** Texts that go with it. */
	readonly attributes?: Readonly<Record<string, string>>;
}

type Library = typeof import("h5wasm");

/**
 * The bytes of an HDF5 file; the same contents give the same bytes.
 *
 * @throws {OptionError} where the package h5wasm is missing, which alone writes such files
 * @see https://docs.hdfgroup.org/hdf5/v1_14/_f_m_t3.html
 */
export async function formatHdf5(contents: Hdf5Contents): Promise<Uint8Array> {
	const library = await loadLibrary();
	const { FS } = await library.ready;
	// In the library's own file system, which lies in memory.
	const name = "contents.h5";
	try {
		return atNoTime(() => {
			const file = new library.File(name, "w");
			try {
				fill(file, contents);
			} finally {
				file.close();
			}
			return FS.readFile(name) as Uint8Array;
		});
	} finally {
		if (FS.analyzePath(name).exists) FS.unlink(name);
	}
}

async function loadLibrary(): Promise<Library> {
	try {
		return await import("h5wasm");
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")) throw error;
		throw new OptionError(
			"format",
			"expected the package h5wasm, which writes HDF5 files: npm install h5wasm (-g where isoloss is)",
		);
	}
}

function fill(file: File, { datasets, attributes = {} }: Hdf5Contents): void {
	for (const [name, text] of Object.entries(attributes)) file.create_attribute(name, text);
	for (const [path, content] of datasets) {
		const parts = path.split("/");
		const name = parts.pop() ?? "";
		const group = parts.reduce<Group>((outer, part) => groupIn(outer, part), file);
		if (typeof content === "string") group.create_dataset({ name, data: content });
		else {
			const { shape, values, attributes: own = {} } = content;
			group.create_dataset({ name, data: values, shape: [...shape] });
			const dataset = group.get(name);
			for (const [key, text] of Object.entries(own))
				if (dataset !== null && "create_attribute" in dataset) dataset.create_attribute(key, text);
		}
	}
}

function groupIn(outer: Group, name: string): Group {
	return outer.keys().includes(name) ? (outer.get(name) as Group) : outer.create_group(name);
}

/** Objects of the format hold when they were made, which would make of one surface as many files as there are seconds. */
function atNoTime<T>(work: () => T): T {
	const { now } = Date;
	Date.now = () => 0;
	try {
		return work();
	} finally {
		Date.now = now;
	}
}
