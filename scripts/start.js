/**
 * Starts a command from a checkout.
 *
 * @param {"sweep" | "render" | "compare" | "inspect" | "curvature" | "align" | "connect" | "average" | "train" | "article" | "worker" | "queue"} name
 */
export async function start(name) {
	const built = await import("../dist/src/cli/start.js").catch((error) => {
		if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
		console.error(`isoloss is not built (${error.message.split("\n")[0]}): run npm ci first`);
		process.exitCode = 1;
	});
	await built?.start(name, `node scripts/${name}.js`, process.argv.slice(2));
}
