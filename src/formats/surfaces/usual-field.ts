import type { FieldSpec } from "../../surface/field.js";

/** What a field is of which a file tells only the name. */
export function usualField(name: string): FieldSpec {
	if (name === "loss" || name.endsWith("-loss") || name.startsWith("loss-of-class-"))
		return { name, label: name, unit: "loss" };
	if (/^(top-\d+|(.*-)?accuracy)$/.test(name)) return { name, label: name, unit: "fraction" };
	return { name, label: name, unit: "none" };
}
