import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { sweep } from "../../src/index.js";
import { PoolExecutor } from "../../src/sweep/pool.js";
import { gaussians, product, temporaryDirectory } from "../fixtures.js";

/** Just over 2^24 weights, the least whose directions are of 64 MB. */
const [INPUTS, OUTPUTS] = [4097, 4096];

/** How many files without a name this process holds; undefined where no system tells. */
function namelessFiles(): number | undefined {
	const folder = "/proc/self/fd";
	if (!existsSync(folder)) return undefined;
	return readdirSync(folder).filter((name) => /\.isoloss-.*\(deleted\)$/.test(linkOf(join(folder, name)))).length;
}

function linkOf(path: string): string {
	try {
		return readlinkSync(path);
	} catch {
		// The one that the folder was read by.
		return "";
	}
}

test("directions of a large network lie in files without names while it is swept, and change no bit", async (t) => {
	const out = join(await temporaryDirectory(t), "a", "b");
	const axis = { min: 0, max: 1, steps: 2 };
	const request = {
		network: {
			graph: product("large", INPUTS, OUTPUTS),
			state: { parameters: gaussians(INPUTS * OUTPUTS), statistics: new Float32Array() },
		},
		data: {
			name: "one",
			samples: 1,
			sampleShape: [INPUTS],
			inputs: gaussians(INPUTS, 1),
			targets: new Float32Array(OUTPUTS),
		},
		loss: "mse" as const,
		...{ x: axis, y: axis },
	};
	const executor = new PoolExecutor({ threads: 1 });
	t.teardown(() => executor.close());
	const inMemory = await sweep({ ...request, executor });
	t.is(namelessFiles() ?? 0, 0);
	const seen: (number | undefined)[] = [];
	const inFiles = await sweep({ ...request, out, threads: 1, onStart: () => void seen.push(namelessFiles()) });
	t.is(inFiles.digest, inMemory.digest);
	t.deepEqual(inFiles.plan, inMemory.plan);
	t.deepEqual(seen, [namelessFiles() === undefined ? undefined : 2]);
	t.deepEqual((await readdir(out)).sort(), ["run.msgpack", "surface.csv"]);
});
