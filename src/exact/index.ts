/** Arithmetic that gives the same bits on every machine: digests, elementary functions, random numbers. */
export { canonicalJson, sha256 } from "./digest.js";
export { cosineOfHalfTurns, exp, log } from "./elementary.js";
export { type Purpose, purposes, RandomStream } from "./random.js";
