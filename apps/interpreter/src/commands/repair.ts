import {
  groupsOfLines,
  interruptible,
  options,
  pathOption,
  writeJsonLine,
  writeLine,
  writeNote,
} from "@attend/cli-kit";
import { readUtf8 } from "@attend/datasets";
import { Command } from "commander";
import { describeChange } from "../present/steps.ts";
import { languageOption } from "./flags.ts";

interface RepairFlags {
  readonly from?: string;
  readonly model?: string;
  readonly changes: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

const examples = `
Examples:
  attend-interpret repair transcript.txt > repaired.txt
  echo "i red the book on june first" | attend-interpret repair - --changes
  attend-interpret repair mitschrift.txt --from de --json

Lines stay lines. With --json, a row for each: { source, text, sentences, changes: [{ from, to, reason, start, end }] }.`;

/** `attend-interpret repair` */
export function repairCommand(): Command {
  return new Command("repair")
    .description(
      "restore spelling, casing, punctuation and numbers of recognized text, line by line",
    )
    .argument("[file]", "a text file, or - for stdin (the default)", "-")
    .addOption(languageOption("language of the text (default: that of the model, or en)"))
    .option("--changes", "print each change with its reason below its line", false)
    .addOption(options.json("print a JSON object per line"))
    .addOption(
      pathOption("--model <folder>", "folder written by `train` (default: a shipped model)"),
    )
    .addOption(options.quiet())
    .addHelpText("after", examples)
    .action(repair);
}

async function repair(file: string, flags: RepairFlags): Promise<void> {
  const input = file === "-" ? { stream: process.stdin, name: "stdin" } : file;
  const lines = await readUtf8(input, { maxBytes: Number.POSITIVE_INFINITY });
  const { loadRepairer } = await import("@attend/text-repair");
  const repairer = await loadRepairer({ language: flags.from, model: flags.model });
  try {
    await interruptible(async (signal) => {
      for await (const group of groupsOfLines(lines, 64)) {
        for (const { text: source = "", fault } of group) {
          if (fault !== undefined) {
            writeNote(`error: ${fault}; it is replaced by an empty line`);
            process.exitCode = 1;
          }
          const { text, sentences, changes } = await repairer.repair(source, { signal });
          if (flags.json) await writeJsonLine({ source, text, sentences, changes });
          else await writeLine(text);
          if (flags.changes && !flags.json)
            for (const change of changes) await writeLine(describeChange(change));
        }
      }
    });
  } finally {
    repairer.dispose();
  }
}
