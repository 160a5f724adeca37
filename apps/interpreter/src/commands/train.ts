import { addTrainOptions, options } from "@attend/cli-kit";
import { Command } from "commander";
import type { InterpretTrainFlags } from "./train-flags.ts";

const examples = `
Examples:
  attend-interpret train --text book.txt letters.txt --validation other.txt --out runs/repair
  attend-interpret repair transcript.txt --model runs/repair

--text: texts with their punctuation and capitals, plain or .gz, which the repairer learns to restore.`;

/** `attend-interpret train` */
export function trainCommand(): Command {
  const command = new Command("train")
    .description("learn to repair your own kind of text")
    .requiredOption("--text <files...>", "texts with punctuation and capitals, plain or .gz")
    .addOption(options.validation("other texts").makeOptionMandatory());
  return addTrainOptions(command, { out: "runs/repair" })
    .addHelpText("after", examples)
    .action(async (flags: InterpretTrainFlags) => {
      const { learnTexts } = await import("./learn-texts.ts");
      await learnTexts(flags);
    });
}
