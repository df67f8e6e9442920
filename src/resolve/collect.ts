import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collectHere: (() => void) | undefined;

/**
 * Has the engine collect its garbage now. It does not count shared memory, so that vectors of hundreds of megabytes which nobody refers to
 * any more stay until something else has it collect.
 */
export function collectGarbage(): void {
	if (collectHere === undefined) {
		setFlagsFromString("--expose-gc");
		collectHere = runInNewContext("gc") as () => void;
	}
	collectHere();
}
