import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../fixtures.js";

const answering = pathToFileURL(join(root, "dist", "src", "compute", "worker-task.js")).href;

/** Ways for a worker to end, and what is then said of a task called `a task`. */
export const ends: readonly (readonly [name: string, module: string, said: RegExp])[] = [
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
