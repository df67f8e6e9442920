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

	export class File extends Group {
		constructor(bytes: ArrayBuffer, name: string);
	}
}
