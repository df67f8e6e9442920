import { join } from "node:path";
import { writeWhole } from "../../dist/src/files.js";
import { render } from "../../dist/src/index.js";

/**
 * Draws a surface into a directory.
 *
 * @param {import("../../dist/src/index.js").Surface} surface
 * @param {string} directory
 * @param {import("../../dist/src/index.js").RenderOptions} options
 * @returns {Promise<string[]>} the paths of the pictures
 */
export async function writePictures(surface, directory, options) {
	const paths = [];
	for (const { name, bytes } of await render(surface, { ...marks(surface), ...options })) {
		const path = join(directory, name);
		await writeWhole(path, bytes);
		paths.push(path);
	}
	return paths;
}

/**
 * The two networks at the ends of an interpolation; nothing for other planes.
 *
 * @param {import("../../dist/src/index.js").Surface} surface
 */
function marks({ provenance: { notes } }) {
	if (notes.to === undefined) return {};
	return {
		marks: [
			{ alpha: 0, label: "start" },
			{ alpha: 1, label: String(notes.to) },
		],
	};
}
