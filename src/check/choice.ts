import { OptionError } from "../errors.js";

/**
 * The value as one of the choices.
 *
 * @throws {OptionError} when it is none of them
 */
export function checkChoice<T extends string>(option: string, value: string, choices: readonly T[]): T {
	const choice = choices.find((candidate) => candidate === value);
	if (choice === undefined) throw new OptionError(option, `expected one of ${choices.join(", ")}, got "${value}"`);
	return choice;
}
