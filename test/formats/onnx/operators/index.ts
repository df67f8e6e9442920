import { arrangingCases } from "./arranging.js";
import { attentionCases } from "./attention.js";
import type { OperatorCase } from "./case.js";
import { elementwiseCases } from "./elementwise.js";
import { linearCases } from "./linear.js";
import { recurrentCases } from "./recurrent.js";
import { reducingCases } from "./reducing.js";
import { windowCases } from "./windows.js";

/** Every graph that is compared with what onnxruntime makes of it: a family of operators is a file and a line here. */
export const operatorCases: readonly OperatorCase[] = [
	...arrangingCases,
	...attentionCases,
	...elementwiseCases,
	...linearCases,
	...recurrentCases,
	...reducingCases,
	...windowCases,
];
