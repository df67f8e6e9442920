import { checkChoice } from "../check/choice.js";
import { shown } from "../check/values.js";
import { OptionError } from "../errors.js";
import { readInput } from "../files/read.js";
import { parseNpy } from "../formats/npy.js";
import { checkView, type View } from "../render/parts/view.js";
import type { Axis } from "../surface/grid.js";

/** What values an option takes: how they are written, and which are allowed. */
export interface Kind<T> {
	/** What stands for the value in help, in brackets where it may be left out; null for a switch, which takes none. */
	readonly placeholder: string | null;
	/** All values there are, where they are few: for completion. */
	readonly values?: readonly string[];
	/**
	 * A value from its text.
	 *
	 * @throws {OptionError} when it is not allowed
	 */
	parse(property: string, text: string): T;
	/**
	 * A value that comes from outside of the type system.
	 *
	 * @throws {OptionError} when it is not allowed
	 */
	check(property: string, value: unknown): T;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A number from its text; NaN where it is none. */
function toNumber(text: string): number {
	return NUMBER.test(text.trim()) ? Number(text) : Number.NaN;
}

/** Any text. */
export function text(placeholder: string): Kind<string> {
	const check = (property: string, value: unknown): string => {
		if (typeof value === "string" && value !== "") return value;
		throw new OptionError(property, `expected a text, got ${shown(value)}`);
	};
	return { placeholder, parse: check, check };
}

/** Present or not. */
export const toggle: Kind<boolean> = {
	placeholder: null,
	parse: (property, value) => checkChoice(property, value, ["true", "false"]) === "true",
	check(property, value) {
		if (typeof value === "boolean") return value;
		throw new OptionError(property, `expected true or false, got ${shown(value)}`);
	},
};

function isPort(value: unknown): value is number {
	return typeof value === "number" && Number.isInteger(value) && value >= 1024 && value <= 65_535;
}

/** A switch that may say how much: true for what is usual. */
function switchOr(
	name: string,
	expected: string,
	allowed: (value: unknown) => value is number,
): Kind<boolean | number> {
	return {
		placeholder: `[${name}]`,
		parse(property, given) {
			if (given === "true" || given === "false") return given === "true";
			const value = toNumber(given);
			if (allowed(value)) return value;
			throw new OptionError(property, `expected ${expected}, got ${shown(given)}`);
		},
		check(property, value) {
			if (typeof value === "boolean" || allowed(value)) return value;
			throw new OptionError(property, `expected true, or ${expected}, got ${shown(value)}`);
		},
	};
}

/** A port of this machine; true for any that is free. */
export const port = switchOr("port", "a port from 1024 to 65535", isPort);

/** A length in cells of the grid; true for the usual one. */
export const cells = switchOr(
	"cells",
	"a positive number of cells",
	(value): value is number => typeof value === "number" && Number.isFinite(value) && value > 0,
);

/** A whole number from `least`, or one of some words. */
export function whole<const Words extends readonly string[]>(
	least: number,
	...words: Words
): Kind<number | Words[number]> {
	const also = words.length === 0 ? "" : ` or ${words.join(" or ")}`;
	const check = (property: string, value: unknown): number | Words[number] => {
		const word = words.find((candidate) => candidate === value);
		if (word !== undefined) return word;
		if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
		throw new OptionError(property, `expected a whole number from ${least}${also}, got ${shown(value)}`);
	};
	const parse = (property: string, given: string) => check(property, /^\d+$/.test(given) ? Number(given) : given);
	return { placeholder: ["n", ...words].join("|"), parse, check };
}

/** A number that a test allows. */
function number(placeholder: string, expected: string, allowed: (value: number) => boolean): Kind<number> {
	const check = (property: string, value: unknown): number => {
		if (typeof value === "number" && Number.isFinite(value) && allowed(value)) return value;
		throw new OptionError(property, `expected ${expected}, got ${shown(value)}`);
	};
	const parse = (property: string, given: string) =>
		check(property, Number.isNaN(toNumber(given)) ? given : toNumber(given));
	return { placeholder, parse, check };
}

export const positive: Kind<number> = number("x", "a positive number", (value) => value > 0);

export const notNegative: Kind<number> = number("x", "a number from 0", (value) => value >= 0);

/** A number within bounds, which help and check both name. */
export function between(least: number, most: number): Kind<number> {
	return number("n", `${least} to ${most}`, (value) => value >= least && value <= most);
}

/** A whole number of either sign. */
export const wholeNumber: Kind<number> = number("n", "a whole number", Number.isSafeInteger);

/** Numbers from 0 on with commas between them, or in a file: .npy, .json with a list, or .txt with one a line. */
export const numbersOrFile: Kind<readonly number[]> = {
	placeholder: "x,...|file",
	parse: (property, given) =>
		/\.(npy|json|txt|csv)$/i.test(given) ? numbersIn(property, given) : list(notNegative).parse(property, given),
	check: (property, value) => list(notNegative).check(property, value instanceof Float32Array ? [...value] : value),
};

function numbersIn(property: string, path: string): readonly number[] {
	const bytes = readInput(path);
	if (/\.npy$/i.test(path)) return list(notNegative).check(property, [...parseNpy(bytes, path).values]);
	const text = new TextDecoder().decode(bytes).trim();
	const parts = text.replace(/^\[|\]$/g, "").split(/[\s,;]+/);
	return list(notNegative).parse(property, parts.filter((part) => part !== "").join(","));
}

/** One of some names. */
export function choice<T extends string>(names: readonly T[], placeholder = "name"): Kind<T> {
	const check = (property: string, value: unknown) => checkChoice(property, value, names);
	return { placeholder, values: names, parse: check, check };
}

/** One of some names or, where the flag is given again, several. */
export function choices<T extends string>(names: readonly T[], placeholder = "name"): Kind<T | readonly T[]> {
	const one = choice(names, placeholder);
	return {
		...one,
		check: (property, value) => (Array.isArray(value) ? list(one) : one).check(property, value),
	};
}

/** Values with commas between them. */
export function list<T>(one: Kind<T>): Kind<readonly T[]> {
	return {
		placeholder: `${one.placeholder},...`,
		parse: (property, given) => given.split(",").map((part) => one.parse(property, part.trim())),
		check(property, value) {
			if (Array.isArray(value) && value.length > 0) return value.map((each) => one.check(property, each));
			throw new OptionError(property, `expected a list, got ${shown(value)}`);
		},
	};
}

export const anyNumber: Kind<number> = number("x", "a number", () => true);

const AXIS = "min:max:steps";

/** An axis, `MIN:MAX:STEPS`. */
export const axis: Kind<Axis> = {
	placeholder: AXIS,
	parse(property, given) {
		const parts = given.split(":");
		if (parts.length !== 3 || parts.some((part) => Number.isNaN(toNumber(part))))
			throw new OptionError(property, `expected ${AXIS} with three numbers, got ${shown(given)}`);
		const [min = 0, max = 0, steps = 0] = parts.map(toNumber);
		return checkAxis(property, { min, max, steps }, given);
	},
	check(property, value) {
		const { min, max, steps } = (value ?? {}) as Partial<Record<keyof Axis, unknown>>;
		if (typeof min !== "number" || typeof max !== "number" || typeof steps !== "number")
			throw new OptionError(property, `expected { min, max, steps } or "${AXIS}", got ${shown(value)}`);
		return checkAxis(property, { min, max, steps }, `${min}:${max}:${steps}`);
	},
};

/** A direction to look from, `AZIMUTH:ELEVATION`. */
export const viewFrom: Kind<View> = {
	placeholder: "azimuth:elevation",
	parse(property, given) {
		const [azimuth = Number.NaN, elevation = Number.NaN, ...rest] = given.split(":").map(toNumber);
		const view = { azimuth: rest.length === 0 ? azimuth : Number.NaN, elevation };
		checkView(property, view, given);
		return view;
	},
	check(property, value) {
		if (typeof value === "string") return this.parse(property, value);
		const { azimuth, elevation } = (value ?? {}) as Partial<Record<keyof View, unknown>>;
		const view = { azimuth: Number(azimuth), elevation: Number(elevation) };
		checkView(property, view);
		return view;
	},
};

function checkAxis(property: string, { min, max, steps }: Axis, given: string): Axis {
	const fail = (expected: string): never => {
		throw new OptionError(property, `expected ${AXIS} with ${expected}, got ${shown(given)}`);
	};
	if (!(Number.isFinite(min) && Number.isFinite(max))) fail("finite numbers");
	if (!(Number.isSafeInteger(steps) && steps >= 1)) fail("at least 2 whole steps (or min and max alike, for one)");
	if (steps === 1 && min !== max) fail("at least 2 whole steps (or min and max alike, for one)");
	if (steps > 1 && !(min < max)) fail("min below max");
	return { min, max, steps };
}

/** A value of some kind, or null, which is written as a word. */
export function orNone<T>(kind: Kind<T>, word = "none"): Kind<T | null> {
	return {
		placeholder: `${kind.placeholder}|${word}`,
		parse: (property, given) => (given === word ? null : kind.parse(property, given)),
		check: (property, value) => (value === null || value === word ? null : kind.check(property, value)),
	};
}

/** A text, or several. */
export const oneOrSeveral = (placeholder: string): Kind<string | readonly string[]> => ({
	...text(placeholder),
	check: (property, value) => (Array.isArray(value) ? list(text("text")) : text("text")).check(property, value),
});

/** What may be given once or several times, as a list. */
export function listed(given: string | readonly string[] | undefined): readonly string[] {
	return given === undefined ? [] : typeof given === "string" ? [given] : given;
}
