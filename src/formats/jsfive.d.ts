/** What is used of jsfive, which comes without types. */
declare module "jsfive" {
	export class Group {
		readonly keys: readonly string[];
		readonly attrs: Readonly<Record<string, unknown>>;
		get(name: string): Group | Dataset;
	}

	export class Dataset {
		readonly shape: readonly number[];
		/** As NumPy writes it, `<f4`; a list for texts and compounds. */
		readonly dtype: string | readonly unknown[];
		readonly attrs: Readonly<Record<string, unknown>>;
		readonly value: readonly unknown[];
	}

	/** What undoes a filter of HDF5, by its number; it is given and gives bytes. */
	export const Filters: Map<number, (bytes: ArrayBuffer, ...settings: unknown[]) => ArrayBuffer>;

	export class File extends Group {
		constructor(bytes: ArrayBuffer, name: string);
	}
}
