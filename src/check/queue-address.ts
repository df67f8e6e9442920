import { refuse } from "./values.js";

/** Where a queue is looked for where nothing is said: this machine. */
export const usualQueueAddress = "redis://127.0.0.1:6379";

const EXPECTED = "redis://HOST:PORT, or rediss:// with TLS";

/**
 * Checks the address of a Redis server, `redis://host:6379`, with a database as `/1` and a password where it has them.
 *
 * @throws {OptionError} that does not repeat a password
 */
export function checkQueueAddress(name: string, value: unknown): string {
	if (typeof value !== "string") return refuse(name, EXPECTED, value);
	const url = URL.canParse(value) ? new URL(value) : undefined;
	const scheme = url?.protocol === "redis:" || url?.protocol === "rediss:";
	if (url === undefined || !scheme || url.hostname === "" || !/^(\/\d*)?$/.test(url.pathname))
		return refuse(name, `${EXPECTED}, and /1 for another database`, shownAddress(value));
	return value;
}

/** A text in which the names and passwords of addresses are blotted out. */
export function withoutPasswords(text: string): string {
	return text.replaceAll(/(\w:\/\/)[^\s"']*@/g, "$1***@");
}

/** The same of what was meant for an address, wherever its password may stand. */
export function shownAddress(address: string): string {
	return address.replace(/^(rediss?:\/\/)?.*@/, "$1***@");
}
