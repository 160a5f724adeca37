import { existsSync } from "node:fs";
import { createProgress, options, wholeOption, writeJsonLine, writeText } from "@attend/cli-kit";
import type { EngineName } from "@attend/runtime";
import { Command } from "commander";

interface SampleFlags {
  readonly prompt: string;
  readonly length: number;
  readonly greedy?: true;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly seed?: number;
  readonly json: boolean;
  readonly model?: string;
  readonly engine?: EngineName;
  readonly quiet: boolean;
}

const examples = `
Examples:
  attend-language-model --prompt "ROMEO:"                      writes on, as it comes
  attend-language-model --temperature 0.7 --seed 3             safer, and another text
  attend-language-model --greedy --prompt "To be" --length 80  always the likeliest character
  attend-language-model --model runs/language-model/model --json`;

/** `attend-language-model sample`: what the program does where no command is named. */
export function sampleCommand(): Command {
  return (
    new Command("sample")
      .description("write text, drawn by chance from what the model expects (the default command)")
      .optionsGroup("What to write:")
      .option("--prompt <text>", "what it begins with", "")
      .addOption(
        wholeOption("--length <n>", "characters to write", { min: 1, max: 1e6 }).default(500),
      )
      .optionsGroup("How to choose each character:")
      .option("--greedy", "always the likeliest")
      .addOption(options.temperature().conflicts("greedy"))
      .addOption(options.topK().conflicts("greedy"))
      .addOption(options.topP().conflicts("greedy"))
      .addOption(options.seed().conflicts("greedy"))
      .optionsGroup("Options:")
      .addOption(options.json("{ prompt, text } as one line of JSON, at the end"))
      .addOption(options.model())
      .addOption(options.engine())
      .addOption(options.quiet())
      .addHelpText("after", examples)
      // They are told what they may have been meant for.
      .allowExcessArguments()
      .action(sample)
  );
}

async function sample(flags: SampleFlags, command: Command): Promise<void> {
  refuseArguments(command);
  const { loadLanguageModel } = await import("../language-model.ts");
  const { json, engine, prompt, length } = flags;
  const model = await loadLanguageModel({ model: flags.model, engine });
  // Where the text is shown as it comes, that is progress enough.
  const quiet = flags.quiet || !json;
  const progress = createProgress({ total: length, label: "writing", unit: "characters", quiet });
  try {
    let text = "";
    let done = 0;
    for await (const piece of model.generate(flags)) {
      if (!json) await writeText(text === "" ? prompt + piece : piece);
      text += piece;
      done += [...piece].length;
      progress.update(done);
    }
    progress.stop();
    if (json) return await writeJsonLine({ prompt, text });
    await writeText("\n");
  } finally {
    progress.stop();
    model.close();
  }
}

function refuseArguments(command: Command): void {
  const [first] = command.args;
  if (first === undefined) return;
  const remedy = existsSync(first)
    ? `to train on it: attend-language-model train ${first}; to measure it: attend-language-model evaluate ${first}`
    : `what a text begins with goes by --prompt ${JSON.stringify(first)}`;
  command.error(
    `error: attend-language-model writes without arguments, but was given ${first}; ${remedy}`,
  );
}
