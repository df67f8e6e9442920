import { alignCommandOptions } from "./align.js";
import { articleOptions } from "./article.js";
import { averageCommandOptions } from "./average.js";
import { compareOptions } from "./compare.js";
import { connectCommandOptions } from "./connect.js";
import { curvatureCommandOptions } from "./curvature.js";
import { doctorOptions } from "./doctor.js";
import { exportOptions } from "./export.js";
import { galleryOptions } from "./gallery.js";
import { importOptions } from "./import.js";
import { inspectOptions } from "./inspect.js";
import { openOptions } from "./open.js";
import { queueOptions, workerOptions } from "./queue.js";
import { renderOptions } from "./render.js";
import { sweepOptions } from "./sweep.js";
import { type AnyTable, flagOf } from "./table.js";
import { topologyCommandOptions } from "./topology.js";
import { trainOptions } from "./train.js";

const tables: Readonly<Record<string, AnyTable>> = {
	sweep: sweepOptions as AnyTable,
	render: renderOptions as AnyTable,
	compare: compareOptions as AnyTable,
	open: openOptions as AnyTable,
	gallery: galleryOptions as AnyTable,
	export: exportOptions as AnyTable,
	import: importOptions as AnyTable,
	topology: topologyCommandOptions as AnyTable,
	doctor: doctorOptions as AnyTable,
	curvature: curvatureCommandOptions as AnyTable,
	align: alignCommandOptions as AnyTable,
	connect: connectCommandOptions as AnyTable,
	average: averageCommandOptions as AnyTable,
	train: trainOptions as AnyTable,
	inspect: inspectOptions as AnyTable,
	article: articleOptions as AnyTable,
	worker: workerOptions as AnyTable,
	queue: queueOptions as AnyTable,
};

const introduction = `# Every option

Made from the tables in \`src/options\` by \`node scripts/docs.js\`; \`isoloss COMMAND --help\` says the same.

A flag on the command line is a property in TypeScript and in a configuration file: \`--batch-norm\` is \`batchNorm\`. Flags win over
the file, which is \`isoloss.config.json\` or \`isoloss.config.ts\` where the command is called, or what \`--config\` names:

\`\`\`json
{ "sweep": { "threads": 8, "samples": "all", "x": "-1:1:51" }, "render": { "colormap": "magma" } }
\`\`\`

\`--print-config\` shows what comes out. Exit status: 0 done, 1 failed, 2 something given can't be used, 130 interrupted.
`;

/** The options of every command as a page of documentation. */
export function optionsPage(): string {
	const sections = Object.entries(tables).map(([name, table]) => `## isoloss ${name}\n\n${tableOf(table)}\n`);
	return [introduction, ...sections].join("\n");
}

function tableOf(table: AnyTable): string {
	const rows = Object.entries(table).map(([property, { placeholder, help, fallback = "" }]) => {
		const value = placeholder === null ? "" : ` ${placeholder.toUpperCase()}`;
		return [`\`${flagOf(property)}${value}\``, fallback, help].map((cell) => cell.replaceAll("|", "\\|"));
	});
	return [["option", "default", ""], ["---", "---", "---"], ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
