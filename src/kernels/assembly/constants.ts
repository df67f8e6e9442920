/**
 * Constants of long formulas. V8 makes a vector constant anew at each use, by three instructions, one of which moves it from the
 * integers' registers: a third of what e^x took. So the build puts those written as constant(x), integer(x) and double(x) into
 * a table in memory, whose values it stores when the module starts, and reads each where it is used, by one instruction.
 */

/** Where the table lies: whoever instantiates the module has that room for it, see `instantiate` of kernels/module.ts. */
@external("env", "constants")
export declare const constants: usize;

/** Bytes of the table; the build writes how many there are. */
export const CONSTANTS_BYTES: i32 = 0;

/** x four times; x is written out as a number, or as a quotient of two. */
@inline
export function constant(x: f32): v128 {
	return f32x4.splat(x);
}

/** As constant, of a whole number. */
@inline
export function integer(x: i32): v128 {
	return i32x4.splat(x);
}

/** x twice, in double. */
@inline
export function double(x: f64): v128 {
	return f64x2.splat(x);
}
