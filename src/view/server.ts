import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { OptionError } from "../errors.js";
import type { LiveEvents, LiveState } from "./live-events.js";
import { contentPolicy, livePage } from "./page.js";

/** A browser that is told of what is new. */
interface Listener {
	readonly response: ServerResponse;
	/** It takes no more for now; once it does, it is told the whole state in place of what it has missed. */
	isBehind: boolean;
	/** Something has happened while it was behind. */
	hasMissed: boolean;
}

/** Browsers ask again after so long where the connection is lost. */
const RETRY_MS = 2000;
/** A line that means nothing, so that nobody in between takes the connection for dead. */
const HEARTBEAT_MS = 15_000;
/** A page of one person; further ones are refused. */
const MOST_LISTENERS = 32;

/** Where a live page is served. */
export interface LiveAddress {
	/** 0 for any that is free. */
	readonly port: number;
	/** The part of the address that nobody can guess. */
	readonly token: string;
}

export function newToken(): string {
	return randomBytes(18).toString("base64url");
}

/**
 * Serves a page, and tells whoever has it open what happens, by server-sent events on the loopback address alone. Who does not know the
 * token is answered 404, and who asks by another name than the loopback's (a page elsewhere whose name has been pointed here)
 * 403. A browser that is slow, or stands still, costs the memory of one state and is never waited for.
 */
export class LiveServer {
	readonly #server: Server;
	readonly #listeners = new Set<Listener>();
	readonly #token: string;
	readonly #state: () => LiveState;
	readonly #heartbeat: NodeJS.Timeout;
	#port = 0;

	/** @param state what there is to show at a moment */
	private constructor(token: string, state: () => LiveState) {
		this.#token = token;
		this.#state = state;
		this.#server = createServer((request, response) => this.#answer(request, response));
		// What goes wrong on a connection ends that connection, never the computation.
		this.#server.on("clientError", (_, socket) => socket.destroy());
		this.#heartbeat = setInterval(() => this.#write(":\n\n"), HEARTBEAT_MS);
		this.#heartbeat.unref();
	}

	/** @throws {OptionError} where the port can't be had */
	static async start({ port, token }: LiveAddress, state: () => LiveState): Promise<LiveServer> {
		const live = new LiveServer(token, state);
		await new Promise<void>((resolve, reject) => {
			live.#server.once("error", (error: NodeJS.ErrnoException) => {
				clearInterval(live.#heartbeat);
				const why = error.code === "EADDRINUSE" ? "is taken by another program" : `can't be had (${error.code})`;
				reject(new OptionError("live", `port ${port} ${why}; expected a free one, or none for any that is`));
			});
			live.#server.listen(port, "127.0.0.1", resolve);
		});
		live.#server.on("error", () => undefined);
		const address = live.#server.address();
		live.#port = typeof address === "object" && address !== null ? address.port : port;
		// The computation ends when it has ended, whoever still looks.
		live.#server.unref();
		return live;
	}

	get port(): number {
		return this.#port;
	}

	/** Where the page is. */
	get url(): string {
		return `http://127.0.0.1:${this.#port}/${this.#token}/`;
	}

	/**
	 * Tells everybody who listens and keeps up.
	 *
	 * @param event made only where there is anybody to tell
	 */
	tell<Name extends keyof LiveEvents>(name: Name, event: () => LiveEvents[Name]): void {
		const listeners = [...this.#listeners];
		for (const listener of listeners) listener.hasMissed ||= listener.isBehind;
		if (listeners.some(({ isBehind }) => !isBehind)) this.#write(message(name, event()));
	}

	/** Ends all connections, once what was told has been handed over or a moment has passed. */
	async close(): Promise<void> {
		clearInterval(this.#heartbeat);
		const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
		for (const { response } of this.#listeners) response.end();
		this.#server.closeIdleConnections();
		const late = setTimeout(() => this.#server.closeAllConnections(), 500);
		await closed;
		clearTimeout(late);
	}

	#write(text: string): void {
		for (const listener of this.#listeners) {
			if (!listener.isBehind) listener.isBehind = !listener.response.write(text);
		}
	}

	#answer(request: IncomingMessage, response: ServerResponse): void {
		response.setHeader("Cache-Control", "no-store");
		response.setHeader("X-Content-Type-Options", "nosniff");
		response.setHeader("Referrer-Policy", "no-referrer");
		response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
		const { method } = request;
		const isHere = [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`].includes(request.headers.host ?? "");
		const [, token = "", name = "", more] = (request.url ?? "").split("?")[0]?.split("/") ?? [];
		const isKnown = isSame(token, this.#token) && more === undefined && ["", "events"].includes(name);
		if (!isHere) refuse(response, 403, "This page is served to this machine alone.");
		else if (!isKnown) refuse(response, 404, "There is nothing here.");
		else if (method !== "GET" && method !== "HEAD") refuse(response, 405, "Nothing is taken here.");
		else if (name === "events" && method === "GET") this.#listen(request, response);
		else this.#sendPage(response, method);
	}

	#sendPage(response: ServerResponse, method: "GET" | "HEAD"): void {
		const policy = `${contentPolicy("connect-src 'self'; ")}; frame-ancestors 'none'`;
		response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy });
		response.end(method === "HEAD" ? undefined : livePage(this.#state().title));
	}

	#listen(request: IncomingMessage, response: ServerResponse): void {
		if (this.#listeners.size >= MOST_LISTENERS) {
			refuse(response, 503, "Too many pages listen already.");
			return;
		}
		response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8" });
		const listener: Listener = { response, isBehind: false, hasMissed: false };
		const tellState = () => {
			listener.hasMissed = false;
			listener.isBehind = !response.write(message("state", this.#state()));
		};
		response.on("drain", () => {
			listener.isBehind = false;
			if (listener.hasMissed) tellState();
		});
		response.on("error", () => this.#listeners.delete(listener));
		request.on("close", () => this.#listeners.delete(listener));
		response.write(`retry: ${RETRY_MS}\n\n`);
		this.#listeners.add(listener);
		tellState();
	}
}

function message(name: string, event: unknown): string {
	return `event: ${name}\ndata: ${JSON.stringify(event)}\n\n`;
}

function refuse(response: ServerResponse, status: number, words: string): void {
	response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" });
	response.end(`${words}\n`);
}

/** Takes as long whether they differ early or late. */
function isSame(given: string, token: string): boolean {
	const [a, b] = [Buffer.from(given), Buffer.from(token)];
	return a.length === b.length && timingSafeEqual(a, b);
}
