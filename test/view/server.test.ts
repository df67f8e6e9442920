import { readFile, stat } from "node:fs/promises";
import { createServer, get, request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { OptionError } from "../../src/errors.js";
import { LivePage } from "../../src/view/live.js";
import { newSurface, temporaryDirectory } from "../fixtures.js";

async function started(t: ExecutionContext, keep?: string): Promise<LivePage> {
	const page = await LivePage.start({ title: "A sweep", ...(keep !== undefined && { keep }) });
	t.teardown(() => page.end({ isDone: false, words: "over" }));
	return page;
}

interface Answer {
	readonly status: number | undefined;
	readonly headers: NodeJS.Dict<string | string[]>;
	readonly text: string;
}

function ask(url: string, options: { readonly method?: string; readonly headers?: Record<string, string> } = {}) {
	return new Promise<Answer>((resolve, reject) => {
		const asked = request(url, options, (response) => {
			let text = "";
			response.setEncoding("utf8").on("data", (part: string) => {
				text += part;
			});
			response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text }));
		});
		asked.on("error", reject);
		asked.end();
	});
}

/** The events that a listener is told until one has a name. */
function eventsUntil(url: string, last: string): Promise<readonly { name: string; data: unknown }[]> {
	return new Promise((resolve, reject) => {
		get(`${url}events`, (response) => {
			let text = "";
			response.setEncoding("utf8").on("data", (part: string) => {
				text += part;
				const events = [...text.matchAll(/event: (\w+)\ndata: (.*)\n\n/g)].map(([, name = "", data = ""]) => ({
					name,
					data: JSON.parse(data) as unknown,
				}));
				if (!events.some(({ name }) => name === last)) return;
				response.destroy();
				resolve(events);
			});
		}).on("error", reject);
	});
}

test("a live page is served on the loopback address to who knows its token, and asks nobody else", async (t) => {
	const { url } = await started(t);
	t.regex(url, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{24}\/$/);
	const { status, headers, text } = await ask(url);
	t.is(status, 200);
	t.regex(text, /<title>A sweep<\/title>/);
	t.regex(String(headers["content-security-policy"]), /connect-src 'self'; .*frame-ancestors 'none'/);
	t.is(headers["access-control-allow-origin"], undefined);
	t.is(headers["cache-control"], "no-store");
});

test("who does not know the token, or comes by another name, or wants to write, is refused", async (t) => {
	const { url } = await started(t);
	const { origin, port } = new URL(url);
	const token = url.slice(origin.length + 1, -1);
	t.is((await ask(`${origin}/`)).status, 404);
	t.is((await ask(`${origin}/${"x".repeat(token.length)}/`)).status, 404);
	t.is((await ask(`${origin}/${token}x/events`)).status, 404);
	t.is((await ask(`${url}other`)).status, 404);
	t.is((await ask(`${url}events/more`)).status, 404);
	t.is((await ask(url, { headers: { Host: `evil.example:${port}` } })).status, 403);
	t.is((await ask(url, { headers: { Host: "127.0.0.1:1" } })).status, 403);
	t.is((await ask(url, { method: "POST" })).status, 405);
	t.is((await ask(url, { headers: { Host: `localhost:${port}` } })).status, 200);
});

test("what is no HTTP ends its own connection and nothing else", async (t) => {
	const { url } = await started(t);
	const closed = new Promise<void>((resolve) => {
		const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write("\u0000\u0001 nonsense\r\n\r\n"));
		socket.on("close", () => resolve());
		socket.on("error", () => undefined);
		socket.resume();
	});
	await closed;
	t.is((await ask(url)).status, 200);
});

