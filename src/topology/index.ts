/** Minima, saddles and what separates them, on the points of a grid. */
export { bottleneckDistance, type Diagram, diagramOf, largestDifference } from "./bottleneck.js";
export type { TopologyOptions } from "./landscape.js";
export type { Neighbours } from "./neighbours.js";
export type { PersistencePair } from "./pairs.js";
export { type SmadOptions, smad } from "./smad.js";
export { type Topology, topology } from "./topology.js";
