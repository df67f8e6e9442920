/** Computes and times the surface of a task by any engine, in a process or a page. */
import { losses } from "../../dist/src/objective/losses/index.js";
import { loss as lossProbe } from "../../dist/src/probe/loss.js";
import { formState } from "../../dist/src/section/section.js";

/** Surfaces are computed again until so many milliseconds have been timed: some take no more than a few. */
export const LEAST = 1000;

/**
 * The loss at every place, one after another. Parameters are fround(θ0 + α·δ + β·η), formed here and given to the engine at
 * each; losses are summed here in float64, from the engine's outputs.
 *
 * Clocks start with the process or page. The first place is computed once before, for whatever an engine puts off till then.
 *
 * @param {import("./task.js").Task} task
 * @param {{ ahead: number, start(state: object): Promise<object[]> }} engine `start` has taken the state when it returns,
 *   if the engine works on more than one place at once (`ahead`)
 * @param {number} limit seconds after which no further place is begun
 * @returns milliseconds until ready and for the surface; losses, fewer than places where time ran out; and how many points
 *   were computed in all in how many milliseconds
 */
export async function computeSurface({ problem, places }, engine, limit) {
	const lossAt = lossOf(problem, engine);
	await lossAt(places[0]);
	const ready = performance.now();
	const spent = () => performance.now() - ready;
	const onePass = async () => {
		const values = [];
		const started = [];
		for (const place of places) {
			if (spent() > limit * 1000) break;
			started.push(lossAt(place));
			if (started.length >= engine.ahead) values.push(await started.shift());
		}
		return [...values, ...(await Promise.all(started))];
	};
	const values = await onePass();
	const surface = spent();
	let points = values.length;
	while (spent() < Math.min(LEAST, limit * 1000)) points += (await onePass()).length;
	return { ready, surface, values, points, spent: spent() };
}

/** A function from a place to the loss there, by an engine. */
function lossOf({ section, loss: name, lossSettings }, engine) {
	const loss = lossSettings === undefined ? losses[name] : losses[name].with(lossSettings);
	const state = {
		parameters: new Float32Array(section.vectors[0].length),
		statistics: new Float32Array(section.statistics[0].length),
	};
	return async (place) => {
		formState(state, section, place);
		const measurement = lossProbe.start({ loss });
		for (const outputs of await engine.start(state)) measurement.add(outputs);
		return measurement.finish()[0];
	};
}
