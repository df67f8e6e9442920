import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Arena, type Attack, type Finding } from "./arena.js";
import { bits } from "./bits.js";
import { damaged, hostile } from "./hostile.js";
import { kills } from "./kills.js";
import { pairs } from "./pairs.js";
import { queue } from "./queue.js";
import { room } from "./room.js";
import { interruptions } from "./signals.js";
import { workers } from "./workers.js";

/**
 * Attacks on files and processes, with counts: too long for `npm test`, which has a short form of each.
 *
 *   node dist/test/attack/index.js [names] [--kills 100] [--signals 30] [--mutations 2000] [--pairs 5] [--faults 50] [--folder DIR]
 *
 * `names` are those of the attacks to carry out, all without any; `--folder` has hostile files besides those made here.
 */
const attacks: Readonly<Record<string, Attack>> = {
	hostile,
	kills,
	signals: interruptions,
	bits,
	room,
	pairs,
	workers,
	damaged,
	queue,
};

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		kills: { type: "string", default: "100" },
		signals: { type: "string", default: "30" },
		mutations: { type: "string", default: "2000" },
		pairs: { type: "string", default: "5" },
		faults: { type: "string", default: "50" },
		folder: { type: "string" },
	},
});
const counts = {
	kills: Number(values.kills),
	signals: Number(values.signals),
	mutations: Number(values.mutations),
	pairs: Number(values.pairs),
	faults: Number(values.faults),
	folder: values.folder,
};

function tell({ attack, count, bad, note }: Finding): void {
	const result = bad.length === 0 ? "none failed" : `${bad.length} FAILED: ${bad.slice(0, 3).join(" | ")}`;
	console.log(`${attack.padEnd(58)} ${String(count).padStart(7)}  ${result}${note === undefined ? "" : ` (${note})`}`);
	if (bad.length > 0) process.exitCode = 1;
}

console.log(`${"attack".padEnd(58)} ${"count".padStart(7)}  result`);
for (const [name, attack] of Object.entries(attacks)) {
	if (positionals.length > 0 && !positionals.includes(name)) continue;
	const directory = mkdtempSync(join(tmpdir(), "isoloss-attack-"));
	try {
		for await (const finding of attack(new Arena(directory), counts)) tell(finding);
	} finally {
		rmSync(directory, { recursive: true });
	}
}
