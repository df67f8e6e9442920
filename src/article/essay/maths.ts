import { escaped } from "./html.js";

/** Presentation MathML, which browsers draw by themselves. */
export interface Maths {
	readonly markup: string;
}

/**
 * A row of symbols from its words: letters are variables, digits numbers, all else operators; what stands in `${}` is put in as it is.
 * Words are parted by spaces: maths`L ( θ + α δ )`. Brackets and bars keep their size, which fonts disagree about.
 */
export function maths(texts: TemplateStringsArray, ...parts: readonly Maths[]): Maths {
	const markup = texts.flatMap((text, i) => [
		...text
			.split(/\s+/)
			.filter((word) => word !== "")
			.map(symbol),
		parts[i]?.markup ?? "",
	]);
	return { markup: `<mrow>${markup.join("")}</mrow>` };
}

function symbol(word: string): string {
	if (/^[(){}|‖]$/.test(word)) return `<mo stretchy="false" lspace="0" rspace="0">${word}</mo>`;
	const kind = /^\p{L}/u.test(word) ? "mi" : /^[\d.]+$/.test(word) ? "mn" : "mo";
	return `<${kind}>${escaped(word)}</${kind}>`;
}

export function fraction(over: Maths, under: Maths): Maths {
	return { markup: `<mfrac>${over.markup}${under.markup}</mfrac>` };
}

export function below(base: Maths, index: Maths): Maths {
	return { markup: `<msub>${base.markup}${index.markup}</msub>` };
}

export function raised(base: Maths, power: Maths): Maths {
	return { markup: `<msup>${base.markup}${power.markup}</msup>` };
}

export function root(of: Maths): Maths {
	return { markup: `<msqrt>${of.markup}</msqrt>` };
}

/** An operator with what it runs over under it. */
export function over(operator: string, range: Maths): Maths {
	return { markup: `<munder>${symbol(operator)}${range.markup}</munder>` };
}

/** Σ from below to above. */
export function sum(from: Maths, to?: Maths): Maths {
	const sign = '<mo largeop="true" lspace="0.17em" rspace="0.25em">∑</mo>';
	return {
		markup:
			to === undefined
				? `<munder>${sign}${from.markup}</munder>`
				: `<munderover>${sign}${from.markup}${to.markup}</munderover>`,
	};
}

/** The Euclidean length. */
export function norm(of: Maths): Maths {
	return maths`‖ ${of} ‖`;
}
