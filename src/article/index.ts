/** The article: its figures, made from scratch and judged. */
export { makeArticle } from "./article.js";
export { verdictWords } from "./essay/section.js";
export type { FinishedFigure } from "./finished.js";
export type { OnWork } from "./workshop.js";
