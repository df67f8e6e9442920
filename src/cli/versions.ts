import { version_core } from "@tensorflow/tfjs-core";
import { hasRelaxedSimd, version } from "../index.js";

/** What is running, for reports of something wrong. */
export async function versionJson(): Promise<string> {
	const { version: node, platform, arch } = process;
	const tensorflow = version_core;
	return JSON.stringify(
		{ isoloss: version, node, platform, arch, tensorflow, relaxedSimd: hasRelaxedSimd() },
		null,
		"\t",
	);
}
