import { join } from "node:path";
import type { ExecutionContext } from "ava";
import type { Answer, Examined } from "../../src/doctor/check.js";
import { checks } from "../../src/doctor/checks/index.js";
import { sweepCommand } from "../../src/doctor/command-line.js";
import { Evaluations } from "../../src/doctor/evaluations.js";
import { sweep } from "../../src/landscape.js";
import { type Resolved, resolve } from "../../src/resolve/index.js";
import type { SweepRequest } from "../../src/resolve/request.js";
import { emptySurface, type Surface } from "../../src/surface/surface.js";
import { PoolExecutor } from "../../src/sweep/pool.js";
import { root } from "../fixtures.js";

/** One worker for all tests of a file. */
export const executor = new PoolExecutor({ threads: 1 });

const corpus = (network: string) => join(root, "test", "corpus", "pytorch", network);
const square = { min: -1, max: 1, steps: 9 };

/** A classifier of 2,741 parameters that was trained, on the 200 samples of five classes that come with it, and a plane around it. */
export const mlp = {
	...{ model: join(corpus("mlp"), "a.onnx"), data: join(corpus("mlp"), "data.npz"), samples: 64, x: square, y: square },
} satisfies SweepRequest;

/** A residual network with batch normalisation, of few samples. */
export const resnet = {
	...{ model: join(corpus("resnet8"), "a.onnx"), data: join(corpus("resnet8"), "data.npz"), samples: 8 },
} satisfies SweepRequest;

/** A run and what it is made of. */
export interface Run {
	readonly surface: Surface;
	readonly made: Resolved;
}

/** A sweep. */
export async function swept(request: SweepRequest): Promise<Run> {
	const { surface } = await sweep({ ...request, executor });
	return { surface, made: await resolve(request) };
}

/** What a sweep is made of, with no point computed: for checks that ask nothing of values. */
export async function outlined(request: SweepRequest): Promise<Run> {
	const made = await resolve(request);
	const { grid, fields, plan, caption, problem } = made;
	const provenance = { plan, version: "0", caption, assumptions: [], notes: {} };
	return { surface: emptySurface({ grid, extras: [], fields, anchors: problem.section.anchors, provenance }), made };
}

/** What a check by its name says of a run. */
export async function ask(
	name: string,
	{ surface, made }: Pick<Run, "surface"> & Partial<Run>,
): Promise<Answer | null> {
	const check = checks.find((each) => each.name === name);
	if (check === undefined) throw new RangeError(`no check ${name}`);
	const { request } = surface.provenance;
	const run: Examined = { surface, name: "runs/a", sweepWith: (changes) => sweepCommand(request, changes) };
	if (check.needs === "surface") return check.answer(run);
	if (made === undefined) throw new RangeError(`${name} needs a network`);
	if (check.needs === "network") return check.answer(run, made);
	if (request === undefined) throw new RangeError(`${name} needs a request`);
	return check.answer(run, made, new Evaluations(executor, request));
}

/** Asserts a verdict, and what its paragraph and its command say. */
export function says(
	t: ExecutionContext,
	answer: Answer | null,
	verdict: Answer["verdict"],
	text: RegExp,
	command?: RegExp,
): void {
	t.is(answer?.verdict, verdict, answer?.text);
	t.regex(answer?.text ?? "", text);
	if (command === undefined) t.is(answer?.command, undefined);
	else t.regex(answer?.command ?? "", command);
}
