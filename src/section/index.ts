/** Which networks are looked at: lines and planes through networks, and the directions that span them. */

export type { Layout, Slot } from "../network/parameters.js";
export { affineSection, type Direction } from "./affine.js";
export { type BiasRule, type Normalization, normalizationNames, normalize } from "./normalize.js";
export { cosine } from "./products.js";
export { type RandomDirectionOptions, randomDirection } from "./random.js";
export { type AnySection, formState, type Section } from "./section.js";
export { interpolationDirection } from "./towards.js";
export type { PlacedVector, StoredVector, Vector } from "./vector.js";
