/**
 * Points a second of the default sweep for 1 to N threads beside perfect scaling, and the memory each further worker
 * takes. Every sweep is a process of its own; the numbers of threads take turns.
 *
 * usage: node bench/threads.js [most threads, default the machine's parallelism] [rounds, default 3]
 */
import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { machine, median, report } from "./measure.js";

const [argument = String(availableParallelism()), rounds = "3"] = process.argv.slice(2);

if (argument === "child") {
	const { sweep } = await import("../dist/src/index.js");
	const { computed, elapsedSeconds, digest } = await sweep({ threads: Number(rounds), samples: 256 });
	const megabytes = process.resourceUsage().maxRSS / 1024;
	console.log(JSON.stringify({ pointsPerSecond: computed / elapsedSeconds, megabytes, digest }));
} else {
	const { cpu, cores, node } = machine();
	console.log(`${cpu}, ${cores} cores, Node ${node}; 25×25 points of 256 images, median of ${rounds}\n`);
	const counts = Array.from({ length: Number(argument) }, (_, i) => i + 1);
	const results = new Map(counts.map((threads) => [threads, []]));
	for (let round = 0; round < Number(rounds); round++)
		for (const threads of counts) results.get(threads).push(sweepInProcess(threads));
	const digests = new Set([...results.values()].flat().map(({ digest }) => digest));
	if (digests.size !== 1) throw new Error(`the numbers of threads disagree: ${[...digests].join(", ")}`);
	const [alone, aloneMegabytes] = [figure(1, "pointsPerSecond"), figure(1, "megabytes")];
	report(
		"threads",
		counts.map((threads) => ({
			threads,
			"points/s": figure(threads, "pointsPerSecond"),
			"× one thread": figure(threads, "pointsPerSecond") / alone,
			"of perfect": figure(threads, "pointsPerSecond") / alone / threads,
			"peak RSS, MB": figure(threads, "megabytes"),
			"MB a further worker": threads === 1 ? null : (figure(threads, "megabytes") - aloneMegabytes) / (threads - 1),
		})),
	);

	function figure(threads, key) {
		return median(results.get(threads).map((result) => result[key]));
	}
}

function sweepInProcess(threads) {
	const output = execFileSync(process.execPath, [fileURLToPath(import.meta.url), "child", String(threads)]);
	return JSON.parse(output.toString());
}
