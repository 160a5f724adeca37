import { addTrainOptions, options, pathOption } from "@attend/cli-kit";
import { Command } from "commander";
import type { LearnFlags } from "./learn-flags.ts";

const examples = `
Examples:
  attend-interpret train --recordings commands --out runs/commands
  attend-interpret recognize hello.wav --model runs/commands
  attend-interpret train --text book.txt letters.txt --validation other.txt --out runs/repair
  attend-interpret repair transcript.txt --model runs/repair

--recordings: a folder with recordings and transcripts.tsv, a line for each: its name, a tab, what is said, and maybe a tab
and who says it. --text: texts with their punctuation and capitals, plain or .gz, which the repairer learns to restore.`;

/** `attend-interpret train` */
export function trainCommand(): Command {
  const command = new Command("train")
    .description("learn to recognize your own commands, or to repair your own kind of text")
    .optionsGroup("What to learn from (one of these):")
    .addOption(
      pathOption("--recordings <folder>", "recordings of commands, and transcripts.tsv").conflicts(
        "text",
      ),
    )
    .option("--text <files...>", "texts with punctuation and capitals, plain or .gz")
    .optionsGroup("Options:")
    .addOption(options.validation("other texts, or folders of recordings,"))
    .addOption(options.heldOut("recordings", "0.2").conflicts(["validation", "text"]));
  return addTrainOptions(command, { out: "runs/interpreter" })
    .addHelpText("after", examples)
    .action(train);
}

async function train(flags: LearnFlags, command: Command): Promise<void> {
  const { recordings, text, validation } = flags;
  if (recordings !== undefined) {
    const { learnRecordings } = await import("./learn-recordings.ts");
    return learnRecordings(recordings, flags);
  }
  if (text === undefined) {
    command.error("error: nothing to learn from; give --recordings or --text");
  }
  if (validation === undefined) {
    command.error(
      "error: --text needs other texts to choose the best weights by; give --validation",
    );
  }
  const { learnTexts } = await import("./learn-texts.ts");
  await learnTexts(text, validation, flags);
}
