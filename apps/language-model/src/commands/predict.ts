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
  attend-language-model --prompt "ROMEO:"                      continue the prompt
  attend-language-model --temperature 0.7 --seed 3             more predictable, with another seed
  attend-language-model --greedy --prompt "To be" --length 80  always the most likely character
  attend-language-model --model runs/language-model/model --json`;

/** `attend-language-model sample`: the default command. */
export function sampleCommand(): Command {
  return (
    new Command("sample")
      .description("generate text by sampling from the model (the default command)")
      .optionsGroup("What to generate:")
      .option("--prompt <text>", "start of the text", "")
      .addOption(
        wholeOption("--length <n>", "number of characters to generate", {
          min: 1,
          max: 1e6,
        }).default(500),
      )
      .optionsGroup("How to choose each character:")
      .option("--greedy", "always the most likely one")
      .addOption(options.temperature().conflicts("greedy"))
      .addOption(options.topK().conflicts("greedy"))
      .addOption(options.topP().conflicts("greedy"))
      .addOption(options.seed().conflicts("greedy"))
      .optionsGroup("Options:")
      .addOption(options.json("print { prompt, text } as one line of JSON at the end"))
      .addOption(options.model())
      .addOption(options.engine())
      .addOption(options.precision())
      .addOption(options.quiet())
      .addHelpText("after", examples)
      // `rejectArguments` suggests what they could have been meant for.
      .allowExcessArguments()
      .action(sample)
  );
}

async function sample(flags: SampleFlags, command: Command): Promise<void> {
  rejectArguments(command);
  const { loadLanguageModel } = await import("../language-model.ts");
  const { json, engine, prompt, length } = flags;
  const model = await loadLanguageModel({ model: flags.model, engine });
  // If the text is printed as it is generated, that is progress enough.
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

function rejectArguments(command: Command): void {
  const [first] = command.args;
  if (first === undefined) return;
  const remedy = existsSync(first)
    ? `to train on it, use attend-language-model train ${first}; to measure it, attend-language-model evaluate ${first}`
    : `to start the text with it, use --prompt ${JSON.stringify(first)}`;
  command.error(
    `error: attend-language-model generates text without arguments, but was given ${first}; ${remedy}`,
  );
}