test("who comes late is told everything so far, and then what is new", async (t) => {
	const page = await started(t);
	page.say(["one network"]);
	page.show("a run", newSurface({ min: 0, max: 1, steps: 2 }, { min: 0, max: 1, steps: 2 }));
	page.plot({
		name: "Loss",
		xLabel: "steps",
		leftLabel: "loss",
		series: [{ label: "training", side: "left", points: [] }],
	});
	page.points("Loss", "training", [
		[1, 0.5],
		[2, null],
	]);
	page.machines([{ name: "one", threads: 2, points: 3, pointsPerSecond: 0.5, failures: 0 }]);
	page.progress({ done: 1, total: 4, unit: "points", words: "" });
	const told = eventsUntil(page.url, "end");
	await new Promise((resolve) => setTimeout(resolve, 200));
	page.batch({ first: 2, count: 1, values: Float64Array.of(0.25, 1) });
	page.say(["one network", "another worker"]);
	await page.end({ isDone: true, words: "done" });
	const events = await told;
	t.deepEqual(
		events.map(({ name }) => name),
		["state", "batch", "lines", "end"],
	);
	t.deepEqual(events[2]?.data, ["one network", "another worker"]);
	t.like(events[0]?.data, {
		lines: ["one network"],
		run: { name: "a run" },
		plots: [
			{
				name: "Loss",
				series: [
					{
						points: [
							[1, 0.5],
							[2, null],
						],
					},
				],
			},
		],
		machines: [{ name: "one", points: 3 }],
		progress: { done: 1 },
	});
});

test("a browser that stands still is never waited for, and costs no more than what it has been sent", async (t) => {
	const page = await started(t);
	page.show("a run", newSurface({ min: 0, max: 1, steps: 200 }, { min: 0, max: 1, steps: 200 }));
	const { port } = new URL(page.url);
	const stuck = connect(Number(port), "127.0.0.1");
	t.teardown(() => stuck.destroy());
	stuck.pause();
	stuck.write(`GET ${new URL(page.url).pathname}events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
	await new Promise((resolve) => setTimeout(resolve, 200));
	const batch = { first: 0, count: 20_000, values: new Float64Array(40_000) };
	page.batch(batch);
	const before = process.memoryUsage();
	const begun = performance.now();
	// Half a megabyte each: all together 200 MB, were they kept.
	for (let i = 0; i < 400; i++) {
		page.batch(batch);
		await new Promise((resolve) => setImmediate(resolve));
	}
	const took = performance.now() - begun;
	const after = process.memoryUsage();
	const grown = (after.external + after.arrayBuffers - before.external - before.arrayBuffers) / 2 ** 20;
	t.log(`400 batches told in ${took.toFixed(0)} ms, ${grown.toFixed(1)} MB more`);
	t.true(grown < 40);
	// Once it reads again it is told the whole, and no batch of those it missed.
	let text = "";
	stuck.setEncoding("utf8").on("data", (part: string) => {
		text += part;
	});
	stuck.resume();
	while ((text.match(/event: state/g) ?? []).length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
	t.true((text.match(/event: batch/g) ?? []).length < 20);
});

test("the address is kept until all is done, so that a page goes on when a computation is taken up again", async (t) => {
	const keep = join(await temporaryDirectory(t), "live.json");
	const first = await LivePage.start({ title: "A sweep", keep });
	if (process.platform !== "win32") t.is((await stat(keep)).mode & 0o777, 0o600);
	await first.end({ isDone: false, words: "interrupted" });
	const second = await LivePage.start({ title: "A sweep", keep });
	t.is(second.url, first.url);
	await second.end({ isDone: true, words: "done" });
	await t.throwsAsync(readFile(keep), { code: "ENOENT" });
});

test("a port that is taken is refused by name, unless it was only remembered", async (t) => {
	const taken = createServer();
	await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
	t.teardown(() => taken.close());
	const address = taken.address();
	const port = typeof address === "object" && address !== null ? address.port : 0;
	const error = await t.throwsAsync(LivePage.start({ title: "A sweep", port }), { instanceOf: OptionError });
	t.is(error?.message, `live: port ${port} is taken by another program; expected a free one, or none for any that is`);
});
