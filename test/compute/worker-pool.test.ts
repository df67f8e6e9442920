import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import test from "ava";
import { WorkerPool } from "../../src/compute/worker-pool.js";
import { WorkerError } from "../../src/errors.js";
import { root, temporaryDirectory } from "../fixtures.js";

const answering = pathToFileURL(join(root, "dist", "src", "compute", "worker-task.js")).href;

/** Ways for a worker to end, and what is then said of a task called `a task`. */
const ends: readonly (readonly [name: string, module: string, said: RegExp])[] = [
	["is no module", "export default (", /^starting a worker failed with ".*"; what is finished is kept$/],
	["throws as it is loaded", 'throw new Error("no load");', /^starting a worker failed with "no load"/],
	["ends as it is loaded", "process.exit(4);", /^starting a worker failed with "it ended as it started"/],
	["carries out nothing", "export const x = 1;", /^a task failed 3 times, the last time with "No handler function/],
	[
		"ends at its task",
		"export default () => process.exit(5);",
		/^a task failed 3 times, .*"worker exited with code: 5"/,
	],
	[
		"falls beside its task",
		'setTimeout(() => { throw new Error("beside"); }, 1);\nexport default () => new Promise((done) => setTimeout(done, 1000));',
		/^(a task failed 3 times, the last time with|starting a worker failed with) "beside"/,
	],
	[
		"leaves a promise that nobody catches",
		'export default () => { Promise.reject(new Error("nobody")); return new Promise((done) => setTimeout(done, 1000)); };',
		/^(a task failed 3 times, the last time with|starting a worker failed with) "nobody"/,
	],
	[
		"throws at its task, which is tried once",
		`import { answering } from "${answering}";\nexport default answering(() => { throw new RangeError("no"); });`,
		/^a task failed with "no"; what is finished is kept$/,
	],
];

for (const [name, module, said] of ends)
	test(`all tasks of workers of which each ${name} end in one kind of error, and the process goes on`, async (t) => {
		const path = join(await temporaryDirectory(t), "worker.mjs");
		await writeFile(path, module);
		const pool = new WorkerPool<object, unknown>({ threads: 2, entry: pathToFileURL(path) });
		t.teardown(() => pool.close());
		const tasks = Array.from({ length: 5 }, () => pool.run(() => ({}), "a task"));
		for (const outcome of await Promise.allSettled(tasks)) {
			t.is(outcome.status, "rejected");
			const { reason } = outcome as PromiseRejectedResult;
			t.true(reason instanceof WorkerError, String(reason));
			if (!/^starting a worker/.test(reason.message)) t.regex(reason.message, said);
		}
		await t.throwsAsync(tasks[0] ?? Promise.resolve(), { message: said });
	});
