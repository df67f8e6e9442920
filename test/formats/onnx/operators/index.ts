import type { OperatorCase } from "./case.js";
import { recurrentCases } from "./recurrent.js";
import { windowCases } from "./windows.js";

/** Every graph that is compared with what onnxruntime makes of it: a family of operators is a file and a line here. */
export const operatorCases: readonly OperatorCase[] = [...recurrentCases, ...windowCases];
