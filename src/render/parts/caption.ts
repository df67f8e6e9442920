import { surfaceDigest } from "../../surface/digest.js";
import type { Quantity } from "../../surface/surface.js";
import { type Axis, extrema, quantities, quantityName, type Surface } from "../../surface/surface.js";
import { formatNumber } from "./ticks.js";
import { isPercentage } from "./values.js";

/** What a picture is called when nobody says otherwise. */
export function defaultTitle(surface: Surface, quantity?: Quantity): string {
	return `${quantityTitle(surface, quantity)} of ${surface.provenance.plan.model}`;
}

/** The same for a picture of several surfaces: with the network where it is one and the same. */
export function comparedTitle(surfaces: readonly { readonly surface: Surface }[], quantity: Quantity): string {
	const models = new Set(surfaces.map(({ surface }) => surface.provenance.plan.model));
	const [first] = surfaces;
	const what = first === undefined ? "" : quantityTitle(first.surface, quantity);
	return models.size === 1 ? `${what} of ${[...models][0]}` : what;
}

function quantityTitle(surface: Surface, quantity?: Quantity): string {
	const name = quantity === undefined ? `loss and ${quantityName(surface, "metric")}` : quantityName(surface, quantity);
	return name.charAt(0).toUpperCase() + name.slice(1);
}

/** What the picture shows in a sentence or two, for readers who cannot see it. */
export function describe(surface: Surface, kind: string, shown: readonly Quantity[] = quantities): string {
	const span = (name: string, axis: Axis) =>
		`${name} from ${formatNumber(axis.min)} to ${formatNumber(axis.max)} in ${axis.steps} steps`;
	const axes = [span("α", surface.x), ...(surface.y === null ? [] : [span("β", surface.y)])].join(" and ");
	const ends = shown.map((quantity) => {
		const found = extrema(surface, quantity);
		if (found === null) return `No finite ${quantityName(surface, quantity)}.`;
		const inPercent = isPercentage(surface, quantity);
		const at = ({ value, alpha, beta }: typeof found.min) =>
			`${formatNumber(inPercent ? value * 100 : value)}${inPercent ? " %" : ""} at ` +
			(surface.y === null ? `α = ${formatNumber(alpha)}` : `(${formatNumber(alpha)}, ${formatNumber(beta)})`);
		return `Lowest ${quantityName(surface, quantity)} ${at(found.min)}, highest ${at(found.max)}.`;
	});
	return [`${kind} over ${axes}.`, ...ends].join(" ");
}

/**
 * The line at the foot of every picture: network, data, samples, normalisation, seed, digest. From the notes it takes `data`,
 * `norm`, `seed` and the other networks, where they are; data without a name go by their digest.
 */
export function provenanceLine(surface: Surface): string {
	const { plan, notes, version } = surface.provenance;
	const note = (key: string) => notes[key] ?? null;
	return [
		plan.model,
		note("data") === null ? `data ${plan.data.slice(0, 8)}` : String(note("data")),
		`${plan.samples} samples`,
		...(note("norm") === null ? [] : [`norm ${note("norm")}`]),
		...(note("seed") === null ? [] : [`seed ${note("seed")}`]),
		...(note("to") === null ? [] : [`to ${note("to")}${note("secondTo") === null ? "" : ` and ${note("secondTo")}`}`]),
		plan.precision,
		`surface ${surfaceDigest(surface).slice(0, 8)}`,
		`isoloss ${version}`,
	].join(" · ");
}
