import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import test from "ava";
import { WorkerPool } from "../../src/compute/worker-pool.js";
import { WorkerError } from "../../src/errors.js";
import { temporaryDirectory } from "../fixtures.js";
import { ends } from "./worker-ends.js";

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
