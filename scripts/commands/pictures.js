import { join } from "node:path";
import { writeWhole } from "../../dist/src/files/write.js";
import { render } from "../../dist/src/index.js";

/**
 * Draws a surface into a directory.
 *
 * @param {import("../../dist/src/index.js").Surface} surface
 * @param {string} directory
 * @param {import("../../dist/src/index.js").PictureOptions} options
 * @returns {Promise<string[]>} the paths of the pictures
 */
export async function writePictures(surface, directory, options) {
	const paths = [];
	for (const { name, bytes } of await render(surface, options)) {
		const path = join(directory, name);
		await writeWhole(path, bytes);
		paths.push(path);
	}
	return paths;
}
