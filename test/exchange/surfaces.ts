import fc from "fast-check";
import { regularGrid } from "../../src/surface/grid.js";
import { emptySurface, record, type Surface } from "../../src/surface/surface.js";
import { provenance } from "../fixtures.js";

const number = fc.oneof(
	{ weight: 6, arbitrary: fc.double({ noNaN: true }) },
	fc.constantFrom(0, -0, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, 0.1 + 0.2),
);

const axis = fc
	.record({
		min: fc.integer({ min: -9, max: 9 }),
		length: fc.integer({ min: 1, max: 9 }),
		steps: fc.integer({ min: 2, max: 5 }),
	})
	.map(({ min, length, steps }) => ({ min: min / 4, max: (min + length) / 4, steps }));

const specs = [
	{ name: "loss", label: "loss", unit: "loss" },
	{ name: "accuracy", label: "accuracy", unit: "fraction" },
	{ name: "loss-error", label: "standard error of loss", unit: "loss", errorOf: "loss" },
	{ name: "slope, of x", label: 'slope "x"', unit: "derivative" },
] as const;

const path = {
	label: "NaN",
	points: [
		{
			file: "Infinity",
			at: [0.25, -0.5],
			offPlane: Number.NaN,
			offPlaneShare: 0.5,
			loss: Number.POSITIVE_INFINITY,
			lossOwnStatistics: 2,
		},
	],
};

/** Any surface: lines and planes, several fields, numbers of every kind, holes, interpolated values, extra points, trainings. */
export const anySurface: fc.Arbitrary<Surface> = fc
	.record({
		x: axis,
		y: fc.option(axis),
		fields: fc.integer({ min: 1, max: specs.length }),
		isTrained: fc.boolean(),
		interpolates: fc.boolean(),
	})
	.chain(({ x, y, fields, isTrained, interpolates }) => {
		const grid = regularGrid(x, y);
		const hasPath = isTrained && y !== null;
		const extras = [grid.axes.map(() => 0.125), ...(hasPath ? path.points.map(({ at }) => at) : [])];
		const empty = () =>
			emptySurface({
				...{
					grid,
					extras,
					interpolates,
					anchors: [{ label: "a", at: grid.axes.map(() => 0), role: "origin" as const }],
				},
				fields: specs.slice(0, fields),
				...(hasPath && { trajectories: { origin: "last", principal: null, paths: [path] } }),
				provenance: {
					...provenance({ model: "päth/of model" }),
					caption: ["a -- b", "ü"],
					notes: { directions: "random" },
				},
			});
		const points = empty().done.length;
		const point = fc.record({
			isDone: fc.boolean(),
			isInterpolated: fc.boolean(),
			values: fc.array(number, { minLength: fields, maxLength: fields }),
		});
		return fc.array(point, { minLength: points, maxLength: points }).map((all) => {
			const surface = empty();
			for (const [first, { isDone, isInterpolated, values }] of all.entries())
				if (isDone)
					record(surface, {
						...{ first, count: 1, values: Float64Array.from(values) },
						interpolated: interpolates && isInterpolated && first < points - extras.length,
					});
			return surface;
		});
	});
