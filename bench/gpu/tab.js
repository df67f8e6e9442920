/** Runs an engine in a page of its own: `?engine=webgl&task=/tasks/0&limit=60`; `bench/gpu/browser.js` opens it. */
import { computeSurface } from "./surface.js";
import { unpackTask } from "./task.js";

const engines = {
	async webgl(task) {
		await import("@tensorflow/tfjs-backend-webgl");
		const { openTfjs } = await import("./tfjs.js");
		return openTfjs(task, "webgl");
	},
	async webgpu(task) {
		await import("@tensorflow/tfjs-backend-webgpu");
		const { openTfjs } = await import("./tfjs.js");
		return openTfjs(task, "webgpu");
	},
	async onnxruntime(task) {
		const [ort, { openOnnxruntime }] = await Promise.all([
			import("/onnxruntime/ort.webgpu.min.mjs"),
			import("./onnxruntime.js"),
		]);
		ort.env.wasm.wasmPaths = "/onnxruntime/";
		ort.env.logLevel = "error";
		ort.env.webgpu.powerPreference = "high-performance";
		const device = await ort.env.webgpu.device;
		return openOnnxruntime(task, ort, { executionProviders: ["webgpu"] }, device);
	},
};

globalThis.run = async () => {
	const query = new URLSearchParams(location.search);
	try {
		const response = await fetch(query.get("task"));
		const task = unpackTask(new Uint8Array(await response.arrayBuffer()));
		const engine = await engines[query.get("engine")](task);
		const answer = await computeSurface(task, engine, Number(query.get("limit")));
		return { ...answer, remark: engine.remark };
	} catch (error) {
		return { failure: String(error?.message ?? error).split("\n")[0] };
	}
};

/** What WebGL and WebGPU would compute on, by the names they give; null where there is nothing. */
globalThis.adapters = async () => {
	const webgl = document.createElement("canvas").getContext("webgl2");
	const names = webgl?.getExtension("WEBGL_debug_renderer_info");
	const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
	const { vendor, architecture, device, description, isFallbackAdapter } = adapter?.info ?? {};
	return {
		webgl: webgl && { name: webgl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? webgl.RENDERER), isFallback: false },
		webgpu: adapter && {
			name: [vendor, architecture, device, description].filter(Boolean).join(" "),
			isFallback: isFallbackAdapter ?? adapter.isFallbackAdapter ?? false,
		},
	};
};
