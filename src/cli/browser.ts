import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { tell } from "./print.js";

/** What opens a file by its kind, on each system. */
const openers: Readonly<Partial<Record<NodeJS.Platform, readonly [command: string, ...args: string[]]>>> = {
	darwin: ["open"],
	win32: ["cmd", "/c", "start", ""],
};

/** Opens a page in the browser that this machine opens pages with; where there is nothing that would, it says so. */
export async function openInBrowser(path: string): Promise<void> {
	const [command, ...args] = openers[process.platform] ?? ["xdg-open"];
	const isOpened = await new Promise<boolean>((done) => {
		const opener = spawn(command, [...args, resolve(path)], { detached: true, stdio: "ignore" });
		opener.on("error", () => done(false));
		// The browser goes on when the command has ended; what is missing says so at once.
		opener.on("spawn", () => setTimeout(() => done(true), 300));
		opener.on("exit", (status) => done(status === 0));
		opener.unref();
	});
	if (!isOpened) tell(`no browser could be started (${command}): open the file in one`);
}
