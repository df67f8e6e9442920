/** Chromium without a window, and the pages that engines of the browser run in: served on this machine alone. */
import { accessSync, constants, createReadStream } from "node:fs";
import { createServer } from "node:http";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";

/** What a browser of either kind is called. */
const usualNames = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const flags = {
	/** A browser that has no window is shy of the GPU, and of WebGPU on Linux. */
	hardware: [
		"--enable-unsafe-webgpu",
		"--ignore-gpu-blocklist",
		...(process.platform === "linux"
			? ["--enable-features=Vulkan", "--use-angle=vulkan", "--disable-vulkan-surface"]
			: []),
	],
	software: [
		"--enable-unsafe-webgpu",
		"--use-webgpu-adapter=swiftshader",
		"--use-angle=swiftshader",
		"--enable-unsafe-swiftshader",
	],
};

/** Names of what computes on the processor where a GPU is asked for. */
const software = /swiftshader|llvmpipe|lavapipe|softpipe|swrast|basic render|warp\b|software/i;

/** Opening a page and closing it may take so much longer than an engine was given, in seconds. */
const GRACE = 120;

/** @throws {Error} where there is no browser of a usual name on the PATH */
export function findBrowser() {
	const paths = (process.env.PATH ?? "").split(delimiter).flatMap((path) => usualNames.map((name) => join(path, name)));
	const found = paths.find((path) => {
		try {
			accessSync(path, constants.X_OK);
			return true;
		} catch {
			return false;
		}
	});
	if (found === undefined) throw new Error(`no ${usualNames.join(", ")} on the PATH: say where it is with --browser`);
	return found;
}

export class Browser {
	#path;
	#server;
	/** The files that pages may fetch, by number. */
	#tasks = [];
	#adapters;
	version;

	/**
	 * @param path  where the browser is
	 * @param {{ hardware: boolean, software: boolean }} allow which adapters may be taken
	 */
	static async open(path, allow) {
		const browser = new Browser();
		browser.#path = path;
		browser.#server = await serve(await bundle(), browser.#tasks);
		try {
			browser.#adapters = await browser.#findAdapters(allow);
		} catch (error) {
			browser.close();
			throw error;
		}
		return browser;
	}

	/** Of WebGL and WebGPU: its name, whether it is a software one, and the flags that it is had by; null where there is none. */
	get adapters() {
		return this.#adapters;
	}

	/** A real adapter where there is one, else one in software, for each interface. */
	async #findAdapters(allow) {
		const found = { webgl: null, webgpu: null };
		for (const kind of ["hardware", "software"].filter((each) => allow[each])) {
			const there = await this.#page(kind, "", (page) => page.evaluate(() => globalThis.adapters()));
			for (const [name, adapter] of Object.entries(there)) {
				if (found[name] !== null || !adapter) continue;
				const isSoftware = adapter.isFallback || software.test(adapter.name);
				if (!isSoftware || kind === "software") found[name] = { name: adapter.name, isSoftware, kind };
			}
		}
		return found;
	}

	/** An engine's surface of a task in a file, in a browser that is started for it and that has seen no shader before. */
	async run(engine, { kind }, path, limit) {
		const number = this.#tasks.includes(path) ? this.#tasks.indexOf(path) : this.#tasks.push(path) - 1;
		const query = new URLSearchParams({ engine, task: `/tasks/${number}`, limit });
		const answer = (page) => page.evaluate(() => globalThis.run());
		return this.#page(kind, `?${query}`, answer, limit + GRACE).catch((error) => ({
			failure: error.message.split("\n")[0],
		}));
	}

	async #page(kind, query, use, seconds = GRACE) {
		const browser = await launch(this.#path, flags[kind]);
		this.version = browser.version();
		let timer;
		try {
			const page = await browser.newPage();
			const broken = new Promise((_, reject) => {
				page.once("crash", () => reject(new Error("the page crashed")));
				browser.once("disconnected", () => reject(new Error("the browser ended")));
				timer = setTimeout(() => reject(new Error(`no answer within ${seconds} s`)), seconds * 1000);
			});
			const { port } = this.#server.address();
			const answer = page.goto(`http://127.0.0.1:${port}/${query}`).then(() => use(page));
			answer.catch(() => undefined);
			return await Promise.race([answer, broken]);
		} finally {
			clearTimeout(timer);
			await browser.close();
		}
	}

	close() {
		this.#server.close();
	}
}

/** In its sandbox where it can be had: not as root, and not in every container. */
async function launch(executablePath, args) {
	const options = {
		executablePath,
		args,
		ignoreDefaultArgs: ["--enable-unsafe-swiftshader"].filter((flag) => !args.includes(flag)),
	};
	const isRoot = process.getuid?.() === 0;
	if (!isRoot) {
		try {
			return await chromium.launch({ ...options, chromiumSandbox: true });
		} catch (error) {
			if (!/sandbox/i.test(error.message)) throw error;
		}
	}
	return chromium.launch({ ...options, chromiumSandbox: false });
}

/**
 * What pages do without: files, and the kernel of the cross-entropy, which is compiled from one. The loss has the same bits without it.
 */
const withoutFiles = {
	name: "without files",
	setup({ onResolve, onLoad }) {
		onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: "nothing" }));
		onLoad({ filter: /.*/, namespace: "nothing" }, () => ({ contents: "module.exports = {};" }));
		onLoad({ filter: /[\\/]kernels[\\/]log-sum-exp\.js$/ }, () => ({
			contents: "export const logSumExp = () => undefined;",
		}));
	},
};

/** The code of the page, by the paths it is fetched under; each backend in a file that only its own page fetches. */
async function bundle() {
	const { outputFiles } = await build({
		entryPoints: [fileURLToPath(new URL("tab.js", import.meta.url))],
		bundle: true,
		splitting: true,
		format: "esm",
		write: false,
		outdir: "/",
		external: ["/onnxruntime/*"],
		plugins: [withoutFiles],
		logLevel: "error",
	});
	return new Map(outputFiles.map(({ path, contents }) => [path.replace(/^.*[\\/]/, "/"), contents]));
}

const onnxruntime = new URL("../node_modules/onnxruntime-web/dist/", import.meta.url);

/** The page and what it fetches, for this machine alone; isolated, as fine clocks and shared memory ask for. */
async function serve(scripts, tasks) {
	const server = createServer((request, response) => {
		const { pathname } = new URL(request.url, "http://127.0.0.1");
		const [, folder, name = ""] = pathname.split("/");
		response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
		response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
		const send = (type, content) => response.setHeader("Content-Type", type).end(content);
		const stream = (type, path) =>
			createReadStream(path)
				.once("error", () => response.writeHead(404).end())
				.once("open", () => response.setHeader("Content-Type", type))
				.pipe(response);
		if (pathname === "/")
			send("text/html", '<!doctype html><title>isoloss</title><script type="module" src="/tab.js"></script>');
		else if (scripts.has(pathname)) send("text/javascript", Buffer.from(scripts.get(pathname)));
		else if (folder === "tasks" && tasks[name] !== undefined) stream("application/octet-stream", tasks[name]);
		else if (folder === "onnxruntime" && /^ort[\w.-]+$/.test(name))
			stream(name.endsWith(".wasm") ? "application/wasm" : "text/javascript", new URL(name, onnxruntime));
		else response.writeHead(404).end();
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	return server;
}
