import { setFlagsFromString } from "node:v8";
import { hasRelaxedSimd } from "../../src/kernels/module.js";

// Node 20 has it behind a flag: so tests of the relaxed kernels run there, too.
if (!hasRelaxedSimd()) setFlagsFromString("--experimental-wasm-relaxed-simd");
