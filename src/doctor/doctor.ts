import { checkNames, isA, isPerhaps, isSwitch, isText } from "../check/values.js";
import { InterruptedError, isIsolossError } from "../errors.js";
import { type DirectionKind, isCurved } from "../options/plane/index.js";
import { machineThreads, threads as threadsOption } from "../options/shared.js";
import { resolveAgain } from "../resolve/again.js";
import type { Resolved } from "../resolve/index.js";
import { checkSurface, type Surface } from "../surface/surface.js";
import { PoolExecutor } from "../sweep/pool.js";
import { type Answer, type Check, type Examined, verdicts } from "./check.js";
import { checks } from "./checks/index.js";
import { quoted, sweepCommand } from "./command-line.js";
import { Evaluations } from "./evaluations.js";
import { isRounding } from "./facts.js";

export interface DoctorOptions {
	/** What the run is called in commands: its directory; `RUN` where nothing is said. */
	readonly name?: string;
	/** Without evaluating anything. */
	readonly quick?: boolean;
	/** As many as the machine runs at once where nothing is said. */
	readonly threads?: number;
	readonly signal?: AbortSignal;
	/** Told of each check before it is begun. */
	readonly onCheck?: (question: string, done: number, total: number) => void;
}

/** The answer to one question. */
export interface Finding extends Answer {
	readonly name: string;
	readonly question: string;
}

/** What is found of a run. */
export interface Examination {
	/** The worst first, in the order of the checks otherwise. */
	readonly findings: readonly Finding[];
	/** Questions that were left open, and why; null where none was. */
	readonly left: { readonly questions: readonly string[]; readonly reason: string } | null;
}

/**
 * Asks of a run whether its picture is right: of its values, and, where its networks and data can be read again, of those, of its directions,
 * and of what more samples, other samples and other seeds say.
 *
 * @throws {IsolossError} as an executor does; what can't be read again is told, and no error
 */
export async function doctor(surface: Surface, options: DoctorOptions = {}): Promise<Examination> {
	checkSurface("surface", surface);
	checkOptions(options);
	const { name = "RUN", quick = false, threads = machineThreads, signal, onCheck } = options;
	const { request } = surface.provenance;
	const run: Examined = { surface, name: quoted(name), sweepWith: (changes) => sweepCommand(request, changes) };
	const made = await madeOf(surface, name, quick);
	const isOpen = (check: Check) =>
		check.needs === "surface" || (typeof made === "object" && !(quick && check.needs === "evaluation"));
	// Where all is rounding there is no shape to ask of.
	const flat = isRounding(surface);
	const open = checks.filter((check) => isOpen(check) && !(flat && check.ofShape));
	const findings: Finding[] = [];
	const executor = new PoolExecutor({ threads: Math.min(threads, machineThreads) });
	const evaluations = request && new Evaluations(executor, request, signal);
	try {
		for (const [i, check] of open.entries()) {
			signal?.throwIfAborted();
			onCheck?.(check.question, i, open.length);
			const answer = await answerOf(check, run, made, evaluations);
			if (answer !== null) findings.push({ name: check.name, question: check.question, ...answer });
		}
	} catch (error) {
		if (signal?.aborted) throw new InterruptedError(undefined, { cause: signal.reason });
		throw error;
	} finally {
		await executor.close();
	}
	findings.sort((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict));
	const left = checks.filter((check) => !isOpen(check)).map(({ question }) => question);
	const reason = typeof made === "string" ? made : "--quick evaluates nothing";
	return { findings, left: left.length === 0 ? null : { questions: left, reason } };
}

function checkOptions(options: DoctorOptions): void {
	const known = { name: isPerhaps(isText), quick: isPerhaps(isSwitch), threads: isPerhaps(threadsOption.check) };
	const also = {
		signal: isPerhaps(isA("an AbortSignal", (value) => value instanceof AbortSignal)),
		onCheck: isPerhaps(isA("a function", (value) => typeof value === "function")),
	};
	const all = { ...known, ...also };
	checkNames(options, Object.keys(all));
	for (const [property, check] of Object.entries(all)) check(property, options[property as keyof typeof all]);
}

/** What a run was made of; or, in words, why it can't be had. */
async function madeOf(surface: Surface, name: string, quick: boolean): Promise<Resolved | string> {
	const { request } = surface.provenance;
	const { directions = "random" } = request ?? {};
	if (quick && isCurved(String(directions) as DirectionKind))
		return `directions of ${directions} take evaluations, and --quick has none`;
	try {
		return await resolveAgain(surface, name);
	} catch (error) {
		if (!isIsolossError(error) || error instanceof InterruptedError) throw error;
		return error.message;
	}
}

async function answerOf(
	check: Check,
	run: Examined,
	made: Resolved | string,
	evaluations: Evaluations | undefined,
): Promise<Answer | null> {
	if (check.needs === "surface") return check.answer(run);
	if (typeof made === "string") return null;
	if (check.needs === "network") return check.answer(run, made);
	return evaluations === undefined ? null : check.answer(run, made, evaluations);
}
