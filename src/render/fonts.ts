import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { useFonts, type Weight } from "./parts/text.js";

/** DejaVu Sans, which comes with isoloss: pictures are the same wherever they are made, fonts of the system or none. */
const files: Record<Weight, string> = {
	regular: "@fontsource/dejavu-sans/files/dejavu-sans-latin-400-normal.woff",
	bold: "@fontsource/dejavu-sans/files/dejavu-sans-latin-700-normal.woff",
};

useFonts((weight) => Uint8Array.from(readFileSync(fileURLToPath(import.meta.resolve(files[weight])))).buffer);
