import { addTrainOptions, options, pathOption, type TrainFlags } from "@attend/cli-kit";
import { Command } from "commander";

/** What is learned from, and the options of every training. */
export interface InterpretTrainFlags extends TrainFlags {
  readonly recordings?: string;
  readonly text?: readonly string[];
  readonly validation?: readonly string[];
  readonly language: string;
}

const examples = `
Examples:
  attend-interpret train --recordings commands --out runs/commands
  attend-interpret recognize hello.wav --model runs/commands
  attend-interpret train --text book.txt letters.txt --out runs/repair
  attend-interpret repair transcript.txt --model runs/repair

--recordings: a folder with recordings and transcripts.tsv, which has a line for each: its name, a tab, what is said, and
optionally a tab and the speaker. --text: texts with their punctuation and capitals, which the repairer learns to restore.`;

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
    .option("--text <files...>", "texts, plain or .gz")
    .optionsGroup("Options:")
    .addOption(options.validation("a folder of recordings, or texts,"))
    .addOption(options.heldOut("recordings or sentences", "0.1").conflicts("validation"));
  return addTrainOptions(command, { out: "runs/interpreter" })
    .addHelpText("after", examples)
    .action(train);
}

async function train(flags: InterpretTrainFlags, command: Command): Promise<void> {
  const { recordings, text } = flags;
  if (text !== undefined) {
    const { learnTexts } = await import("./learn-texts.ts");
    return learnTexts(text, flags);
  }
  command.error("error: nothing to learn from; give --recordings or --text");
}
