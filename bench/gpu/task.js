/** What an engine is given, as bytes that a process and a page read alike: a problem, its places, how many samples go at once. */
import { Packr, Unpackr } from "msgpackr";

const packr = new Packr({ useRecords: false, moreTypes: true });
const unpackr = new Unpackr({ useRecords: false, moreTypes: true });

/**
 * @typedef {object} Task
 * @property {object} problem of isoloss; in the other form its vectors and samples are in the order that the model takes
 * @property {{ axes: object[] }} grid
 * @property {number[][]} places  where the loss is asked for, in order
 * @property {{ cpu: number, gpu: number }} batch samples that go through the network at once
 * @property {{ bytes: Uint8Array, inputs: string[], parameters: object[], statistics: object[] }} [model] the network as an
 *   ONNX file, what samples are fed to, and where the other inputs lie in the problem's vectors
 */

/** @param {Task} task */
export const packTask = (task) => packr.pack(task);

/** @returns {Task} */
export const unpackTask = (bytes) => unpackr.unpack(bytes);

/** Inputs and targets of a problem's data, cut into batches for a processor or a GPU. */
export function batchesOf({ problem: { data }, batch: most }, device) {
	const batch = most[device];
	const { samples, sampleShape, inputs, others = [], targets } = data;
	const arrays = [{ shape: sampleShape, values: inputs }, ...others];
	const part = (values, start, end) =>
		values.subarray((values.length / samples) * start, (values.length / samples) * end);
	return Array.from({ length: Math.ceil(samples / batch) }, (_, number) => {
		const [start, end] = [number * batch, Math.min((number + 1) * batch, samples)];
		return {
			count: end - start,
			inputs: arrays.map(({ shape, values }) => ({ shape: [end - start, ...shape], values: part(values, start, end) })),
			targets: part(targets, start, end),
		};
	});
}
