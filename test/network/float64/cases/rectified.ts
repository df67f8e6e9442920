import { runOp, type Value } from "../index.js";
import type { Case } from "./draw.js";
import { CLEARANCE } from "./numbers.js";

/** The inputs of a case as an op takes them. */
export function valuesOf({ inputs, batch }: Case): Value[] {
	return inputs.map(({ shape, values, perSample }) => ({ shape: perSample ? [batch, ...shape] : shape, values }));
}

/** A case whose sums are rectified, drawn again and again until none of these sums is near 0. */
export function clearOfZero(next: () => Case): Case {
	for (;;) {
		const drawn = next();
		const { values } = runOp(drawn.op, valuesOf(drawn), drawn.attributes);
		if (values.every((value) => Math.abs(value) >= CLEARANCE))
			return { ...drawn, attributes: { ...(drawn.attributes as object), activation: "relu" } };
	}
}
