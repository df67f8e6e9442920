import { chooseSamples, type Dataset, pickSamples } from "../data/dataset.js";
import { LayoutMismatchError, OptionError } from "../errors.js";
import type { LossName } from "../objective/losses/index.js";
import { suitObjective } from "../objective/suit.js";
import { targetsOf } from "../objective/targets.js";
import { defaults } from "../options/plane/index.js";
import { isFile, isNamed } from "./data.js";
import type { ArrayData } from "./data-in-memory.js";
import { dataFor, type Judged } from "./index.js";
import { wishesOf } from "./objective.js";
import type { SweepRequest } from "./request.js";

/** Data by name or path, or in memory. */
type DataSource = string | ArrayData | Dataset;

/** What is asked for to try a network on. */
export interface TestChoice {
	readonly testData?: DataSource;
	readonly validation?: number;
}

/** The samples of a training. */
export interface Parts {
	readonly data: Dataset;
	readonly test?: Dataset;
	/** Where the samples for the test come from. */
	readonly told: readonly string[];
}

/** The samples to train on, and those to try the network on: given, a part of their own, held out, or none. */
export async function partsOf(
	judged: Judged,
	request: SweepRequest,
	{ validation, testData }: TestChoice,
): Promise<Parts> {
	const { data } = judged.objective;
	if (testData !== undefined && validation !== undefined)
		throw new OptionError("validation", "expected either test data or a share that is held out, got both");
	if (testData !== undefined) return tested(judged, request, testData, "test");
	if (validation !== undefined) return validation === 0 ? { data, told: [] } : heldOut(data, validation);
	const { data: source = defaults.data, split = defaults.split } = request;
	const other = split === "train" ? "test" : "train";
	if (typeof source === "string" && (isNamed(source) || !(await isFile(source)) || data.parts?.includes(other)))
		return tested(judged, request, source, other);
	return {
		data,
		told: ["no test: the data have no part for it; --validation 0.1 holds a tenth out, --test-data gives other data"],
	};
}

async function tested(
	judged: Judged,
	request: SweepRequest,
	source: DataSource,
	split: "train" | "test",
): Promise<Parts> {
	const { data } = judged.objective;
	const test = await dataFor(judged.network, source, { ...request, split, samples: "all" });
	const isPart = (typeof source === "string" && isNamed(source)) || (test.parts ?? []).length > 1;
	const known = new Set(judged.assumptions.read);
	const [ours, theirs] = [data.classNames, test.classNames];
	if (ours !== undefined && theirs !== undefined && ours.join("\n") !== theirs.join("\n"))
		throw new LayoutMismatchError(
			`${test.name}: the classes to test on are ${theirs.join(", ")}, those to train on ${ours.join(", ")}`,
		);
	return {
		data,
		test: await placed(judged, request, test),
		told: [
			`tested after each epoch on ${test.samples} samples of ${test.name}${isPart ? `, ${split}` : ""}`,
			...(test.assumptions ?? []).filter((line) => !known.has(line)),
		],
	};
}

/** Test data with targets in the role that the loss takes. */
async function placed({ network, objective }: Judged, request: SweepRequest, test: Dataset): Promise<Dataset> {
	const { loss } = objective;
	const own = loss.startsWith("file:");
	const wishes = { ...(await wishesOf(request)), ...(!own && { loss: loss as LossName }) };
	return { ...test, targets: suitObjective(network.graph, targetsOf(test), wishes).placed.targets };
}

/** @throws {OptionError} when the share leaves nothing on one side */
function heldOut(data: Dataset, share: number): Parts {
	const count = Math.round(share * data.samples);
	if (count === 0 || count === data.samples)
		throw new OptionError(
			"validation",
			`expected a share that leaves some of the ${data.samples} samples on both sides, got "${share}"`,
		);
	const order = chooseSamples(data.samples, "all");
	return {
		data: pickSamples(data, order.subarray(count)),
		test: pickSamples(data, order.subarray(0, count)),
		told: [`tested after each epoch on ${count} samples that are held out, the first of a seeded shuffle`],
	};
}
