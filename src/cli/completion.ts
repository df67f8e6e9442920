import { checkChoice } from "../check/choice.js";
import { flagOf } from "../options/table.js";
import { type CommandName, commands } from "./commands/index.js";

export const shells = ["bash", "zsh", "fish"] as const;

/** A flag, with what may follow it: words, a file's name, or nothing. */
interface Flag {
	readonly name: string;
	readonly help: string;
	readonly values: readonly string[] | "file" | null;
}

/**
 * A script that teaches a shell to complete commands, flags and the names that options take.
 *
 * @throws {OptionError} when the shell is none of those known
 */
export async function completionFor(shell: string | undefined): Promise<string> {
	const known = checkChoice("completion", shell ?? "none", shells);
	const flags = new Map<string, readonly Flag[]>();
	for (const name of Object.keys(commands) as CommandName[]) flags.set(name, await flagsOf(name));
	return { bash: bashScript, zsh: zshScript, fish: fishScript }[known](flags);
}

async function flagsOf(name: CommandName): Promise<Flag[]> {
	const { options } = await commands[name].load();
	const own = Object.entries(options).map(([property, { placeholder, help, values }]) => ({
		name: flagOf(property),
		help: help.split(":")[0] ?? "",
		values: placeholder === null ? null : (values ?? (/file|dir|path/.test(placeholder) ? ("file" as const) : [])),
	}));
	return [
		...own,
		{ name: "--config", help: "defaults", values: "file" },
		{ name: "--help", help: "print help", values: null },
	];
}

type Flags = ReadonlyMap<string, readonly Flag[]>;

const commandWords = (flags: Flags) => [...flags.keys(), "completion"].join(" ");

function bashScript(flags: Flags): string {
	const cases = [...flags].map(([command, own]) => {
		const values = own
			.filter(({ values }) => Array.isArray(values) && values.length > 0)
			.map(
				({ name, values }) =>
					`\t\t\t${name}) COMPREPLY=($(compgen -W "${(values as readonly string[]).join(" ")}" -- "$word")); return;;`,
			);
		const names = own.map(({ name }) => name).join(" ");
		return `\t${command})
		case "$before" in
${values.join("\n")}
		esac
		[[ $word == -* ]] && COMPREPLY=($(compgen -W "${names}" -- "$word"));;`;
	});
	return `# isoloss completion for bash: isoloss completion bash > ~/.local/share/bash-completion/completions/isoloss
_isoloss() {
	local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]}
	COMPREPLY=()
	if [[ $COMP_CWORD == 1 ]]; then COMPREPLY=($(compgen -W "${commandWords(flags)}" -- "$word")); return; fi
	case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
	completion) COMPREPLY=($(compgen -W "${shells.join(" ")}" -- "$word"));;
	esac
}
complete -o bashdefault -o default -F _isoloss isoloss
`;
}

function zshScript(flags: Flags): string {
	const quoted = (text: string) => text.replaceAll(/[[\]:'"\\]/g, " ");
	const cases = [...flags].map(([command, own]) => {
		const specs = own.map(({ name, help, values }) => {
			if (values === null) return `'${name}[${quoted(help)}]'`;
			return `'${name}[${quoted(help)}]:value:${values === "file" ? "_files" : `(${values.join(" ")})`}'`;
		});
		return `\t${command}) _arguments ${specs.join(" ")} '*:file:_files';;`;
	});
	return `#compdef isoloss
# isoloss completion for zsh: isoloss completion zsh > "\${fpath[1]}/_isoloss"
_isoloss() {
	if (( CURRENT == 2 )); then compadd ${commandWords(flags)}; return; fi
	local command=$words[2]
	words=("\${(@)words[2,-1]}"); (( CURRENT-- ))
	case $command in
${cases.join("\n")}
	completion) compadd ${shells.join(" ")};;
	esac
}
compdef _isoloss isoloss
`;
}

function fishScript(flags: Flags): string {
	const lines = [...flags].flatMap(([command, own]) =>
		own.map(({ name, help, values }) => {
			const takes =
				values === null ? "" : values === "file" ? " -r" : ` -x${values.length > 0 ? ` -a '${values.join(" ")}'` : ""}`;
			const words = help.replaceAll("'", "");
			return `complete -c isoloss -n '__fish_seen_subcommand_from ${command}' -l ${name.slice(2)} -d '${words}'${takes}`;
		}),
	);
	return `# isoloss completion for fish: isoloss completion fish > ~/.config/fish/completions/isoloss.fish
complete -c isoloss -n __fish_use_subcommand -f -a '${commandWords(flags)}'
${lines.join("\n")}
`;
}
