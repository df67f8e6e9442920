import { isLine } from "../surface/grid.js";
import { checkSurface, mainField, type Surface, valueAt } from "../surface/surface.js";
import { meshOf, positionsOf } from "./mesh.js";
import { formatVtk } from "./vtk-xml.js";

/** What the reference code calls the height in its files for ParaView. */
const HEIGHT = "zvalue";

/**
 * A surface as polygons of ParaView: the points whose first field is finite, (α, β, its value), every field at them and the first as
 * `zvalue` too; a quad for each cell whose corners all are such points, pieces of a line.
 *
 * @see https://docs.vtk.org/en/latest/vtk_file_formats/vtkxml_file_format.html
 */
export function formatVtp(surface: Surface): Uint8Array {
	checkSurface("surface", surface);
	const { points, cells } = meshOf(surface);
	const at = (name: string, field: Surface["fields"][number]) => ({
		name,
		values: Float64Array.from(points, (point) => valueAt(surface, field, point)),
	});
	const corners = cells.flat();
	let end = 0;
	const ends = cells.map(({ length }) => {
		end += length;
		return end;
	});
	const [lines, polygons] = isLine(surface.grid) ? [cells.length, 0] : [0, cells.length];
	return formatVtk(
		"PolyData",
		{
			whole: {},
			piece: {
				NumberOfPoints: points.length,
				NumberOfVerts: 0,
				NumberOfLines: lines,
				NumberOfStrips: 0,
				NumberOfPolys: polygons,
			},
			parts: [
				{
					tag: "PointData",
					scalars: mainField(surface).name,
					arrays: [...surface.fields.map((field) => at(field.name, field)), at(HEIGHT, mainField(surface))],
				},
				{
					tag: "Points",
					arrays: [
						{
							name: "Points",
							components: 3,
							values: positionsOf(surface, points),
						},
					],
				},
				{
					tag: isLine(surface.grid) ? "Lines" : "Polys",
					arrays: [
						{ name: "connectivity", values: BigInt64Array.from(corners, BigInt) },
						{ name: "offsets", values: BigInt64Array.from(ends, BigInt) },
					],
				},
			],
		},
		surface,
	);
}
