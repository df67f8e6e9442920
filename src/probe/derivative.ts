import { OptionError } from "../errors.js";
import type { Subject } from "./probe.js";

/** @throws {OptionError} where the loss of a sweep has no derivative at its points */
export function checkDifferentiable(name: string, { loss, measuresStatistics = false }: Subject): void {
	if (loss.differentiable === undefined)
		throw new OptionError("fields", `${name}: expected a loss that has derivatives, the loss ${loss.name} has none`);
	if (measuresStatistics)
		throw new OptionError(
			"fields",
			`${name}: expected --batch-norm running or fixed, statistics measured at a point have no derivative`,
		);
}

/** @throws {OptionError} where a sweep has no second direction */
export function checkPlane(name: string, { dimensions }: Subject): void {
	if (dimensions < 2) throw new OptionError("fields", `${name}: expected a plane, a line has no second direction`);
}
