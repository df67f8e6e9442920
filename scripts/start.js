/**
 * Runs a command, and says what is wrong in one line instead of a stack trace.
 *
 * @param {() => Promise<{ run(argv: string[]): Promise<void> }>} load imports the command; it fails where isoloss is not built
 */
export async function start(load) {
	try {
		const command = await load();
		await command.run(process.argv);
	} catch (error) {
		process.exitCode = report(error);
	}
}

/**
 * Prints an error for a person and returns the exit status that goes with it.
 *
 * @param {unknown} error
 */
function report(error) {
	if (!(error instanceof Error)) throw error;
	if ("code" in error && error.code === "ERR_MODULE_NOT_FOUND") {
		console.error(`isoloss is not built (${error.message.split("\n")[0]}): run npm ci first`);
		return 1;
	}
	if ("exitCode" in error && typeof error.exitCode === "number") {
		if (error.message !== "") console.error(asTyped(error).replaceAll("\n", " "));
		return error.exitCode;
	}
	console.error(process.env.ISOLOSS_DEBUG ? error : `${error.name}: ${error.message} (ISOLOSS_DEBUG=1 shows where)`);
	return 1;
}

/**
 * The message of an error, with the option as it is typed here: libraries name the property, `batchNorm`, commands the flag.
 *
 * @param {Error} error
 */
function asTyped(error) {
	if (!("option" in error && typeof error.option === "string")) return error.message;
	const { option } = error;
	if (!/^[a-z][A-Za-z]*$/.test(option) || option === "runs") return error.message;
	const flag = `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
	return `${flag}${error.message.slice(option.length)}`;
}
