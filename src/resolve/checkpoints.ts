import { existsSync } from "node:fs";
import { basename } from "node:path";
import { FileFormatError, InterruptedError, OptionError } from "../errors.js";
import { sha256 } from "../exact/digest.js";
import { filesMatching } from "../files/matching.js";
import { Spool } from "../files/spool.js";
import { readWeights } from "../formats/index.js";
import { checkState } from "../network/check.js";
import type { Network } from "../network/network.js";
import { type Layout, parameterLayout, type State } from "../network/parameters.js";
import { listed } from "../options/kinds.js";
import { rowsOf, type VectorRows } from "../section/rows.js";
import { eachSnapshot } from "../store/trajectory.js";
import { collectGarbage } from "./collect.js";
import type { Reading } from "./network.js";
import type { SweepRequest } from "./request.js";

/** Bytes of networks that are held in memory; more are kept in a file for the time being. */
const HELD_BYTES = 256 << 20;

/** Networks of trainings, one after another, path by path; and that of the origin, where it is none of them, after the last. */
export interface Checkpoints {
	readonly rows: VectorRows;
	/** Puts one network's parameters, whole, into an array. */
	read(number: number, into: Float32Array): Promise<void>;
	/** The running statistics of each. */
	readonly statistics: readonly Float32Array[];
	/** SHA-256 over the values of each. */
	readonly digests: readonly string[];
	readonly paths: readonly { readonly label: string; readonly files: readonly string[] }[];
	/** Networks of no training, which come after those, by their files. */
	readonly marks: readonly string[];
	/** Which of them is the origin of a plane of principal components, and its file. */
	readonly origin: { readonly number: number; readonly file: string };
	close(): Promise<void>;
}

/**
 * Reads trainings one network at a time.
 *
 * @param request its trajectories: files of `train`, files of weights, or patterns of such; and where the origin is
 * @throws {FileFormatError} naming a file with a number that is not finite: what lies nowhere has no place on a plane
 */
export async function readCheckpoints(
	network: Network,
	{ trajectory, mark, origin = "last" }: Pick<SweepRequest, "trajectory" | "mark" | "origin">,
	reading: Reading,
	signal?: AbortSignal,
): Promise<Checkpoints> {
	const keeper = new Keeper(parameterLayout(network.graph).length);
	try {
		const read = await readInto(keeper, network, { trajectory, mark, origin }, reading, signal);
		// Of the last network that was read, and of its file: what comes next takes as much.
		if (keeper.isLarge) collectGarbage();
		return {
			rows: keeper.rows(),
			read: (which, into) => keeper.read(which, into),
			...read,
			close: () => keeper.close(),
		};
	} catch (error) {
		await keeper.close();
		throw error;
	}
}

async function readInto(
	keeper: Keeper,
	network: Network,
	{
		trajectory,
		mark,
		origin,
	}: { readonly [Name in "trajectory" | "mark"]: SweepRequest[Name] } & { readonly origin: string },
	reading: Reading,
	signal: AbortSignal | undefined,
): Promise<Pick<Checkpoints, "statistics" | "digests" | "paths" | "marks" | "origin">> {
	const layout = parameterLayout(network.graph);
	const statistics: Float32Array[] = [];
	const digests: string[] = [];
	const paths: { label: string; files: string[] }[] = [];
	const add = async ({ path, state }: Named) => {
		if (signal?.aborted) throw new InterruptedError(undefined, { cause: signal.reason });
		checkState("trajectory", state, network.graph);
		checkFinite(path, state.parameters, layout);
		digests.push(sha256(state.parameters, state.statistics));
		statistics.push(state.statistics);
		await keeper.add(state.parameters);
	};
	for (const pattern of listed(trajectory)) {
		const files: string[] = [];
		for await (const named of networksOf(pattern, network, reading)) {
			await add(named);
			files.push(named.file);
		}
		paths.push({ label: pattern, files });
	}
	const marks: string[] = [];
	for (const pattern of listed(mark))
		for await (const named of networksOf(pattern, network, reading)) {
			await add(named);
			marks.push(named.file);
		}
	const read = { statistics, digests, paths, marks };
	if (origin === "first") return { ...read, origin: { number: 0, file: paths[0]?.files[0] ?? "" } };
	if (origin === "last") {
		const { files } = paths[0] ?? { files: [] };
		return { ...read, origin: { number: files.length - 1, file: files.at(-1) ?? "" } };
	}
	const named = await originOf(origin, network, reading);
	const there = digests.indexOf(sha256(named.state.parameters, named.state.statistics));
	if (there < 0) await add(named);
	return { ...read, origin: { number: there < 0 ? digests.length - 1 : there, file: named.file } };
}

/** A network, how people call its file, and how errors do. */
interface Named {
	readonly file: string;
	readonly path: string;
	readonly state: State;
}

/** The networks of a training, or of files: each when its turn comes. */
export async function* networksOf(pattern: string, network: Network, reading: Reading): AsyncGenerator<Named> {
	if (pattern.endsWith(".trajectory.msgpack")) {
		for (const { step, state } of eachSnapshot(pattern))
			yield { file: `step ${step}`, path: `${pattern}: step ${step}`, state };
		return;
	}
	for (const path of await filesMatching(pattern))
		yield { file: basename(path), path, state: await readWeights(path, network, reading) };
}

async function originOf(path: string, network: Network, reading: Reading): Promise<Named> {
	if (!existsSync(path))
		throw new OptionError("origin", `expected last, first or a file of weights, got "${path}", which is no file`);
	return { file: basename(path), path, state: await readWeights(path, network, reading) };
}

function checkFinite(path: string, parameters: Float32Array, { slots }: Layout): void {
	for (const { name, offset, size } of slots)
		for (let i = offset; i < offset + size; i++)
			if (!Number.isFinite(parameters[i]))
				throw new FileFormatError(
					path,
					`expected finite numbers, got ${parameters[i]} in ${name}; leave out networks of a training that has diverged`,
				);
}

/** Vectors in memory, and from so many bytes on in a file. */
class Keeper {
	readonly #length: number;
	#vectors: Float32Array[] = [];
	#spool: Spool | undefined;

	constructor(length: number) {
		this.#length = length;
	}

	/** Whether there is more than is held in memory. */
	get isLarge(): boolean {
		return this.#spool !== undefined;
	}

	async add(vector: Float32Array): Promise<void> {
		if (this.#spool === undefined && 4 * this.#length * (this.#vectors.length + 1) > HELD_BYTES) {
			this.#spool = await Spool.open(this.#length);
			for (const held of this.#vectors) await this.#spool.append(held);
			this.#vectors = [];
		}
		if (this.#spool === undefined) this.#vectors.push(vector);
		else await this.#spool.append(vector);
	}

	rows(): VectorRows {
		const spool = this.#spool;
		if (spool === undefined) return rowsOf(this.#vectors);
		return {
			count: spool.count,
			length: this.#length,
			stretch: (first, size, room) => spool.stretch(first, size, room),
		};
	}

	async read(number: number, into: Float32Array): Promise<void> {
		if (this.#spool === undefined) into.set(this.#vectors[number] ?? []);
		else await this.#spool.read(number, into);
	}

	async close(): Promise<void> {
		await this.#spool?.close();
	}
}
