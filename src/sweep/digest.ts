import { canonicalJson, sha256 } from "../exact/digest.js";
import type { PlanRecord } from "../surface/provenance.js";

/** SHA-256 over what the values of a sweep depend on. */
export function planDigest(plan: PlanRecord): string {
	return sha256(canonicalJson(plan));
}
