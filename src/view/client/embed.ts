import { button } from "./dom.js";
import type { NamedRun, Viewer } from "./viewer.js";

/** What opens a viewer, and what closes it. */
const [OPEN, CLOSE] = ["Turn it, zoom it, read its values", "Close"];

/**
 * Puts a button at each place of a page that names runs by their numbers, which opens a viewer of them there. One is open at a time:
 * browsers draw only so many reliefs at once.
 */
export function embed(runs: readonly NamedRun[], viewerOf: (runs: readonly NamedRun[]) => Viewer): void {
	let viewer: Viewer | null = null;
	let opened: HTMLButtonElement | null = null;
	const close = () => {
		viewer?.setRuns([]);
		viewer?.element.remove();
		if (opened !== null) opened.textContent = OPEN;
		opened = null;
	};
	for (const place of document.querySelectorAll<HTMLElement>(".plane-viewer")) {
		const own = (place.dataset.runs ?? "").split(" ").flatMap((number) => runs[Number(number)] ?? []);
		const opener = button(OPEN, () => {
			const isOpen = opened === opener;
			close();
			if (isOpen) return;
			opener.textContent = CLOSE;
			opened = opener;
			viewer ??= viewerOf(own);
			place.append(viewer.element);
			viewer.setRuns(own);
		});
		place.append(opener);
	}
}
