import { axisValues, type Surface } from "../surface/surface.js";

/**
 * A surface as text for spreadsheets: a header, then a line a point in row order. Numbers have all the digits that tell
 * them apart; NaN and Infinity are written as such; points not computed have empty fields.
 */
export function formatCsv(surface: Surface): string {
	const lines = [`alpha,beta,loss,${surface.provenance.plan.metric}`];
	const alphas = axisValues(surface.x);
	for (const [row, beta] of axisValues(surface.y).entries()) {
		for (const [column, alpha] of alphas.entries()) {
			const index = row * alphas.length + column;
			const values = surface.done[index] === 1 ? `${surface.loss[index]},${surface.metric[index]}` : ",";
			lines.push(`${alpha},${beta},${values}`);
		}
	}
	return `${lines.join("\n")}\n`;
}
