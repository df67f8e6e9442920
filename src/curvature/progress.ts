/** How far a part of the computation has got. */
export interface CurvatureProgress {
	readonly stage: "directions" | "eigenvalues" | "trace" | "secant curvature" | "density" | "sharpness";
	/** Of `total` at most, in the unit's count. */
	readonly done: number;
	readonly total: number;
	readonly unit: "products" | "probes" | "points" | "measures";
	/** The estimates so far, in words. */
	readonly note: string;
	/** The same in numbers, by their names, where there are any: the same names throughout a stage. */
	readonly estimates?: Readonly<Record<string, number>>;
}
