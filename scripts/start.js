/**
 * Starts a command from a checkout.
 *
 * @param {"sweep" | "render" | "compare" | "open" | "gallery" | "export" | "import" | "inspect" | "topology" | "doctor" | "curvature" | "align" | "connect" | "average" | "train" | "article" | "worker" | "queue"} name
 */
export async function start(name) {
	const built = await load().catch((error) => {
		if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
		console.error(`isoloss is not built (${error.message.split("\n")[0]}): run npm ci first`);
		process.exitCode = 1;
	});
	await built?.start(name, `node scripts/${name}.js`, process.argv.slice(2));
}

/** Listens to signals before all else is read, so that one in the meantime has the words and the status of later ones. */
async function load() {
	const { listenToSignals } = await import("../dist/bundle/interrupt.js");
	listenToSignals();
	return import("../dist/bundle/start.js");
}
