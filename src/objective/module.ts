import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { OptionError } from "../errors.js";
import { sha256 } from "../exact/digest.js";
import { describeSystemError } from "../files/read.js";
import type { Loss, LossSettings } from "./loss.js";
import { type LossName, losses } from "./losses/index.js";
import { roles } from "./role.js";

/** A loss by name, or the user's own: the URL of a module whose default export is one, since workers have to load it too. */
export type LossReference = LossName | OwnLoss;
export type OwnLoss = `file:${string}`;

/** What a sweep needs of a loss; only training needs the rest. */
export type SummedLoss = Pick<Loss, "name" | "add" | "weight" | "differentiable"> & Partial<Pick<Loss, "takes">>;

/**
 * The loss that a reference stands for.
 *
 * @throws {OptionError} when a module can't be loaded, or its default export has no function `add`
 */
export async function loadLoss(reference: LossReference, settings: LossSettings = {}): Promise<SummedLoss> {
	if (!isOwn(reference)) return applied(losses[reference], settings);
	const fail = (reason: string): never => {
		throw new OptionError("loss", `expected a module whose default export is a Loss, got ${reference}: ${reason}`);
	};
	// Said of a file that is missing before Node.js says it in its own words.
	describeLoss(reference);
	const module: { default?: Partial<SummedLoss> } = await import(reference).catch((error: unknown) =>
		fail(error instanceof Error ? error.message : String(error)),
	);
	const { name = "own", add, weight, takes, differentiable } = module.default ?? {};
	if (typeof add !== "function") return fail("it has no function add(total, outputs)");
	const odd = takes?.find((role) => !Object.hasOwn(roles, role));
	if (odd !== undefined) return fail(`it takes "${odd}", which is none of ${Object.keys(roles).join(", ")}`);
	const own = {
		name,
		add,
		...(weight && { weight }),
		...(takes && { takes }),
		...(differentiable && { differentiable }),
	};
	return applied(own, settings);
}

/** @throws {OptionError} where a loss has no settings */
function applied(loss: SummedLoss & Pick<Loss, "with">, settings: LossSettings): SummedLoss {
	const [given] = Object.entries(settings).find(([, value]) => value !== undefined) ?? [];
	if (given === undefined) return loss;
	if (loss.with !== undefined) return loss.with(settings);
	throw new OptionError(given, `expected a loss of classes, such as softmax-cross-entropy, for it; got ${loss.name}`);
}

/** What a plan holds of a loss: its name, or the digest of its module, since values depend on what it says. */
export function describeLoss(reference: LossReference, settings: LossSettings = {}): string {
	const { classWeights, labelSmoothing } = settings;
	const facts = [
		...(classWeights === undefined ? [] : [`class weights ${classWeights.join(",")}`]),
		...(labelSmoothing === undefined ? [] : [`label smoothing ${labelSmoothing}`]),
	];
	if (!isOwn(reference)) return [reference, ...facts].join(", ");
	const path = fileURLToPath(reference);
	try {
		return `own ${sha256(readFileSync(path))}`;
	} catch (error) {
		throw new OptionError("loss", `${path}: ${describeSystemError(error)}`);
	}
}

function isOwn(reference: LossReference): reference is OwnLoss {
	return reference.startsWith("file:");
}
