import { suggestion } from "../check/choice.js";
import { OptionError } from "../errors.js";
import type { Kind } from "./kinds.js";

/** An option of a command: from it come its flag, its help, its entry in a configuration file and its check. */
export interface Option<T> extends Kind<T> {
	/** What it says, for help and documentation; `; ` and what follows is left out of short tables. */
	readonly help: string;
	/** The heading that it stands under. */
	readonly group: string;
	/** The value where nothing is said, as one would write it; or, in words, what it is then. */
	readonly fallback?: string;
	/** Whether the flag may be given several times, for a list. */
	readonly repeats?: boolean;
	/** For a command line only: no library call and no configuration file has it. */
	readonly commandOnly?: boolean;
}

/** The options of a command: one entry for each property of an interface, no more and no less. */
export type OptionTable<Options> = {
	readonly [Property in keyof Options]-?: Option<Exclude<Options[Property], undefined>>;
};

/** A table of which only names and entries matter. */
export type AnyTable = Readonly<Record<string, Option<unknown>>>;

/** How a property is written on a command line: `--batch-norm` for `batchNorm`. */
export function flagOf(property: string): string {
	return `--${property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * Values from outside of the type system, by the names of properties, checked one by one.
 *
 * @param where what errors put before the name of a property that is none
 * @throws {OptionError} for the first that is not allowed, and for a name that is no option's
 */
export function checkValues<Options>(
	table: OptionTable<Options>,
	values: Readonly<Record<string, unknown>>,
	where = "",
): Partial<Options> {
	const entries = table as AnyTable;
	const checked = Object.entries(values).filter(([, value]) => value !== undefined);
	return Object.fromEntries(
		checked.map(([property, value]) => {
			const option = optionNamed(entries, property, where);
			return [property, typeof value === "string" ? option.parse(property, value) : option.check(property, value)];
		}),
	) as Partial<Options>;
}

function optionNamed(table: AnyTable, property: string, where: string): Option<unknown> {
	const option = Object.hasOwn(table, property) ? table[property] : undefined;
	if (option !== undefined) return option;
	throw new OptionError(property, `${where}no such option${suggestion(property, Object.keys(table))}`);
}
