import { readFile } from "node:fs/promises";
import { version_core } from "@tensorflow/tfjs-core";
import { sha256 } from "../exact/digest.js";
import { hasRelaxedSimd, moduleUrl } from "../kernels/module.js";
import type { Precision } from "../kernels/precision.js";
import { version } from "../version.js";

/** What has to be alike for two machines to compute the same bits. */
export interface Identity {
	/** Of what goes over the queue. */
	readonly protocol: number;
	/** Of isoloss. */
	readonly version: string;
	readonly precision: Precision;
	/** SHA-256 over the kernels of that precision, and the version of the stock ones. */
	readonly kernels: string;
}

const PROTOCOL = 2;

/** The identity of this machine in a precision. */
export async function identityOf(precision: Precision): Promise<Identity> {
	const own = precision === "exact" ? "none" : await readFile(moduleUrl(precision));
	return { protocol: PROTOCOL, version, precision, kernels: sha256(own, version_core) };
}

/** As one text, for digests. */
export function identityText({ protocol, version, precision, kernels }: Identity): string {
	return [protocol, version, precision, kernels].join(" ");
}

/** Why a machine can't take part in a sweep, in words; null where it can. */
export function refusal(wanted: Identity, own: Identity): string | null {
	const short = (name: keyof Identity, { [name]: value }: Identity) =>
		name === "kernels" ? String(value).slice(0, 8) : value;
	const odd = (["protocol", "version", "precision", "kernels"] as const).find((name) => wanted[name] !== own[name]);
	if (odd !== undefined)
		return `has ${odd === "version" ? "isoloss" : odd} ${short(odd, own)}, where the sweep needs ${short(odd, wanted)}`;
	if (wanted.precision === "relaxed" && !hasRelaxedSimd())
		return "has no relaxed SIMD, which precision relaxed needs (Node 22 or newer has it)";
	return null;
}
