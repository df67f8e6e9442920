import { isGraph } from "../model.js";
import { constant, type ImportOp } from "../node.js";
import { problem } from "../value.js";

/** The branch that the condition names, which must be known before the data: shapes and constants decide it in an export. */
const if_: ImportOp = (context) => {
	const condition = constant(context, 0, "condition").values[0] ?? 0;
	const branch = context.node.attributes.get(condition === 0 ? "else_branch" : "then_branch");
	return isGraph(branch) ? context.importBranch(branch) : problem("it has no such branch");
};

export const choosingOps: Readonly<Record<string, ImportOp>> = { If: if_ };
