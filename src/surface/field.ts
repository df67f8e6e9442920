/** What one column of a surface holds. Whether people read it in per cent, say, is a matter of its unit, never of its name. */
export interface FieldSpec {
	/** Of the column in every file: `loss`, `accuracy`, `loss-of-class-3`. */
	readonly name: string;
	/** What people call it: `R²` for `r2`. */
	readonly label: string;
	/**
	 * `fraction`: a share, 0 to 1, which people read in per cent. `loss`: in units of the loss, drawn on its scale, as is a
	 * `derivative` of it.
	 */
	readonly unit: Unit;
	/** The name of the field whose standard error this one is, in that field's unit. */
	readonly errorOf?: string;
}

export const units = ["loss", "fraction", "derivative", "none"] as const;

export type Unit = (typeof units)[number];

/** What is told of a field apart from its values. */
export function specOf({ name, label, unit, errorOf }: FieldSpec): FieldSpec {
	return { name, label, unit, ...(errorOf !== undefined && { errorOf }) };
}

/** A field with a float64 value a point: those of the grid, then the extra ones; NaN before they are done. */
export interface Field extends FieldSpec {
	readonly values: Float64Array;
}
