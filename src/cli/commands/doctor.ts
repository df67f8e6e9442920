import { type DoctorOptions, doctor, type Examination, readRun } from "../../index.js";
import { type DoctorCommandOptions, doctorOptions } from "../../options/doctor.js";
import { defineCommand } from "../command.js";
import { runFile } from "../files.js";
import { interruptible } from "../interrupt.js";
import { print, printJson, tell } from "../print.js";

export const doctorCommand = defineCommand<DoctorCommandOptions>({
	name: "doctor",
	summary: "Asks of runs whether their pictures are right, and says what would settle or mend what is not.",
	argument: { placeholder: "<run...>", help: "directories of runs, or their run.msgpack" },
	options: doctorOptions,
	examples: ["runs/mnist-cnn-ec7f120e", "runs/* --quick"],
	notes:
		"Networks, data and directions are read again, from where the sweep was called; of a run whose files are gone, the file alone is asked. What is doubtful is no error: the exit status is 0.",
	run: ({ options, args }) =>
		interruptible({ message: "interrupted; nothing is kept of it" }, (signal) => run(args, options, signal)),
});

async function run(
	runs: readonly string[],
	{ quick = false, threads, quiet = false, json = false }: DoctorCommandOptions,
	signal: AbortSignal,
): Promise<void> {
	const found: ({ readonly run: string } & Examination)[] = [];
	for (const given of runs) {
		const { surface } = await readRun(await runFile(given));
		const onCheck: DoctorOptions["onCheck"] = (question, done, total) => tell(`${done + 1} of ${total}: ${question}`);
		const examination = await doctor(surface, {
			...{ name: given, quick, signal },
			...(threads !== undefined && { threads }),
			...(process.stderr.isTTY && !quiet && { onCheck }),
		});
		found.push({ run: given, ...examination });
		if (!json) print(report(given, examination).join("\n"));
	}
	if (json) printJson(found);
}

/** How wide paragraphs are. */
const WIDTH = 100;

function report(name: string, { findings, left }: Examination): string[] {
	const count = (verdict: string) => findings.filter((finding) => finding.verdict === verdict).length;
	const bad = ["wrong", "doubtful", "unknown"].filter((verdict) => count(verdict) > 0);
	const tally = bad.map((verdict) => `${count(verdict)} ${verdict}`);
	return [
		`${name}: ${[...tally, `${count("fine")} fine`].join(", ")}`,
		"",
		...findings.flatMap(({ verdict, question, text, command }) => [
			`[${verdict}] ${question}`,
			...wrapped(text).map((line) => `    ${line}`),
			...(command === undefined ? [] : [`    > ${command}`]),
			"",
		]),
		...(left === null ? [] : [...wrapped(`Not asked, since ${left.reason}: ${left.questions.join(" ")}`), ""]),
	];
}

/** A paragraph in lines. */
function wrapped(text: string): string[] {
	const lines: string[] = [];
	for (const word of text.split(" ")) {
		const last = lines.at(-1);
		if (last !== undefined && last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(word);
	}
	return lines;
}
