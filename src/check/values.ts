import { OptionError } from "../errors.js";
import { suggestion } from "./choice.js";
import { isRecord } from "./record.js";

/**
 * Checks of what comes from outside of the type system: JavaScript, `JSON.parse`, a cast. Each throws an OptionError that
 * names the value by its path, `network.graph.nodes[3].op`, says what would be right, and shows what was given.
 */
export type Check = (name: string, value: unknown) => void;

/** A value as errors show it. */
export function shown(value: unknown): string {
	if (typeof value === "string" || typeof value === "number") return `"${value}"`;
	if (typeof value === "function") return "a function";
	if (value === null || typeof value !== "object") return String(value);
	if (Array.isArray(value)) return "a list";
	const kind: unknown = Object.getPrototypeOf(value)?.constructor?.name;
	return typeof kind === "string" && kind !== "Object" ? `a ${kind}` : "an object";
}

/** @throws {OptionError} always */
export function refuse(name: string, expected: string, value: unknown): never {
	throw new OptionError(name, `expected ${expected}, got ${shown(value)}`);
}

/** A check from a test, and what passes it in words. */
export function isA(expected: string, test: (value: unknown) => boolean): Check {
	return (name, value) => {
		if (!test(value)) refuse(name, expected, value);
	};
}

export const isText = isA("a text", (value) => typeof value === "string" && value !== "");
export const isSwitch = isA("true or false", (value) => typeof value === "boolean");
export const isNumber = isA("a number", (value) => typeof value === "number" && Number.isFinite(value));
export const isPositive = isA("a positive number", (value) => typeof value === "number" && value > 0 && value < 1 / 0);
export const isNotNegative = isA(
	"a number from 0",
	(value) => typeof value === "number" && value >= 0 && value < 1 / 0,
);
export const isFunction = isA("a function", (value) => typeof value === "function");
export const isFloat32Array = isA("a Float32Array", (value) => value instanceof Float32Array);
export const isVector = isA(
	"a Float32Array or Float64Array",
	(value) => value instanceof Float32Array || value instanceof Float64Array,
);

/** A whole number from `least`. */
export function isWhole(least: number): Check {
	return isA(`a whole number from ${least}`, (value) => Number.isSafeInteger(value) && (value as number) >= least);
}

/** The lengths of axes. */
export const isShape: Check = isListOf(isWhole(1));

/** One of some names. */
export function isOneOf(names: readonly string[]): Check {
	return (name, value) => {
		if (!names.some((known) => known === value))
			throw new OptionError(
				name,
				`expected one of ${names.join(", ")}, got ${shown(value)}${suggestion(value, names)}`,
			);
	};
}

/** Passes what is left out. */
export function isPerhaps(check: Check): Check {
	return (name, value) => {
		if (value !== undefined) check(name, value);
	};
}

/** A list, each part of which passes. */
export function isListOf(check: Check, least = 0): Check {
	return (name, value) => {
		if (!Array.isArray(value) || value.length < least)
			return refuse(name, least === 0 ? "a list" : `a list of at least ${least}`, value);
		value.forEach((each: unknown, i) => {
			check(`${name}[${i}]`, each);
		});
	};
}

/** An object whose properties pass, one by one; others are let be. */
export function isObject(expected: string, properties: Readonly<Record<string, Check>>): Check {
	return (name, value) => {
		if (!isRecord(value)) return refuse(name, expected, value);
		for (const [property, check] of Object.entries(properties)) check(`${name}.${property}`, value[property]);
	};
}

/**
 * The options of a call, each of which passes where it is given.
 *
 * @throws {OptionError} for the first that does not, and for a name that is none, with the one that was probably meant
 */
export function checkCall(options: unknown, checks: Readonly<Record<string, Check>>): void {
	checkNames(options, Object.keys(checks));
	for (const [property, check] of Object.entries(checks))
		check(property, (options as Readonly<Record<string, unknown>>)[property]);
}

/**
 * Refuses what is no object of options, and a property that is none of some.
 *
 * @throws {OptionError} with the one that was probably meant
 */
export function checkNames(options: unknown, known: readonly string[]): asserts options is object {
	if (!isRecord(options)) return refuse("options", "an object", options);
	const odd = Object.keys(options).find((property) => !known.includes(property));
	if (odd !== undefined) throw new OptionError(odd, `no such option${suggestion(odd, known)}`);
}
