/** The article: its figures, made from scratch and judged. */
export { makeArticle } from "./article.js";
export type { FinishedFigure } from "./finished.js";
export { verdictWords } from "./page.js";
export type { OnWork } from "./workshop.js";
