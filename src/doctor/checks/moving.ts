import { parameterLayout, slice } from "../../network/parameters.js";
import { formatNumber } from "../../render/parts/ticks.js";
import { inMemory } from "../../section/vector.js";
import type { NetworkCheck } from "../check.js";

/** Shares of the parameters that move: below, the picture is of a part of the network. */
const [MOST, SOME] = [0.5, 0.05];
/** More names than these nobody reads. */
const NAMES = 4;

/** How much of the network moves, and which tensors stay where they are. */
export const moving: NetworkCheck = {
	name: "moving",
	question: "Do the parameters move?",
	needs: "network",
	answer({ sweepWith }, { network, problem }) {
		const [, ...directions] = problem.section.vectors.map(inMemory);
		const layout = parameterLayout(network.graph);
		const still: string[] = [];
		let moved = 0;
		for (const slot of layout.slots) {
			const parts = directions.map((direction) => slice(direction, slot));
			let here = 0;
			for (let i = 0; i < slot.size; i++) if (parts.some((part) => part[i] !== 0)) here += 1;
			moved += here;
			if (here === 0) still.push(slot.name);
		}
		const share = moved / layout.length;
		const kept = layout.slots
			.filter(({ name, kind }) => kind === "kernel" && still.includes(name))
			.map(({ name }) => name);
		const biases = still.length - kept.length;
		const named = [...kept.slice(0, NAMES), ...(kept.length > NAMES ? [`${kept.length - NAMES} more`] : [])].join(", ");
		const text = [
			`${moved.toLocaleString("en")} of ${layout.length.toLocaleString("en")} parameters move (${formatNumber(Number((100 * share).toPrecision(3)))} %).`,
			...(biases > 0
				? [`${biases} tensors of biases, scales and shifts stay, as filter normalisation has it unless --bias keep.`]
				: []),
			...(kept.length > 0 ? [`Of the kernels these stay: ${named}.`] : []),
		].join(" ");
		if (share >= MOST) return { verdict: "fine", text };
		return {
			verdict: share < SOME ? "wrong" : "doubtful",
			text: `${text} The picture is of that part of the network, and flat where the rest would matter.`,
			command: sweepWith({ freeze: undefined, only: undefined, bias: "keep" }),
		};
	},
};
