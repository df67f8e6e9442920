/** Of one sample for values, whole for parameters and constants. */
export type Shape = readonly number[];
