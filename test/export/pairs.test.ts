import test from "ava";
import { formatPairs } from "../../src/export/pairs.js";
import { topology } from "../../src/topology/topology.js";
import { axis, surfaceOf } from "../render/surfaces.js";

test("pairs are lines with the places of both, numbers from 1, and empty fields where there is nothing", (t) => {
	const losses = [10, 1, 1.5, 0, 10];
	const line = surfaceOf(axis(-2, 2, 5), null, (x) => losses[x + 2]);
	t.deepEqual(formatPairs(line, topology(line)).split("\n"), [
		"kind,number,birth,death,alpha,beta,saddle_alpha,saddle_beta,persistence,threshold,significant,essential,border,into,basin_area",
		"minimum,1,0,10,1,,2,,10,0.1,true,true,false,,2.5",
		"minimum,2,1,1.5,-1,,0,,0.5,0.1,true,false,false,1,1.5",
		"maximum,1,10,0,-2,,1,,10,0.1,true,true,true,,",
		"maximum,2,10,0,2,,1,,10,0.1,true,false,true,1,",
		"maximum,3,1.5,1,0,,-1,,0.5,0.1,true,false,false,1,",
		"",
	]);
	const plane = surfaceOf(axis(-1, 1, 3), axis(0, 2, 2), (x, y) =>
		y === 0 && x !== 1 ? x * x : Number.POSITIVE_INFINITY,
	);
	const [, minimum] = formatPairs(plane, topology(plane)).split("\n");
	t.is(minimum, "minimum,1,0,1,0,0,-1,0,1,0.01,true,true,true,,4");
});
