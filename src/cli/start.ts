import type { CommandName } from "./commands/index.js";
import { commands } from "./commands/index.js";
import { report } from "./report.js";

/** Runs one command by the name it was called, and sets the exit status. */
export async function start(name: CommandName, calledAs: string, argv: readonly string[]): Promise<void> {
	await guarded(async () => {
		const command = await commands[name].load();
		await command.run(calledAs, argv);
	});
}

/** Does work, and says what is wrong in one line instead of a stack trace. */
export async function guarded(work: () => Promise<void>): Promise<void> {
	// Who reads only the first lines, as `head` does, has seen enough.
	process.stdout.on("error", (error: NodeJS.ErrnoException) => {
		if (error.code !== "EPIPE") throw error;
		process.exit(0);
	});
	try {
		await work();
	} catch (error) {
		const { line, status } = report(error);
		if (line !== "") console.error(line);
		process.exitCode = status;
	}
}
