type Attributes = Readonly<Record<string, string | number | boolean>>;

/** An element with attributes and children; true is an attribute without a value, false none. Text is text, whatever it says. */
export function element<Name extends keyof HTMLElementTagNameMap>(
	name: Name,
	attributes: Attributes = {},
	...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
	const made = document.createElement(name);
	for (const [attribute, value] of Object.entries(attributes))
		if (value !== false) made.setAttribute(attribute, value === true ? "" : String(value));
	made.append(...children);
	return made;
}

/** A list to choose from, under its name. */
export function chooser(
	label: string,
	choices: readonly (readonly [value: string, words: string])[],
	chosen: string,
	onChoice: (value: string) => void,
): HTMLLabelElement {
	const options = choices.map(([value, words]) => element("option", { value, selected: value === chosen }, words));
	const select = element("select", {}, ...options);
	select.addEventListener("change", () => onChoice(select.value));
	return element("label", {}, element("span", {}, label), select);
}

/** A switch beside its name. */
export function toggle(label: string, on: boolean, onChange: (on: boolean) => void): HTMLLabelElement {
	const box = element("input", { type: "checkbox", checked: on });
	box.addEventListener("change", () => onChange(box.checked));
	return element("label", { class: "toggle" }, box, element("span", {}, label));
}

/** A slider from 0 to 1 under its name, with what it says beside that. */
export function slider(
	label: string,
	value: number,
	onInput: (value: number) => void,
): { readonly element: HTMLLabelElement; readonly show: (value: number, words: string) => void } {
	const input = element("input", { type: "range", min: 0, max: 1, step: 0.002, value });
	const said = element("span", { class: "value" });
	input.addEventListener("input", () => onInput(input.valueAsNumber));
	return {
		element: element("label", {}, element("span", {}, label, " ", said), input),
		show(now, words) {
			input.valueAsNumber = now;
			said.textContent = words;
			input.setAttribute("aria-valuetext", words);
		},
	};
}

export function button(label: string, onClick: () => void): HTMLButtonElement {
	const made = element("button", { type: "button" }, label);
	made.addEventListener("click", onClick);
	return made;
}
