import { execFileSync } from "node:child_process";
import type { ExecutionContext } from "ava";

const interpreter = process.env.PYTHON ?? "python3";

/** Whether this machine's Python has some modules. */
function hasModules(modules: readonly string[]): boolean {
	try {
		execFileSync(interpreter, ["-c", modules.map((name) => `import ${name}`).join("\n")], { stdio: "ignore" });
		return true;
	} catch {
		return false;
	}
}

/**
 * Runs a program of Python and gives what it prints, as JSON; undefined where modules are missing, after a line that says so and a pass of
 * the test.
 */
export function python(
	t: ExecutionContext,
	modules: readonly string[],
	program: string,
	...args: readonly string[]
): unknown {
	if (!hasModules(modules)) {
		t.log(`left out what needs ${interpreter} with ${modules.join(" and ")}; PYTHON names another interpreter`);
		t.pass();
		return undefined;
	}
	const code = [...modules.map((name) => `import ${name}`), "import json, sys", program].join("\n");
	return JSON.parse(execFileSync(interpreter, ["-c", code, ...args], { encoding: "utf8" }));
}
