import test from "ava";
import { RandomStream } from "../../src/exact/random.js";
import { bottleneckDistance, type Diagram, diagramOf, largestDifference } from "../../src/topology/bottleneck.js";
import { topology } from "../../src/topology/topology.js";
import { axis, surfaceOf } from "../render/surfaces.js";

/** Every order of so many numbers. */
function permutations(count: number): number[][] {
	if (count === 0) return [[]];
	return permutations(count - 1).flatMap((order) =>
		Array.from({ length: count }, (_, at) => [...order.slice(0, at), count - 1, ...order.slice(at)]),
	);
}

type Point = Diagram["points"][number];

/** By all ways to match points with points or with the diagonal. */
function byPermutations(a: readonly Point[], b: readonly Point[]): number {
	const half = ([birth, death]: Point) => (death - birth) / 2;
	const size = a.length + b.length;
	const cost = (i: number, j: number) => {
		const [one, other] = [a[i], b[j]];
		if (one === undefined) return other === undefined ? 0 : half(other);
		return other === undefined ? half(one) : Math.max(Math.abs(one[0] - other[0]), Math.abs(one[1] - other[1]));
	};
	const costs = permutations(size).map((order) => Math.max(0, ...order.map((j, i) => cost(i, j))));
	return Math.min(...costs);
}

function randomPoints(random: RandomStream, count: number): Point[] {
	return Array.from({ length: count }, () => {
		const birth = random.normal();
		return [birth, birth + Math.abs(random.normal())];
	});
}

test("the bottleneck distance is the least over all ways to match", (t) => {
	const random = new RandomStream(3, "directionX");
	for (let round = 0; round < 60; round++) {
		const [a, b] = [randomPoints(random, round % 4), randomPoints(random, Math.floor(round / 4) % 4)];
		const found = bottleneckDistance({ points: a, lasting: [] }, { points: b, lasting: [] });
		t.is(found, byPermutations(a, b), `round ${round}`);
	}
});

test("classes that never die are matched apart, and unlike numbers of them are infinitely far", (t) => {
	const of = (...lasting: number[]): Diagram => ({ points: [], lasting });
	t.is(bottleneckDistance(of(0, 5), of(1, 5.5)), 1);
	t.is(bottleneckDistance(of(0), of(0, 1)), Number.POSITIVE_INFINITY);
	const wall = surfaceOf(axis(0, 4, 5), null, (x) => [1, 3, Number.POSITIVE_INFINITY, 0, 2][x]);
	t.deepEqual(diagramOf(topology(wall)), { points: [], lasting: [0, 1] });
});

test("diagrams are no further apart than fields are, at any noise", (t) => {
	const random = new RandomStream(8, "directionX");
	let equal = 0;
	for (let round = 0; round < 30; round++) {
		const [x, y] = [axis(0, 1, 9), axis(0, 1, 8)];
		const rough = surfaceOf(x, y, () => random.normal());
		const noise = 0.01 * 2 ** (round % 8);
		const values = rough.fields[0]?.values ?? new Float64Array();
		let next = 0;
		const other = surfaceOf(x, y, () => (values[next++] ?? 0) + noise * random.normal());
		const distance = bottleneckDistance(diagramOf(topology(rough)), diagramOf(topology(other)));
		const difference = largestDifference(values, other.fields[0]?.values ?? new Float64Array()) ?? Number.NaN;
		t.true(distance <= difference, `${distance} > ${difference}`);
		t.true(distance > 0);
		if (distance === difference) equal += 1;
	}
	t.true(equal < 30);
});

test("the distance of a surface lifted by a constant is that constant, and to itself 0", (t) => {
	const surface = (lift: number) =>
		surfaceOf(axis(-1, 1, 33), axis(-1, 1, 33), (x, y) => x ** 4 - x * x + y * y + lift);
	const of = (lift: number) => diagramOf(topology(surface(lift)));
	t.is(bottleneckDistance(of(0), of(0)), 0);
	t.is(bottleneckDistance(of(0), of(0.25)), 0.25);
});

test("the largest difference knows +∞, and says nothing where one field has a hole", (t) => {
	const inf = Number.POSITIVE_INFINITY;
	t.is(largestDifference(Float64Array.of(1, inf, Number.NaN), Float64Array.of(3, inf, Number.NaN)), 2);
	t.is(largestDifference(Float64Array.of(inf), Float64Array.of(1)), inf);
	t.is(largestDifference(Float64Array.of(1, Number.NaN), Float64Array.of(1, 2)), null);
});
