import { LayoutMismatchError } from "../errors.js";

/**
 * The direction from one network to another, δ = θb − θa: then θa + α·δ = (1−α)·θa + α·θb. Two of them from the same
 * network, δ = θb − θa and η = θc − θa, span the plane through three, which lie at (0, 0), (1, 0) and (0, 1). The axes
 * are affine: neither orthogonal nor of one length.
 *
 * @param from flat vector θa
 * @param to   flat vector θb, same layout
 * @returns float64, so that α = 1 gives exactly θb
 * @throws {LayoutMismatchError} when the two vectors differ in length
 * @see Goodfellow, Vinyals, Saxe, ICLR 2015, for the line; Garipov et al., NeurIPS 2018 (arXiv 1802.10026), for the plane
 */
export function interpolationDirection(from: Float32Array, to: Float32Array): Float64Array {
	if (from.length !== to.length)
		throw new LayoutMismatchError(`expected two networks of one size, got ${from.length} and ${to.length} parameters`);
	return Float64Array.from(to, (value, i) => value - (from[i] ?? 0));
}
