/**
 * Pages: a surface, several side by side or an index of many as one HTML file, and a page that shows what is computed while it is.
 *
 * ```ts
 * import { readRun } from "isoloss";
 * import { viewerPage } from "isoloss/view";
 *
 * const { surface } = await readRun("runs/mnist-cnn/run.msgpack");
 * await writeFile("viewer.html", viewerPage([{ surface }]));
 * ```
 */
export { type LiveOptions, LivePage } from "./live.js";
export type { LiveEnd, LiveMachine, LivePlot, LiveProgress, LiveSeries } from "./live-events.js";
export { galleryPage, type ViewedRun, type ViewerParts, viewerPage, viewerParts } from "./page.js";
