import { isListOf, isPerhaps, isText, refuse } from "../check/values.js";
import { checkDataset } from "../data/dataset.js";
import { isLayersModel } from "../formats/keras/layers-model.js";
import { checkNetwork } from "../network/check.js";
import { checkOptions, defaults, planeOptions } from "../options/plane/index.js";
import { checkSection } from "../section/section.js";
import { checkAlign } from "./aligned.js";
import type { OtherNetwork, SweepRequest } from "./request.js";
import { checkOthers, otherNetworks } from "./section.js";

/**
 * A request of which every part has been checked. What is written as on a command line, `x: "-1:1:5"`, is read as there.
 *
 * @throws {OptionError} for the first that is not allowed
 */
export function checkRequest(request: SweepRequest): SweepRequest {
	const { data, to, section } = request;
	const composed = new Set([...(isComposed(data) ? ["data"] : []), ...(isComposed(to) ? ["to"] : [])]);
	const written = Object.entries(request).filter(
		([property]) => Object.hasOwn(planeOptions, property) && !composed.has(property),
	);
	const checked = checkOptions(Object.fromEntries(written));
	isPerhaps(isListOf(isText))("labels", request.labels);
	isPerhaps(checkInMemory)("network", request.network);
	isPerhaps(checkSection)("section", section);
	if (data !== undefined && typeof data !== "string") checkData(data);
	const others = otherNetworks(request);
	for (const other of others) checkOther("to", other);
	if (section === undefined) checkOthers(checked.directions ?? defaults.directions, others);
	checkAlign({ ...request, ...checked });
	return { ...request, ...checked };
}

/** Whether something is in memory, or a list that is not of texts alone: no option of a command line. */
function isComposed(value: unknown): boolean {
	const parts: unknown[] = Array.isArray(value) ? value : [value];
	return value !== undefined && !(parts.length > 0 && parts.every((part) => typeof part === "string"));
}

/** What a network in memory is made with, or a network. */
function checkInMemory(name: string, network: unknown): void {
	if (!isLayersModel(network)) checkNetwork(name, network);
}

function checkData(data: unknown): void {
	if (data === null || typeof data !== "object")
		refuse("data", "the name of a data set, a path, arrays or a data set", data);
	// Arrays are checked where they are arranged for the network.
	if ("sampleShape" in data) checkDataset("data", data);
}

/**
 * Checks another network. Its state is checked where the network is known that it must be one of.
 *
 * @throws {OptionError} when it is none
 */
export function checkOther(name: string, other: OtherNetwork): void {
	if (typeof other === "string") return;
	const given: unknown = other;
	if (
		given === null ||
		typeof given !== "object" ||
		!("parameters" in given || "graph" in given || isLayersModel(given))
	)
		refuse(name, "a file, init:SEED, a network or the state of one", given);
	if (!("parameters" in given)) checkInMemory(name, given);
}
