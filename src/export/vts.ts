import { cellsOf, columnsOf, gridPoints, isLine, rowsOf } from "../surface/grid.js";
import { checkSurface, mainField, type Surface } from "../surface/surface.js";
import { hasHeight, positionsOf } from "./mesh.js";
import { gridValues } from "./npz.js";
import { formatVtk } from "./vtk-xml.js";

/** VTK's marks of what is not drawn, in arrays of this name: of points and of cells. */
const MARKS = "vtkGhostType";
const [HIDDEN_POINT, HIDDEN_CELL] = [2, 32];

/**
 * A surface as a structured grid of ParaView: points (α, β, value of the first field), every field, `done`, and `interpolated` where some
 * are. Points without a finite value are marked as hidden, and so are the cells around them, so that holes are holes; they lie at the
 * lowest height there is.
 *
 * @see https://docs.vtk.org/en/latest/vtk_file_formats/vtkxml_file_format.html; vtkDataSetAttributes for the marks
 */
export function formatVts(surface: Surface): Uint8Array {
	checkSurface("surface", surface);
	const { grid, fields, done, interpolated } = surface;
	const points = gridPoints(grid);
	const extent = `0 ${columnsOf(grid) - 1} 0 ${rowsOf(grid) - 1} 0 0`;
	const hidden = Uint8Array.from({ length: points }, (_, point) => (hasHeight(surface, point) ? 0 : HIDDEN_POINT));
	const cells = isLine(grid) ? hidden.slice(1).map((_, i) => i) : cellsOf(grid);
	const isHole = (corners: Iterable<number>) => [...corners].some((corner) => hidden[corner] !== 0);
	const hiddenCells = Uint8Array.from(cells, (cell: number | readonly number[]) =>
		isHole(typeof cell === "number" ? [cell, cell + 1] : cell) ? HIDDEN_CELL : 0,
	);
	const arrays = [
		...fields.map(({ name }) => ({ name, values: gridValues(surface, name) })),
		{ name: "done", values: done.slice(0, points) },
		...(interpolated === undefined ? [] : [{ name: "interpolated", values: interpolated.slice(0, points) }]),
		{ name: MARKS, values: hidden },
	];
	return formatVtk(
		"StructuredGrid",
		{
			whole: { WholeExtent: extent },
			piece: { Extent: extent },
			parts: [
				{ tag: "PointData", scalars: mainField(surface).name, arrays },
				{ tag: "CellData", arrays: [{ name: MARKS, values: hiddenCells }] },
				{ tag: "Points", arrays: [{ name: "Points", components: 3, values: positions(surface) }] },
			],
		},
		surface,
	);
}

/** [points, 3]; a point that is hidden would make the whole infinitely high. */
function positions(surface: Surface): Float64Array {
	const all = positionsOf(surface, [...Array(gridPoints(surface.grid)).keys()]);
	const isHeight = (_: number, i: number) => i % 3 === 2;
	const low = all.filter(isHeight).reduce((least, z) => (Number.isFinite(z) ? Math.min(least, z) : least), 1 / 0);
	const floor = Number.isFinite(low) ? low : 0;
	return all.map((value, i) => (isHeight(value, i) && !Number.isFinite(value) ? floor : value));
}
