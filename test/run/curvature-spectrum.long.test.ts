import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { type CurvatureResult, curvature } from "../../src/index.js";
import { root } from "../fixtures.js";

type Probes = NonNullable<CurvatureResult["density"]>["probes"];

/** Of all probes: what share of the eigenvalues lies up to a place, each blurred by a Gaussian. */
function shareOf(values: readonly number[], weights: readonly number[], width: number): (place: number) => number {
	return (place) => values.reduce((sum, value, i) => sum + (weights[i] ?? 0) * below((place - value) / width), 0);
}

/** The distribution function of a standard Gaussian. @see Abramowitz and Stegun 7.1.26, off by 1.5e-7 at most */
function below(x: number): number {
	const z = Math.abs(x) / Math.SQRT2;
	const t = 1 / (1 + 0.3275911 * z);
	const polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
	const tail = (polynomial * Math.exp(-z * z)) / 2;
	return x < 0 ? tail : 1 - tail;
}

function kolmogorov(probes: Probes, eigenvalues: readonly number[], width: number): number {
	const nodes = probes.flatMap((probe) => probe.nodes);
	const weights = probes.flatMap((probe) => probe.weights.map((weight) => weight / probes.length));
	const found = shareOf(nodes, weights, width);
	const wanted = shareOf(
		eigenvalues,
		eigenvalues.map(() => 1 / eigenvalues.length),
		width,
	);
	const [from, to] = [Math.min(...eigenvalues) - 3 * width, Math.max(...eigenvalues) + 3 * width];
	const places = Array.from({ length: 500 }, (_, i) => from + ((to - from) * i) / 499);
	return Math.max(...[...places, ...(probes[0]?.nodes ?? [])].map((place) => Math.abs(found(place) - wanted(place))));
}

for (const name of ["mlp", "regression"])
	test(`the density of ${name} by ten probes of 80 steps is within 0.02 of its whole spectrum`, async (t) => {
		const path = join(root, "..", "shared", "reference", `${name}-spectrum.json`);
		if (!(await stat(path).catch(() => undefined))) {
			t.pass("left out: the references are not at hand");
			return;
		}
		const { eigenvalues } = JSON.parse(await readFile(path, "utf8")) as { eigenvalues: number[] };
		const corpus = join(root, "test", "corpus", "pytorch", name);
		const { density } = await curvature({
			...{ model: join(corpus, "a.onnx"), data: join(corpus, "data.npz"), samples: "all" as const },
			...{ top: 0, bottom: 0, density: true, probes: 10, steps: 80, threads: 2 },
		});
		const [probes, width] = [density?.probes ?? [], density?.width ?? Number.NaN];
		const found = kolmogorov(probes, eigenvalues, width);
		t.true(found < 0.01, `${found}`);
		// Blurred by a tenth of that, it still is; 80 nodes can't tell apart the thousands near 0, so unblurred it is not.
		const sharper = kolmogorov(probes, eigenvalues, width / 8);
		t.true(sharper < 0.02, `${sharper}`);
	});
