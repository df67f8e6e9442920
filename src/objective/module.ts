import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { OptionError } from "../errors.js";
import { sha256 } from "../exact/digest.js";
import { describeSystemError } from "../files/read.js";
import type { Loss } from "./loss.js";
import { type LossName, losses } from "./losses/index.js";

/** A loss by name, or the user's own: the URL of a module whose default export is one, since workers have to load it too. */
export type LossReference = LossName | OwnLoss;
export type OwnLoss = `file:${string}`;

/** What a sweep needs of a loss; only training needs the rest. */
export type SummedLoss = Pick<Loss, "name" | "add">;

/**
 * The loss that a reference stands for.
 *
 * @throws {OptionError} when a module can't be loaded, or its default export has no function `add`
 */
export async function loadLoss(reference: LossReference): Promise<SummedLoss> {
	if (!isOwn(reference)) return losses[reference];
	const fail = (reason: string): never => {
		throw new OptionError("loss", `expected a module whose default export is a Loss, got ${reference}: ${reason}`);
	};
	const module: { default?: Partial<SummedLoss> } = await import(reference).catch((error: unknown) =>
		fail(error instanceof Error ? error.message : String(error)),
	);
	const { name = "own", add } = module.default ?? {};
	return typeof add === "function" ? { name, add } : fail("it has no function add(total, outputs)");
}

/** What a plan holds of a loss: its name, or the digest of its module, since values depend on what it says. */
export function describeLoss(reference: LossReference): string {
	if (!isOwn(reference)) return reference;
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
