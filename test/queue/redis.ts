import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect as connectTo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether there is a Redis server to be started. */
export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

/** What is said where there is none. */
export const leftOut = "tests over a queue are left out: they start redis-server, of Debian's package redis-server";

/** A port of this machine that nobody listens on. */
async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

/** A Redis server of the test's own, on this machine alone. */
export class RedisServer {
	readonly port: number;
	readonly #directory = mkdtempSync(join(tmpdir(), "isoloss-redis-"));
	readonly #settings: readonly string[];
	#child: ChildProcess | undefined;

	private constructor(port: number, settings: readonly string[]) {
		this.port = port;
		this.#settings = settings;
	}

	/** @param settings of the server, such as `--appendonly yes` */
	static async start(...settings: readonly string[]): Promise<RedisServer> {
		const server = new RedisServer(await freePort(), settings);
		await server.start();
		return server;
	}

	get address(): string {
		return `redis://127.0.0.1:${this.port}`;
	}

	async start(): Promise<void> {
		const own = ["--port", `${this.port}`, "--bind", "127.0.0.1", "--save", "", "--dir", this.#directory];
		const child = spawn("redis-server", [...own, ...this.#settings], { stdio: ["ignore", "pipe", "inherit"] });
		this.#child = child;
		await new Promise<void>((resolve, reject) => {
			child.on("error", reject);
			child.on("exit", (code) => reject(new Error(`redis-server ended with ${code}`)));
			child.stdout?.setEncoding("utf8").on("data", (text: string) => {
				if (text.includes("Ready to accept connections")) resolve();
			});
		});
	}

	/** As a machine that loses its power. */
	async kill(): Promise<void> {
		const child = this.#child;
		this.#child = undefined;
		if (child === undefined) return;
		const ended = new Promise((resolve) => child.once("exit", resolve));
		child.kill("SIGKILL");
		await ended;
	}

	async stop(): Promise<void> {
		await this.kill();
		rmSync(this.#directory, { recursive: true, force: true });
	}

	/** Every key that it holds, and for how many seconds more: -1 for ever. */
	keys(): { readonly key: string; readonly seconds: number }[] {
		const ask = (...command: readonly string[]) =>
			spawnSync("redis-cli", ["-p", `${this.port}`, ...command], { encoding: "utf8" }).stdout.trim();
		return ask("KEYS", "*")
			.split("\n")
			.filter((key) => key !== "")
			.map((key) => ({ key, seconds: Number(ask("TTL", key)) }));
	}
}

/** A way to a server that can be cut: what is sent over it is lost then, and nobody is told. */
export class Wire {
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();
	#isCut = false;

	private constructor(server: Server) {
		this.#server = server;
	}

	static async to(port: number): Promise<Wire> {
		const server = createServer();
		const wire = new Wire(server);
		server.on("connection", (near) => wire.#join(near, port));
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		return wire;
	}

	get address(): string {
		return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	#join(near: Socket, port: number): void {
		const far = connectTo(port, "127.0.0.1");
		for (const [from, to] of [
			[near, far],
			[far, near],
		] as const) {
			this.#sockets.add(from);
			from.on("data", (bytes) => {
				if (!this.#isCut) to.write(bytes);
			});
			from.on("error", () => to.destroy());
			from.on("close", () => {
				this.#sockets.delete(from);
				to.destroy();
			});
		}
	}

	cut(): void {
		this.#isCut = true;
	}

	/** Connections that were cut have lost what was on them: they end, and others can be made. */
	mend(): void {
		for (const socket of this.#sockets) socket.destroy();
		this.#isCut = false;
	}

	close(): void {
		for (const socket of this.#sockets) socket.destroy();
		this.#server.close();
	}
}
