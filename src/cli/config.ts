import { existsSync } from "node:fs";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { suggestion } from "../check/choice.js";
import { withoutPasswords } from "../check/queue-address.js";
import { isRecord } from "../check/record.js";
import { FileFormatError, OptionError, readInput } from "../index.js";
import { type AnyTable, checkValues, type OptionTable } from "../options/table.js";

/** Names of a configuration file that is looked for where the command is called. */
const usualNames = ["isoloss.config.json", "isoloss.config.ts"];

const commandNames = ["sweep", "render", "compare", "inspect", "train", "article", "worker", "queue"];

/** Options as flags and configuration file say them together. */
export interface EffectiveOptions<Options> {
	readonly options: Options;
	/** The configuration file, where there is one. */
	readonly file: string | undefined;
	/** The properties that a flag has said. */
	readonly flags: readonly string[];
}

/**
 * The options of a command: those of the configuration file, and over them those of the flags.
 *
 * @param given the file that was asked for; else one of the usual names, where it exists
 * @throws {FileFormatError} when the file is missing, or says what can't be used
 */
export async function effectiveOptions<Options>(
	{ name, options: table }: { readonly name: string; readonly options: OptionTable<Options> },
	flags: Readonly<Record<string, unknown>>,
	given: string | undefined,
): Promise<EffectiveOptions<Options>> {
	const file = given ?? usualNames.find((usual) => existsSync(usual));
	const section = file === undefined ? {} : sectionOf(await readConfig(file), name, file);
	const values = file === undefined ? {} : checkSection(table, section, name, file);
	return { options: { ...values, ...flags } as Options, file, flags: Object.keys(flags) };
}

/** What a configuration file holds: an object with an object for each command. */
async function readConfig(file: string): Promise<unknown> {
	const ending = extname(file);
	if (ending === ".json") return parseJson(readInput(file), file);
	if (ending !== ".ts" && ending !== ".js" && ending !== ".mjs")
		throw new FileFormatError(file, "expected a configuration as .json, .ts or .js");
	readInput(file);
	const module = (await importModule(resolve(file), file)) as { default?: unknown };
	return module.default;
}

function parseJson(bytes: Uint8Array, file: string): unknown {
	try {
		return JSON.parse(new TextDecoder().decode(bytes));
	} catch (error) {
		throw new FileFormatError(file, `expected JSON (${error instanceof Error ? error.message : error})`);
	}
}

/** Node imports TypeScript itself from 22.18 on; before that jiti does, which is loaded for nothing else. */
async function importModule(path: string, file: string): Promise<unknown> {
	const byItself = "typescript" in process.features && process.features.typescript;
	try {
		if (byItself || extname(path) !== ".ts") return await import(pathToFileURL(path).href);
		const { createJiti } = await import("jiti");
		return await createJiti(import.meta.url).import(path);
	} catch (error) {
		throw new FileFormatError(file, `can't be loaded: ${error instanceof Error ? error.message : error}`);
	}
}

function sectionOf(config: unknown, name: string, file: string): Readonly<Record<string, unknown>> {
	if (!isRecord(config)) throw new FileFormatError(file, 'expected an object, such as { "sweep": { "threads": 4 } }');
	const odd = Object.keys(config).find((key) => !commandNames.includes(key));
	if (odd !== undefined) throw new FileFormatError(file, `${odd}: no such command${suggestion(odd, commandNames)}`);
	const section = config[name] ?? {};
	if (!isRecord(section)) throw new FileFormatError(file, `${name}: expected an object of options`);
	return section;
}

function checkSection<Options>(
	table: OptionTable<Options>,
	section: Readonly<Record<string, unknown>>,
	name: string,
	file: string,
): Partial<Options> {
	const entries = table as AnyTable;
	const commandOnly = Object.keys(section).find((property) => entries[property]?.commandOnly);
	if (commandOnly !== undefined)
		throw new FileFormatError(file, `${name}.${commandOnly}: expected as a flag, not in a configuration file`);
	try {
		return checkValues(table, section);
	} catch (error) {
		if (!(error instanceof OptionError)) throw error;
		throw new FileFormatError(file, `${name}.${error.message}`);
	}
}

/** The options as they come out, as a configuration file that gives the same, with where each comes from. */
export function printConfig<Options>(name: string, { options, file, flags }: EffectiveOptions<Options>): string {
	const sources = Object.fromEntries(
		Object.keys(options as object).map((property) => [property, flags.includes(property) ? "flag" : file]),
	);
	// Passwords are printed nowhere.
	return withoutPasswords(JSON.stringify({ [name]: options, from: sources }, null, "\t"));
}
