import { parseRun } from "../../store/browser.js";
import { type PageData, surfaceOf } from "../page-data.js";
import type { NamedRun } from "./viewer.js";

/**
 * The run of a viewer.html, or of a run file.
 *
 * @throws {Error} of a file that is neither
 */
export async function runFromFile(file: File): Promise<NamedRun> {
	if (!file.name.endsWith(".html")) {
		const run = parseRun(new Uint8Array(await file.arrayBuffer()), file.name);
		if (run === undefined) throw new Error(`${file.name}: expected a run file, this one has no whole header`);
		return { name: run.surface.provenance.plan.model, surface: run.surface };
	}
	// Parsed as text alone: what the file has of scripts is not run.
	const page = new DOMParser().parseFromString(await file.text(), "text/html");
	const text = page.getElementById("data")?.textContent;
	if (text === null || text === undefined)
		throw new Error(`${file.name}: expected a viewer.html or a run.msgpack of isoloss`);
	const [first] = (JSON.parse(text) as PageData).runs;
	if (first === undefined) throw new Error(`${file.name}: expected a page with a run, this one has none`);
	return { name: first.name, surface: surfaceOf(first.surface) };
}
