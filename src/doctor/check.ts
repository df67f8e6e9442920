import type { Resolved } from "../resolve/index.js";
import type { Surface } from "../surface/surface.js";
import type { Evaluations } from "./evaluations.js";

/** What a check says of a picture, the worst first. */
export const verdicts = ["wrong", "doubtful", "unknown", "fine"] as const satisfies readonly Verdict[];

export type Verdict = "wrong" | "doubtful" | "unknown" | "fine";

/** One answer: a plain paragraph with its numbers, and what would settle or mend it. */
export interface Answer {
	readonly verdict: Verdict;
	readonly text: string;
	/** As it can be typed. */
	readonly command?: string;
}

/** A run that is looked at, and the networks, data and directions that it is of, where they can be had again. */
export interface Examined {
	readonly surface: Surface;
	/** The run as its command was given it. */
	readonly name: string;
	/** The command of a sweep like this one but for some options, by their names; undefined leaves one out. */
	readonly sweepWith: (changes: Readonly<Record<string, unknown>>) => string;
}

interface Question {
	/** What it is called by programs. */
	readonly name: string;
	/** What it is about, as a question whose good answer is yes. */
	readonly question: string;
	/** Whether it is about the shape of a relief, of which there is none where all values are alike within rounding. */
	readonly ofShape?: boolean;
}

/** A check of what the file alone holds. Null: the question does not arise. */
export interface SurfaceCheck extends Question {
	readonly needs: "surface";
	readonly answer: (run: Examined) => Answer | null;
}

/** One of what the run was made of. */
export interface NetworkCheck extends Question {
	readonly needs: "network";
	readonly answer: (run: Examined, made: Resolved) => Answer | null;
}

/** One that evaluates points. */
export interface EvaluationCheck extends Question {
	readonly needs: "evaluation";
	readonly answer: (run: Examined, made: Resolved, evaluations: Evaluations) => Promise<Answer | null>;
}

export type Check = SurfaceCheck | NetworkCheck | EvaluationCheck;
