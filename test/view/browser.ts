import { existsSync } from "node:fs";
import anyTest, { type ExecutionContext, type TestFn } from "ava";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const places = [
	process.env.CHROMIUM,
	"/usr/bin/chromium",
	"/usr/bin/chromium-browser",
	"/usr/bin/google-chrome",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const executable = places.find((path) => path !== undefined && existsSync(path));

/** A page with what went wrong on it, and whom it asked. */
export interface Watched {
	readonly page: Page;
	/** Errors of the page and of its console. */
	readonly errors: readonly string[];
	/** Addresses other than of the page itself. */
	readonly requests: readonly string[];
}

let browser: Promise<Browser> | undefined;

/** Drawn by the processor: the same everywhere, with or without a graphics card. */
const flags = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"];

/** Opens an address in a new page of a browser, which is closed when the test is over. */
export async function open(t: ExecutionContext, url: string, options: BrowserContextOptions = {}): Promise<Watched> {
	browser ??= chromium.launch({ ...(executable !== undefined && { executablePath: executable }), args: flags });
	const context = await (await browser).newContext({ viewport: { width: 1000, height: 640 }, ...options });
	t.teardown(() => context.close());
	const page = await context.newPage();
	const errors: string[] = [];
	const requests: string[] = [];
	page.on("console", (message) => {
		if (["error", "warning"].includes(message.type())) errors.push(message.text());
	});
	page.on("pageerror", (error) => errors.push(String(error)));
	page.on("request", (request) => {
		if (request.url() !== url && !/^(blob|data):/.test(request.url())) requests.push(request.url());
	});
	await page.goto(url);
	return { page, errors, requests };
}

/** Tests in a browser, one after another; where there is none they are left out, which is said once. */
export function browserTests(): TestFn["serial"] | TestFn["skip"] {
	if (executable === undefined) {
		anyTest("a browser is there", (t) => {
			t.log("left out: tests of pages need Chromium; apt-get install chromium, or set CHROMIUM to where it is");
			t.pass();
		});
		return anyTest.skip;
	}
	anyTest.after.always(async () => (await browser)?.close());
	return anyTest.serial;
}
