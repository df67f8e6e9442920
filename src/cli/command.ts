import { Command, CommanderError, Option as Flag } from "commander";
import { OptionError } from "../errors.js";
import { type AnyTable, flagOf, type Option, type OptionTable } from "../options/table.js";
import { version } from "../version.js";
import { effectiveOptions, printConfig } from "./config.js";
import { beginWork } from "./interrupt.js";

/** A command: what it takes, what it says of itself, and what it does. */
export interface CommandSpec<Options> {
	readonly name: string;
	readonly summary: string;
	/** What stands without a flag: `<run...>`, and what it is. */
	readonly argument?: { readonly placeholder: string; readonly help: string };
	readonly options: OptionTable<Options>;
	/** Without the command itself: `sweep --threads 16` is `--threads 16` here. */
	readonly examples: readonly string[];
	readonly notes?: string;
	run(call: Call<Options>): Promise<void>;
}

/** A command as somebody has called it. */
export interface Call<Options> {
	/** What flags and configuration file say. */
	readonly options: Options;
	/** What stands without a flag. */
	readonly args: readonly string[];
	/** As it can be typed again. */
	readonly line: string;
}

/** A command that can be run, whatever options it has. */
export interface Runnable {
	readonly options: AnyTable;
	/**
	 * @param calledAs how it was called, for help and errors: `isoloss sweep`
	 * @param argv     what was typed after that
	 * @throws {OptionError} naming the flag, where the library names the property
	 */
	run(calledAs: string, argv: readonly string[]): Promise<void>;
}

export function defineCommand<Options extends object>(spec: CommandSpec<Options>): Runnable {
	return { options: spec.options as AnyTable, run: (calledAs, argv) => runCommand(spec, calledAs, argv) };
}

async function runCommand<Options extends object>(
	spec: CommandSpec<Options>,
	calledAs: string,
	argv: readonly string[],
): Promise<void> {
	const command = commanderOf(spec, calledAs);
	const table = spec.options as AnyTable;
	if (!parse(command, argv, table)) return;
	await namingFlags(table, async () => {
		const { config, printConfig: print, ...given } = command.opts<Record<string, unknown>>();
		const flags = Object.fromEntries(
			Object.entries(table).flatMap(([property, option]) => givenValue(property, option, given)),
		);
		const effective = await effectiveOptions(spec, flags, config as string | undefined);
		if (print) return console.log(printConfig(spec.name, effective));
		beginWork();
		return spec.run({
			options: effective.options,
			args: command.args,
			line: [calledAs, ...argv].join(" "),
		});
	});
}

/** The value of an option as it was typed; none where it was not. */
function givenValue(
	property: string,
	option: Option<unknown>,
	given: Readonly<Record<string, unknown>>,
): [string, unknown][] {
	// Commander turns `--no-skip` into `skip`, which is true unless it is given.
	if (property.startsWith("no") && given[attributeOf(property)] === false) return [[property, true]];
	const text = given[property];
	if (text === undefined) return [];
	if (Array.isArray(text)) return [[property, text.map((each: string) => option.parse(property, each))]];
	return [[property, text === true ? true : option.parse(property, String(text))]];
}

function attributeOf(property: string): string {
	return property.charAt(2).toLowerCase() + property.slice(3);
}

/** Runs something, and gives an error about a property the name of its flag. */
async function namingFlags(table: AnyTable, work: () => Promise<void>): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (!(error instanceof OptionError) || !Object.hasOwn(table, error.option)) throw error;
		throw new OptionError(flagOf(error.option), error.reason);
	}
}

/** @returns false where help or version was asked for and printed */
function parse(command: Command, argv: readonly string[], table: AnyTable): boolean {
	try {
		command.parse(argv, { from: "user" });
		return true;
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		if (error.exitCode === 0) return false;
		const message = error.message
			.replace(/^error: |\.$/g, "")
			.replace(/\n\(Did you mean (.*)\?\)/, "; did you mean $1?");
		// Of a pattern without quotes the shell makes as many arguments as there are files.
		const takesPatterns = Object.values(table).some(({ placeholder }) => placeholder?.includes("pattern"));
		const isStray = error.code === "commander.excessArguments" && takesPatterns;
		const hint = isStray ? "a pattern goes in quotes, 'ckpt/*.pt'" : "--help lists the options";
		throw new OptionError(command.name(), `${message}${message.endsWith("?") ? "" : `; ${hint}`}`);
	}
}

/** How wide help is printed at most. */
const HELP_WIDTH = 100;

export const exitCodes = "Exit status: 0 done, 1 failed, 2 something given can't be used, 130 interrupted.";

function commanderOf<Options>(
	{ summary, argument, options, examples, notes }: CommandSpec<Options>,
	calledAs: string,
): Command {
	const command = new Command(calledAs)
		.description(summary)
		.version(version, "--version", "print the version")
		.helpOption("--help", "print this")
		.configureHelp({ helpWidth: HELP_WIDTH, showGlobalOptions: false })
		.configureOutput({ writeErr: () => undefined })
		.allowExcessArguments(false)
		.exitOverride();
	if (argument !== undefined) command.argument(argument.placeholder, argument.help);
	for (const [property, option] of Object.entries(options as AnyTable)) command.addOption(flagFor(property, option));
	command.addOption(
		new Flag("--config <file>", "defaults (default: isoloss.config.json or .ts here)").helpGroup("Defaults:"),
	);
	command.addOption(new Flag("--print-config", "print the options as they come out, and stop").helpGroup("Defaults:"));
	const lines = examples.map((example) => `  ${calledAs} ${example}`);
	return command.addHelpText(
		"after",
		`\nExamples:\n${[...lines, ...(notes ? ["", notes] : []), "", exitCodes].join("\n")}`,
	);
}

function flagFor(property: string, { placeholder, help, group, fallback, repeats }: Option<unknown>): Flag {
	const value = placeholder === null ? "" : placeholder.startsWith("[") ? ` ${placeholder}` : ` <${placeholder}>`;
	const words = fallback === undefined ? help : `${help} (default: ${fallback})`;
	const flag = new Flag(`${flagOf(property)}${value}`, words).helpGroup(`${group}:`);
	return repeats ? flag.argParser((text: string, before: string[] = []) => [...before, text]) : flag;
}
