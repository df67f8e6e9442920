import { type Formula, type FormulaName, formulas } from "./formulas.js";
import { escaped } from "./html.js";
import { type ReferenceKey, references } from "./references.js";

/**
 * Sets the text of one page, from its first line to its last: a formula where it is first used and a link to it from there on, citations
 * with links to the list of references, which comes last and links back.
 */
export class Typesetter {
	readonly #formulas: FormulaName[] = [];
	readonly #citations = new Map<ReferenceKey, number>();

	/** A text with its citations, `[li2018]`, as links. */
	text(text: string): string {
		return escaped(text).replaceAll(/\[([a-z]+\d{4})\]/g, (_, key: string) => this.#cite(key));
	}

	/** Formulas that are new, and words on where those are that are not. */
	formulas(names: readonly FormulaName[]): string {
		const known = names.filter((name) => this.#formulas.includes(name));
		const added = names.filter((name) => !this.#formulas.includes(name));
		this.#formulas.push(...added);
		const links = known.map((name) => {
			const { title } = formulas[name];
			return `${lowered(title.replace(/ \[.*\]$/, ""))} (<a href="#formula-${name}">${this.#formulas.indexOf(name) + 1}</a>)`;
		});
		const shown = added.map((name) => this.#formula(name, formulas[name]));
		return [...shown, ...(links.length > 0 ? [`<p class="known">As above: ${links.join("; ")}.</p>`] : [])].join("\n");
	}

	/** What was cited so far, with a link back to each place. */
	references(): string {
		const cited = [...this.#citations].toSorted(([a], [b]) => (a < b ? -1 : 1));
		const items = cited.map(([key, times]) => {
			const { authors, title, where, url } = references[key];
			const back = Array.from({ length: times }, (_, i) => {
				const place = times === 1 ? "" : ` ${i + 1}`;
				return `<a href="#cite-${key}-${i + 1}" aria-label="back to the text${place && `, place${place}`}">↩${place && `<sup>${i + 1}</sup>`}</a>`;
			});
			return `<li id="${key}">${escaped(authors)}: <a href="${url}" rel="noreferrer"><cite>${escaped(title)}</cite></a>. ${escaped(where)}. ${back.join(" ")}</li>`;
		});
		return `<ol class="references">\n${items.join("\n")}\n</ol>`;
	}

	#cite(key: string): string {
		if (!isReference(key)) throw new TypeError(`no reference is called ${key}`);
		const times = (this.#citations.get(key) ?? 0) + 1;
		this.#citations.set(key, times);
		return `(<a class="citation" id="cite-${key}-${times}" href="#${key}">${escaped(references[key].short)}</a>)`;
	}

	#formula(name: FormulaName, { title, maths, plain, symbols }: Formula): string {
		const number = this.#formulas.indexOf(name) + 1;
		const meanings = symbols.map(([symbol, meaning]) => `<math>${symbol.markup}</math>: ${escaped(meaning)}`);
		return `<div class="formula" id="formula-${name}">
<p class="name">${this.text(title)}</p>
<div class="scroll line"><math display="block" alttext="${escaped(plain)}">${maths.markup}</math><span class="count">(${number})</span></div>
<p class="symbols">${meanings.join("; ")}.</p>
</div>`;
	}
}

function isReference(key: string): key is ReferenceKey {
	return Object.hasOwn(references, key);
}

/** As it stands within a sentence; names of people keep their capital. */
function lowered(title: string): string {
	return /^Spearman/.test(title) ? title : `${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}
