import { Command, CommanderError } from "commander";
import { OptionError, version } from "../../dist/src/index.js";

/**
 * A command with what all of them share: the version, and errors of one line with exit status 2.
 *
 * @param {string} name
 * @param {string} description
 */
export function newCommand(name, description) {
	return new Command(`node scripts/${name}.js`)
		.description(description)
		.version(version, "--version", "print the version")
		.helpOption("--help", "print this")
		.configureHelp({ showGlobalOptions: false })
		.configureOutput({ writeErr: () => undefined })
		.allowExcessArguments(false)
		.exitOverride();
}

/**
 * Parses the command line.
 *
 * @param {Command} command
 * @param {string[]} argv
 * @returns {boolean} false where help or version was asked for and printed
 * @throws {OptionError} when the command line is wrong
 */
export function parse(command, argv) {
	try {
		command.parse(argv);
		return true;
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		if (error.exitCode === 0) return false;
		throw new OptionError(command.name(), `${error.message.replace(/^error: /, "")}; --help lists the options`);
	}
}
