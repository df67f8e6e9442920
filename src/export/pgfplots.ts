import { coordinatesOf, gridPoints, isLine } from "../surface/grid.js";
import { checkSurface, mainField, type Surface } from "../surface/surface.js";

/** From so many times the lowest value on, colours are by logarithms, as in pictures. */
const LOG_FROM = 1000;

/**
 * A surface as a picture of pgfplots, to be set by LaTeX in the document's own fonts: `\input` of a file that `\usepackage{pgfplots}`
 * and `\pgfplotsset{compat=1.18}` go before. A cell a point of a plane, a curve of a line, of the first field; the table has a
 * column for each of the others too, for `point meta` or `y` to name. Points not computed and values that are not finite are nan, and left out.
 */
export function formatPgfplots(surface: Surface): string {
	checkSurface("surface", surface);
	const { caption, version, plan, axisLabels = [] } = surface.provenance;
	const main = mainField(surface);
	const isCurve = isLine(surface.grid);
	const [columns = 1] = surface.grid.axes.map(({ steps }) => steps);
	const isLog = spansDecades(surface);
	const name = columnName(main.name);
	const label = texText(main.label);
	const value = isLog ? `$\\log_{10}$ ${label}` : label;
	const axis = isCurve
		? [`ylabel={${label}}`, ...(isLog ? ["ymode=log"] : [])]
		: [
				...["view={0}{90}", "enlargelimits=false", "axis on top", `ylabel={${axisText("\\beta", axisLabels[1])}}`],
				...["colorbar", `colorbar style={ylabel={${value}}}`, "colormap/viridis"],
			];
	const plot = isCurve
		? `\\addplot[thick, unbounded coords=jump] table[x=alpha, y=${name}] {`
		: `\\addplot[matrix plot*, mesh/cols=${columns}, point meta=${isLog ? `{log10(\\thisrow{${name}})}` : `\\thisrow{${name}}`}, unbounded coords=jump] table[x=alpha, y=beta] {`;
	return [
		`% ${[...caption, `isoloss ${version}`].join(" · ").replaceAll(/\s/g, " ")}`,
		"\\begin{tikzpicture}",
		"\\begin{axis}[",
		`\t${[`title={${texText(`${capital(main.label)} of ${plan.model}`)}}`, `xlabel={${axisText("\\alpha", axisLabels[0])}}`, ...axis].join(",\n\t")},`,
		"]",
		plot,
		...tableOf(surface),
		"};",
		"\\end{axis}",
		"\\end{tikzpicture}",
		"",
	].join("\n");
}

/** A header, and a line a point in row order, as matrix plots want it. */
function tableOf({ grid, fields, done }: Surface): string[] {
	const lines = [["alpha", "beta", ...fields.map(({ name }) => columnName(name))].join(" ")];
	for (let point = 0; point < gridPoints(grid); point++) {
		const [alpha = 0, beta = 0] = coordinatesOf(grid, point);
		const values = fields.map(({ values }) => {
			const value = done[point] === 1 ? (values[point] ?? Number.NaN) : Number.NaN;
			return Number.isFinite(value) ? value : "nan";
		});
		lines.push([alpha, beta, ...values].join(" "));
	}
	return lines;
}

/** Whether a linear scale would show the largest values only. */
function spansDecades(surface: Surface): boolean {
	const { values, unit } = mainField(surface);
	const finite = values
		.subarray(0, gridPoints(surface.grid))
		.filter((value, i) => surface.done[i] === 1 && Number.isFinite(value));
	const [low, high] = [Math.min(...finite), Math.max(...finite)];
	return unit === "loss" && low > 0 && high / low > LOG_FROM;
}

function capital(words: string): string {
	return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A name without what parts columns, and without what is a command to TeX. */
function columnName(name: string): string {
	return name.replaceAll(/[^\w-]/g, "-").replaceAll("_", "-");
}

function axisText(letter: string, what: string | undefined): string {
	return what === undefined ? `$${letter}$` : `$${letter}$: ${texText(what)}`;
}

const SIGNS: Readonly<Record<string, string>> = {
	...{ α: "$\\alpha$", β: "$\\beta$", λ: "$\\lambda$", θ: "$\\theta$", "²": "$^2$" },
	...{ "−": "$-$", "×": "$\\times$", "·": "$\\cdot$", "∞": "$\\infty$" },
	...{ "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" },
};

/** Words as TeX takes them: its own signs escaped, those of mathematics as such, powers of ten raised. */
function texText(text: string): string {
	return text
		.replaceAll(/[\\~^αβλθ²−×·∞]|[#$%&_{}]/g, (sign) => SIGNS[sign] ?? `\\${sign}`)
		.replaceAll(/[⁻⁰¹³⁴-⁹]+/g, (raised) => {
			const digits = [...raised].map((each) => (each === "⁻" ? "-" : "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(each)));
			return `$^{${digits.join("")}}$`;
		});
}
