/** A file may hold names of megabytes, which nobody reads in an error. */
const LONGEST = 10_000;

/**
 * Every error isoloss throws on purpose: one sentence for a person, plus the fields a caller acts on.
 * `tag` tells them apart without `instanceof`; `exitCode` is what a script ends with.
 */
export abstract class IsolossError extends Error {
	abstract readonly tag: string;
	/** 2 where the input was wrong, 1 for the rest, 130 after an interrupt. */
	readonly exitCode: number = 1;

	constructor(message: string, options?: ErrorOptions) {
		super(message.length <= LONGEST ? message : `${message.slice(0, LONGEST)} ...`, options);
	}

	override get name(): string {
		return this.tag;
	}
}

/** Something the caller gave cannot be used as it is. */
abstract class InputError extends IsolossError {
	override readonly exitCode = 2;
}

/** An option has a value that is not allowed. */
export class OptionError extends InputError {
	readonly tag = "OptionError";
	/** The option by the name of its property, `batchNorm`; on a command line by its flag. */
	readonly option: string;
	/** What is wrong with it, without its name. */
	readonly reason: string;

	constructor(option: string, reason: string) {
		super(`${option}: ${reason}`);
		this.option = option;
		this.reason = reason;
	}
}

/** A file cannot be read as what it should be: missing, truncated, of another format. */
export class FileFormatError extends InputError {
	readonly tag = "FileFormatError";
	readonly path: string;

	constructor(path: string, message: string) {
		super(`${path}: ${message}`);
		this.path = path;
	}
}

/** A file can't be written: no room, no permission, taken away; what was kept before stays usable. */
export class StorageError extends IsolossError {
	readonly tag = "StorageError";
	readonly path: string;

	constructor(path: string, reason: string, options?: ErrorOptions) {
		super(`${path}: ${reason}; what was kept before is usable`, options);
		this.path = path;
	}
}

/** Another process writes the same files. */
export class LockedError extends IsolossError {
	readonly tag = "LockedError";
	readonly path: string;
	/** The process, where its lock says which. */
	readonly pid: number | undefined;

	constructor(path: string, lock: string, holder?: { pid: number; host: string; since: string }) {
		const who = holder === undefined ? "another process" : `process ${holder.pid} on ${holder.host}`;
		const since = holder === undefined ? "" : ` since ${holder.since}`;
		super(
			`${path}: ${who} has been writing it${since}; wait for it or give another --out, or remove ${lock} if it is gone`,
		);
		this.path = path;
		this.pid = holder?.pid;
	}
}

/** Tensors do not fit the network they are meant for. */
export class LayoutMismatchError extends InputError {
	readonly tag = "LayoutMismatchError";
	/** The tensor that does not fit, where it is one. */
	readonly tensor: string | undefined;

	constructor(message: string, tensor?: string) {
		super(message);
		this.tensor = tensor;
	}
}

/** A graph holds what cannot be carried out; `problems` lists all of it. */
export class GraphError extends InputError {
	readonly tag = "GraphError";
	readonly problems: readonly string[];

	constructor(problems: readonly string[]) {
		super(problems.join("; "));
		this.problems = problems;
	}
}

/** A file belongs to another sweep or training; `differences` names each field in which their plans differ. */
export class RunMismatchError extends InputError {
	readonly tag = "RunMismatchError";
	readonly path: string;
	readonly differences: readonly string[];

	constructor(
		path: string,
		differences: readonly string[],
		what: "sweep" | "training" | "computation of curvature" = "sweep",
		advice = "give another --out, or --fresh to start over",
	) {
		super(`${path}: holds another ${what} (${differences.join("; ")}); ${advice}`);
		this.path = path;
		this.differences = differences;
	}
}

/** A network with its neurons in another order does not compute what it did: nothing that was aligned is to be trusted. */
export class AlignmentError extends IsolossError {
	readonly tag = "AlignmentError";
	/** The first node of the graph whose values differ by more than rounding. */
	readonly node: string;

	/** @param distance of the outputs, in units of the largest */
	constructor(node: string, distance: number) {
		super(
			`alignment: with its neurons in another order the network's outputs differ by ${distance.toPrecision(2)} of the largest, where at most 1e-5 is rounding; the first node that differs is ${node}`,
		);
		this.node = node;
	}
}

/** A task failed, or its worker died on every try; what was finished before it is kept. */
export class WorkerError extends IsolossError {
	readonly tag = "WorkerError";
	/** What was to be done. */
	readonly task: string;
	readonly tries: number;

	constructor(task: string, tries: number, cause: unknown) {
		const reason = cause instanceof Error ? cause.message : String(cause);
		const failed = tries === 1 ? `failed with "${reason}"` : `failed ${tries} times, the last time with "${reason}"`;
		super(`${task} ${failed}; what is finished is kept`, { cause });
		this.task = task;
		this.tries = tries;
	}
}

/** The caller stopped the work; what was finished is kept. */
export class InterruptedError extends IsolossError {
	readonly tag = "InterruptedError";
	override readonly exitCode = 130;

	/** @param options `cause`: the reason that an AbortSignal gave */
	constructor(message = "interrupted; what is finished is kept", options?: ErrorOptions) {
		super(message, options);
	}
}

/** Whether something thrown is an error of isoloss, or one of those with a tag; across copies of the library too. */
export function isIsolossError(error: unknown, tag?: string): error is IsolossError {
	if (!(error instanceof Error && "tag" in error && typeof error.tag === "string" && "exitCode" in error)) return false;
	return tag === undefined || error.tag === tag;
}
