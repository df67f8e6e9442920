import { batchesOf } from "./task.js";

/**
 * The network as an ONNX file on onnxruntime, its parameters inputs of the graph: fed anew at each place to one session.
 *
 * @param ort     onnxruntime-node or onnxruntime-web
 * @param options of the session
 * @param device  where parameters lie in buffers of the GPU, which are written over at each place: its device
 */
export async function openOnnxruntime(task, ort, options, device) {
	const { model } = task;
	const session = await ort.InferenceSession.create(model.bytes, options);
	const [output] = session.outputNames;
	const slots = [
		...model.parameters.map((slot) => ({ ...slot, vector: "parameters" })),
		...model.statistics.map((slot) => ({ ...slot, vector: "statistics" })),
	].map((slot) => ({ ...slot, ...(device !== undefined && { buffer: bufferFor(slot, device) }) }));
	const batches = batchesOf(task, device === undefined ? "cpu" : "gpu").map(({ inputs, ...rest }) => ({
		...rest,
		feeds: Object.fromEntries(
			model.inputs.map((name, i) => [name, new ort.Tensor("float32", inputs[i].values, inputs[i].shape)]),
		),
	}));

	function tensorOf({ shape, offset, size, vector, buffer }, state) {
		const values = state[vector].subarray(offset, offset + size);
		if (buffer === undefined) return new ort.Tensor("float32", values, shape);
		device.queue.writeBuffer(buffer, 0, values);
		return ort.Tensor.fromGpuBuffer(buffer, { dataType: "float32", dims: shape });
	}

	async function start(state) {
		const weights = Object.fromEntries(slots.map((slot) => [slot.name, tensorOf(slot, state)]));
		const results = [];
		for (const { count, targets, feeds } of batches) {
			const { [output]: logits } = await session.run({ ...feeds, ...weights });
			const { data: values, dims } = logits;
			results.push({ values, width: values.length / count, classes: dims.at(-1), targets });
		}
		return results;
	}

	// A session runs one thing at a time.
	return { ahead: 1, start };
}

/** As long as onnxruntime makes its own: whole vectors of four. */
function bufferFor({ size }, device) {
	const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
	return device.createBuffer({ size: Math.ceil(size / 4) * 16, usage: STORAGE | COPY_SRC | COPY_DST });
}
