import { spawn } from "node:child_process";

/** What opens a file by its kind, on each system. */
const openers: Readonly<Partial<Record<NodeJS.Platform, readonly [command: string, ...args: string[]]>>> = {
	darwin: ["open"],
	win32: ["cmd", "/c", "start", ""],
};

/** Opens a page in the browser that this machine opens pages with; false where there is nothing that would. */
export function openInBrowser(path: string): Promise<boolean> {
	const [command, ...args] = openers[process.platform] ?? ["xdg-open"];
	return new Promise((resolve) => {
		const opener = spawn(command, [...args, path], { detached: true, stdio: "ignore" });
		opener.on("error", () => resolve(false));
		// The browser goes on when the command has ended; what is missing says so at once.
		opener.on("spawn", () => setTimeout(() => resolve(true), 300));
		opener.on("exit", (status) => resolve(status === 0));
		opener.unref();
	});
}
