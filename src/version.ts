import { createRequire } from "node:module";

/** The version in package.json, which lies beside dist/ here as in the published package. */
export const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };
