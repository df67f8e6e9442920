/** Reads a run file from its bytes; nothing here needs Node. */
export { parseRun, type StoredRun } from "./run-format.js";
