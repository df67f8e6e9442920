import { QueueWorker } from "../../src/queue/worker.js";

/** A worker as a process of its own that does not survive one of the points: `node doomed-worker.js ADDRESS CACHE`. */
const [address = "", cache = ""] = process.argv.slice(2);
const entry = new URL("./killing-evaluation.js", import.meta.url);
await QueueWorker.start({ address, cache, threads: 1, lockMs: 1000, entry });
