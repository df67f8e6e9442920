import type { Surface } from "../../surface/surface.js";
import type { PersistencePair } from "../../topology/pairs.js";
import type { Topology } from "../../topology/topology.js";
import { provenanceLine } from "../parts/caption.js";
import type { LegendEntry } from "../parts/figure.js";
import type { Look } from "../parts/look.js";
import { planeScale, type ValueScale } from "../parts/scale.js";
import { round } from "../parts/text.js";
import { ink, lineColour, tinted } from "../parts/theme.js";
import { formatNumber } from "../parts/ticks.js";
import { type DrawnField, drawnField, finiteValues, isPercentage } from "../parts/values.js";

/** What is drawn of the topology of a surface. */
export interface TopologyFigure {
	readonly surface: Surface;
	readonly topology: Topology;
	readonly title?: string;
	/** In user units; 600 where nothing is said. */
	readonly width?: number;
	readonly look?: Look | undefined;
}

/** Blue of Okabe and Ito's palette, as the curves of losses have it. */
export const significantColour = lineColour("#0072b2");
export const faintColour = ink.faint;
/** Where noise, or what counts as none, reaches. */
export const noiseColour = tinted("#e69f00");

/** More bars and branches than these are thinner than print shows. */
const MOST_MINIMA = 120;

/** A minimum as it is drawn: its values as people read them, and what it is called where it is significant. */
export interface DrawnMinimum extends PersistencePair {
	/** Up to where its persistence would say nothing. */
	readonly noise: number;
	/** The number that it has in every figure and table. */
	readonly name: string;
}

/** A field's minima, its scale, and what is said of both. */
export interface DrawnTopology {
	readonly of: DrawnField;
	readonly scale: ValueScale;
	readonly minima: readonly DrawnMinimum[];
	readonly title: string;
	readonly description: string;
	readonly foot: string;
}

/** The minima of a figure, the most persistent first. */
export function drawnTopology({ surface, topology, title }: TopologyFigure): DrawnTopology {
	const of = drawnField(surface, topology.field);
	const times = isPercentage(of.spec) ? 100 : 1;
	const all = topology.minima.filter(({ birth }) => Number.isFinite(birth));
	const minima = all.slice(0, MOST_MINIMA).map((pair, i): DrawnMinimum => {
		const [birth, death] = [times * pair.birth, times * pair.death];
		const noise = birth + times * pair.threshold;
		return { ...pair, birth, death, noise, name: pair.significant ? String(i + 1) : "" };
	});
	const significant = topology.minima.filter((pair) => pair.significant).length;
	const said = [
		`${all.length} ${all.length === 1 ? "minimum" : "minima"}, ${significant} of persistence above ${ruleOf(topology, times)}`,
		...(all.length > MOST_MINIMA ? [`the ${MOST_MINIMA} most persistent are drawn`] : []),
		...(topology.domains > 1 ? [`${topology.domains} parts separated by missing points`] : []),
	].join(", ");
	return {
		of,
		scale: scaleOf(of, minima),
		minima,
		title: title ?? `Minima of the ${of.spec.label} of ${surface.provenance.plan.model}`,
		description: `${said}. ${minima
			.slice(0, 20)
			.map(({ birth, death }) => `From ${formatNumber(birth)} to ${formatNumber(death)}.`)
			.join(" ")}`,
		foot: `${said} · ${provenanceLine(surface)}`,
	};
}

/**
 * Over all that happens to minima, up to the last saddle: how high the grid reaches beyond says nothing of them, and bars that never end
 * go to the edge. Of a single minimum over the field.
 */
function scaleOf(of: DrawnField, minima: readonly DrawnMinimum[]): ValueScale {
	const ending = minima.filter((pair) => !lasts(pair));
	if (ending.length === 0) return planeScale(of.spec, finiteValues(of));
	const low = Math.min(...minima.map(({ birth }) => birth));
	const high = Math.max(...[...minima.map(({ birth }) => birth), ...ending.map(({ death }) => death)]);
	const noise = Math.max(...minima.map((pair) => pair.noise));
	// Of noise beyond that it is enough to see that it goes on.
	return planeScale(of.spec, [low, high, Math.min(noise, high + (high - low) / 2)]);
}

/** Whether a minimum never meets a lower one at a finite value. */
export function lasts({ essential, death }: DrawnMinimum): boolean {
	return essential || death === Number.POSITIVE_INFINITY;
}

/** What a pair has to exceed, in words. */
function ruleOf({ rule, minima }: Topology, times: number): string {
	if (rule === "standard error") return "twice the standard error of its difference";
	const [first] = minima;
	const least = formatNumber(times * (first?.threshold ?? 0));
	return rule === "range" ? `${least}, a hundredth of the range` : least;
}

/** What lines and grounds stand for. */
export function minimaLegend({ minima }: DrawnTopology, { rule }: Topology): LegendEntry[] {
	const line = (colour: string, width: number) => (x: number, y: number) =>
		`<path d="M${round(x - 9)} ${round(y)}h18" stroke="${colour}" stroke-width="${width}"/>`;
	const has = (significant: boolean) => minima.some((pair) => pair.significant === significant);
	return [
		...(has(true) ? [{ label: "significant, by number", symbol: line(significantColour, 2.4) }] : []),
		...(has(false) ? [{ label: "not significant", symbol: line(faintColour, 1.2) }] : []),
		{
			label: rule === "standard error" ? "twice the standard error of its difference" : "least persistence that counts",
			symbol: (x, y) => `<rect x="${round(x - 9)}" y="${round(y - 4)}" width="18" height="8" fill="${noiseColour}"/>`,
		},
	];
}
