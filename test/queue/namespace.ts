import { spawnSync } from "node:child_process";

const ip = (...args: readonly string[]): boolean => spawnSync("ip", args, { stdio: "ignore" }).status === 0;

/**
 * A network of its own, as another machine's, with one link to this one: what is sent while the link is down is lost, and neither
 * side is told. Made by iproute2, which root may.
 */
export class Namespace {
	readonly #name: string;
	readonly #link: string;
	/** This machine's address on the link. */
	readonly host: string;

	private constructor(name: string, link: string, host: string) {
		this.#name = name;
		this.#link = link;
		this.host = host;
	}

	/** Undefined where this user may not, or iproute2 is missing. */
	static create(): Namespace | undefined {
		const name = `isoloss-${process.pid}`;
		const [link, far] = [`iso${process.pid % 100_000}a`, `iso${process.pid % 100_000}b`];
		// A network of the range for tests of networks (RFC 2544).
		const network = `198.18.${process.pid % 256}`;
		const within = (...args: readonly string[]) => ip("-n", name, ...args);
		const namespace = new Namespace(name, link, `${network}.1`);
		const made =
			ip("netns", "add", name) &&
			ip("link", "add", link, "type", "veth", "peer", "name", far, "netns", name) &&
			ip("address", "add", `${network}.1/30`, "dev", link) &&
			within("address", "add", `${network}.2/30`, "dev", far) &&
			within("link", "set", far, "up") &&
			within("link", "set", "lo", "up") &&
			ip("link", "set", link, "up");
		if (made) return namespace;
		namespace.remove();
		return undefined;
	}

	/** A command and its arguments, to be run there. */
	command(command: string, args: readonly string[]): readonly [string, readonly string[]] {
		return ["ip", ["netns", "exec", this.#name, command, ...args]];
	}

	cut(): void {
		ip("link", "set", this.#link, "down");
	}

	mend(): void {
		ip("link", "set", this.#link, "up");
	}

	remove(): void {
		ip("link", "delete", this.#link);
		ip("netns", "delete", this.#name);
	}
}
