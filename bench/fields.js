/**
 * What fields made of derivatives cost at a point, in units of a point of the loss alone: one thread, medians of interleaved rounds.
 *
 * usage: node bench/fields.js [rounds, default 9] [network: mnist-cnn or a folder with a.onnx and data.npz, ...]
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { resolve } from "../dist/src/resolve/index.js";
import { PointEvaluator } from "../dist/src/sweep/point.js";
import { interleave, machine, report, settle } from "./measure.js";

const corpus = fileURLToPath(new URL("../test/corpus/pytorch", import.meta.url));
const [rounds = "9", ...given] = process.argv.slice(2);
const networks = given.length > 0 ? given : ["mnist-cnn", join(corpus, "resnet8"), join(corpus, "transformer")];

/** Sets of fields, and how often a point with them is worth taking. */
const sets = [
	["loss"],
	["loss", "slope-x", "slope-y"],
	["loss", "in-plane-curvature"],
	["loss", "gradient-norm"],
	["loss", "min-eigenvalue", "max-eigenvalue"],
];

const rows = [];
for (const network of networks) {
	const [model, data] = ["a.onnx", "data.npz"].map((name) => join(network, name));
	const asked = existsSync(model) ? { model, data, samples: "all" } : { model: network, samples: 256 };
	const competitors = [];
	for (const fields of sets) {
		const { problem } = await resolve({ ...asked, fields });
		const evaluator = await PointEvaluator.create(problem);
		const eigenvalues = fields.includes("min-eigenvalue");
		await evaluator.evaluate([0.1, 0.2]);
		competitors.push({
			name: fields.slice(1).join(", ") || "loss alone",
			run: () => evaluator.evaluate([0.1, 0.2]),
			...(eigenvalues && { repetitions: Math.min(3, Number(rounds)) }),
		});
	}
	await settle();
	const times = await interleave(competitors, Number(rounds));
	const alone = times.get("loss alone");
	for (const [name, milliseconds] of times)
		rows.push({
			field: `${network.split("/").at(-1)}: ${name}`,
			"ms a point": milliseconds,
			"× the loss alone": milliseconds / alone,
		});
}
const { cpu, cores, node } = machine();
console.log(`${cpu}, ${cores} cores, Node ${node}; one thread, medians of ${rounds} rounds\n`);
report("fields", rows);
