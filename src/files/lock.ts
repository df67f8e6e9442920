import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { LockedError } from "../errors.js";
import { storing } from "./append.js";

/** Who writes a file. */
interface Holder {
	readonly pid: number;
	readonly host: string;
	/** ISO 8601. */
	readonly since: string;
}

/** Tries in all, where a lock was left behind by a process that is gone. */
const TRIES = 3;

/** The longest that a lock may be empty, between its making and its writing. */
const WRITING_MS = 5000;

/**
 * Keeps other processes from writing a file: `PATH.lock` says who does. The lock of a process of this machine that is gone,
 * killed perhaps, is taken over.
 *
 * @returns what gives the lock back
 * @throws {LockedError} naming who has it
 * @throws {StorageError} when no lock can be written
 */
export async function lock(path: string): Promise<() => Promise<void>> {
	const at = `${path}.lock`;
	const own: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
	for (let tries = 1; ; tries++) {
		if (await storing(at, () => create(at, JSON.stringify(own)))) return () => rm(at, { force: true });
		const text = await readFile(at, "utf8").catch(() => "");
		const holder = parse(text);
		if (tries < TRIES && holder === undefined && (await isLeft(at))) await discard(at, text);
		else if (holder === undefined && tries < TRIES) await new Promise((resolve) => setTimeout(resolve, 50));
		else if (holder === undefined || isAlive(holder) || tries === TRIES) throw new LockedError(path, at, holder);
		else await discard(at, text);
	}
}

/** @returns false where there is one already */
async function create(at: string, text: string): Promise<boolean> {
	const file = await open(at, "wx").catch((error: NodeJS.ErrnoException) => {
		if (error.code === "EEXIST") return undefined;
		throw error;
	});
	if (file === undefined) return false;
	try {
		await file.writeFile(text);
	} catch (error) {
		// A lock that says nothing, for want of room, would keep everyone out.
		await rm(at, { force: true });
		throw error;
	} finally {
		await file.close();
	}
	return true;
}

/** Whether a lock is older than it takes to write one: its process was killed before it could say who it is. */
async function isLeft(at: string): Promise<boolean> {
	const entry = await stat(at).catch(() => undefined);
	return entry !== undefined && Date.now() - entry.mtimeMs > WRITING_MS;
}

function parse(text: string): Holder | undefined {
	try {
		const { pid, host, since } = JSON.parse(text) as Partial<Holder>;
		if (typeof pid === "number" && typeof host === "string" && typeof since === "string") return { pid, host, since };
	} catch (error) {
		// Between its making and its writing a lock is empty.
		if (!(error instanceof SyntaxError)) throw error;
	}
	return undefined;
}

/** Whether the holder may still be there: of another machine that can't be known. */
function isAlive({ pid, host }: Holder): boolean {
	return host !== hostname() || isProcess(pid);
}

/** Whether there is a process of that number on this machine. */
export function isProcess(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error instanceof Error && "code" in error && error.code === "EPERM";
	}
}

/** Takes away a lock that was left behind, unless another process has just done so and has its own there. */
async function discard(at: string, text: string): Promise<void> {
	const aside = `${at}.${process.pid}.tmp`;
	await rename(at, aside).catch(() => undefined);
	const found = await readFile(aside, "utf8").catch(() => text);
	if (found === text) await rm(aside, { force: true });
	else await rename(aside, at);
}
