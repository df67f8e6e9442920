import { formatHdf5, type Hdf5Array } from "../formats/format-hdf5.js";
import {
	COORDINATES,
	DIRECTION_FILE,
	keyOf,
	OWN_GROUP,
	PENDING,
	PER_CENT,
	referenceNames,
} from "../formats/surfaces/reference-names.js";
import type { FieldSpec } from "../surface/field.js";
import { axesOf, axisValues, gridPoints } from "../surface/grid.js";
import { nameNumber } from "../surface/named-numbers.js";
import { checkSurface, mainField, type Surface } from "../surface/surface.js";
import { written } from "../surface/written.js";
import { gridValues, shapeOf } from "./npz.js";

/**
 * A surface as the reference code has one, so that its scripts draw it: `xcoordinates`, `ycoordinates`, `train_loss` and `train_acc`
 * (`test_` of the test part) in per cent, `min_eig`, `max_eig`; arrays declared (nx, ny) and filled with α running faster, −1 where nothing is
 * computed. Beside these, in the group `isoloss`, every field to the bit as [ny, nx], `done`, `interpolated`, and all else there is to know.
 *
 * @throws {OptionError} where the package h5wasm is missing, which writes such files
 * @see https://github.com/tomgoldstein/loss-landscape, plot_surface.py
 */
export async function formatSurfaceHdf5(surface: Surface): Promise<Uint8Array> {
	checkSurface("surface", surface);
	const { grid, fields, done, interpolated, provenance } = surface;
	const { x, y } = axesOf(grid);
	const points = gridPoints(grid);
	const shape = shapeOf(grid);
	const [xName, yName] = COORDINATES;
	const about = written(surface);
	const datasets = new Map<string, Hdf5Array | string>([
		[DIRECTION_FILE, String(provenance.notes.directions ?? "unknown")],
		[xName, { shape: [x.steps], values: axisValues(x) }],
	]);
	if (y !== null) datasets.set(yName, { shape: [y.steps], values: axisValues(y) });
	const main = mainField(surface).name;
	for (const field of fields) {
		const name = referenceNameOf(field, { main, split: splitOf(surface) });
		if (name === undefined) continue;
		const declared = y === null ? shape : [x.steps, y.steps];
		datasets.set(name, { shape: declared, values: referenceValues(surface, field) });
	}
	for (const { name } of fields)
		datasets.set(`${OWN_GROUP}/fields/${keyOf(name)}`, { shape, values: gridValues(surface, name) });
	datasets.set(`${OWN_GROUP}/done`, { shape, values: done.slice(0, points) });
	if (interpolated !== undefined)
		datasets.set(`${OWN_GROUP}/interpolated`, { shape, values: interpolated.slice(0, points) });
	datasets.set(`${OWN_GROUP}/meta`, JSON.stringify(about, nameNumber));
	return formatHdf5({
		datasets,
		attributes: {
			model: provenance.plan.model,
			isoloss: provenance.version,
			digest: about.digest,
			caption: provenance.caption.join(" · "),
		},
	});
}

/** The part of the data that values are of; the training part where nothing is said. */
function splitOf({ provenance: { request, plan } }: Surface): "train" | "test" {
	return (request?.split ?? plan.split) === "test" ? "test" : "train";
}

/** What the reference code calls a field; undefined of those that it has no name for. */
function referenceNameOf(
	{ name, unit }: FieldSpec,
	{ main, split }: { readonly main: string; readonly split: string },
): string | undefined {
	if (name === main && unit === "loss") return `${split}_loss`;
	const found = Object.entries(referenceNames).find(([, known]) => {
		const own = known.split === undefined || known.split === split ? known.name : `${known.split}-${known.name}`;
		return own === name && known.unit === unit;
	});
	return found?.[0];
}

function referenceValues(surface: Surface, { name, unit }: FieldSpec): Float64Array {
	const factor = unit === "fraction" ? PER_CENT : 1;
	return gridValues(surface, name).map((value, point) => (surface.done[point] === 1 ? factor * value : PENDING));
}
