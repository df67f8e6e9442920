import { pathToFileURL } from "node:url";
import { type LossName, losses } from "../objective/losses/index.js";
import { describeLoss, type LossReference, type OwnLoss } from "../objective/module.js";

/** Losses of one's own that are installed here, by what plans call them: `own` and the digest of the module. */
export type InstalledLosses = ReadonlyMap<string, OwnLoss>;

/** @throws {OptionError} for a file that can't be read */
export function installedLosses(paths: readonly string[]): InstalledLosses {
	const urls = paths.map((path) => pathToFileURL(path).href as OwnLoss);
	return new Map(urls.map((url) => [describeLoss(url), url]));
}

/** The loss that a manifest names; undefined where it is one that is not installed here. No path of a manifest is ever opened. */
export function lossNamed(name: unknown, installed: InstalledLosses): LossReference | undefined {
	if (typeof name !== "string") return undefined;
	return Object.hasOwn(losses, name) ? (name as LossName) : installed.get(name);
}
