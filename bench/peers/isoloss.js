/**
 * The same sweep by isoloss as a library, on workers that another sweep has started: its rate without start-up.
 *
 * usage: node bench/peers/isoloss.js OUT THREADS REQUEST
 *
 * REQUEST is what `sweep` takes, as JSON; OUT gets the losses.
 */
import { writeFileSync } from "node:fs";
import { fieldNamed, gridPoints, PoolExecutor, sweep } from "../../dist/src/index.js";

const [out, threads, text] = process.argv.slice(2);
const request = JSON.parse(text);
const executor = new PoolExecutor({ threads: Number(threads) });
const few = { ...request.x, steps: 2 };
await sweep({ ...request, x: few, y: few, adaptive: false, executor });
const { surface, elapsedSeconds } = await sweep({ ...request, executor });
await executor.close();
const { values } = fieldNamed(surface, "loss");
writeFileSync(out, new Uint8Array(values.slice(0, gridPoints(surface.grid)).buffer));
console.log(JSON.stringify({ seconds: elapsedSeconds }));
