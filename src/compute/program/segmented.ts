import type { Allocation, KernelContext } from "../../kernels/backend.js";
import type { Lowered, Part } from "./lower.js";
import { type Place, Program } from "./program.js";
import type { Between, Plan, Segment } from "./segments.js";

export interface SegmentedOptions {
	readonly context: KernelContext;
	readonly plan: Plan;
	/** The whole graph for one sample. */
	readonly one: Lowered;
	/** Of all samples: the last batch may have fewer than the others. */
	readonly samples: number;
	readonly lower: (part: Part, samples: number) => Lowered;
	/** Where the graph's inputs lie, by name. */
	readonly inputs: ReadonlyMap<string, Place>;
}

/** The programs of a graph's segments, on one arena. */
export class SegmentedProgram {
	readonly #segments: readonly Segment[];
	/** For each segment, by how many samples they are for. */
	readonly #programs: readonly ReadonlyMap<number, Program>[];
	/** Of the graph's inputs and of all that segments make for others. */
	readonly #places: ReadonlyMap<string, Place>;
	readonly #memory: readonly Allocation[];

	constructor({ context, plan, one, samples, lower, inputs }: SegmentedOptions) {
		this.#segments = plan.segments;
		const between = context.allocate(plan.between.bytes);
		this.#places = new Map([...inputs, ...placesOf(one, inputs, plan.between, between.address)]);
		const batches = [plan.batch, samples % plan.batch];
		this.#programs = plan.segments.map((segment) => {
			const counts = new Set(batches.flatMap((batch) => [Math.min(batch, segment.samples), batch % segment.samples]));
			counts.delete(0);
			const places = new Map([...this.#places].filter(([name]) => isOutside(segment, name)));
			return new Map([...counts].map((count) => [count, new Program(context, lower(segment, count), places)]));
		});
		const all = this.#programs.flatMap((programs) => [...programs.values()]);
		const arena = context.allocate(Math.max(0, ...all.map((program) => program.bytes)));
		for (const program of all) program.link(arena.address);
		this.#memory = [between, arena];
	}

	/** Carries out all segments for the samples that are under way. */
	run(samples: number): void {
		for (const [index, segment] of this.#segments.entries())
			for (let first = 0; first < samples; first += segment.samples)
				this.#programs[index]?.get(Math.min(segment.samples, samples - first))?.run(first);
	}

	/** Where an input of the graph or its output lies; undefined where that is neither made of samples nor one of the inputs. */
	placeOf(name: string): Place | undefined {
		return this.#places.get(name);
	}

	release(): void {
		for (const programs of this.#programs) for (const program of programs.values()) program.release();
		for (const allocation of this.#memory) allocation.free();
	}
}

function isOutside({ inputs, outputs }: Part, name: string): boolean {
	return outputs.includes(name) || inputs.some((input) => input.name === name);
}

/** By name: where inputs of the graph lie, under whatever shape, and what segments make for others. */
function placesOf(
	{ named }: Lowered,
	inputs: ReadonlyMap<string, Place>,
	{ offsets }: Between,
	address: number,
): Map<string, Place> {
	const byValue = new Map([...inputs].map(([name, place]) => [named.get(name)?.at, place]));
	for (const [value, offset] of offsets)
		if (!byValue.has(value)) byValue.set(value, { address: address + offset, stride: value.bytes });
	return new Map(
		[...named].flatMap(([name, { at }]) => {
			const place = byValue.get(at);
			return place === undefined ? [] : [[name, place] as const];
		}),
	);
}
