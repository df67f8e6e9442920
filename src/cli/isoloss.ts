import { suggestion } from "../check/choice.js";
import { OptionError } from "../errors.js";
import { version } from "../version.js";
import { exitCodes } from "./command.js";
import { type CommandName, commands } from "./commands/index.js";
import { completionFor, shells } from "./completion.js";
import { guarded, start } from "./start.js";
import { versionJson } from "./versions.js";

const names = Object.keys(commands) as CommandName[];

/** `isoloss COMMAND ...`. */
export async function main([first, ...rest]: readonly string[]): Promise<void> {
	if (names.some((name) => name === first)) return start(first as CommandName, `isoloss ${first}`, rest);
	return guarded(async () => {
		if (first === undefined || first === "--help" || first === "help") return helpFor(rest[0]);
		if (first === "--version") return console.log(rest.includes("--json") ? await versionJson() : version);
		if (first === "completion") return console.log(await completionFor(rest[0]));
		const known = [...names, "completion", "help"];
		throw new OptionError(
			"isoloss",
			`no such command "${first}"${suggestion(first, known) || `; isoloss --help lists them`}`,
		);
	});
}

async function helpFor(name: string | undefined): Promise<void> {
	if (names.some((known) => known === name)) return start(name as CommandName, `isoloss ${name}`, ["--help"]);
	const width = Math.max(...names.map(({ length }) => length), "completion".length);
	const lines = names.map((each) => `  ${each.padEnd(width)}  ${commands[each].summary}`);
	console.log(
		[
			"The loss landscape of a neural network, on a plain CPU.",
			"",
			"Usage: isoloss COMMAND [options]",
			"",
			...lines,
			`  ${"completion".padEnd(width)}  print a shell's completion: ${shells.join(", ")}`,
			"",
			"isoloss COMMAND --help lists a command's options; isoloss --version --json says what is running.",
			"",
			exitCodes,
		].join("\n"),
	);
}
