import { existsSync } from "node:fs";
import { decimalNumber, wholeNumber, writeJsonLine, writeText } from "@attend/cli-kit";
import type { EngineName } from "@attend/runtime";
import { Command, Option } from "commander";

interface SampleFlags {
  readonly prompt: string;
  readonly length?: number;
  readonly greedy?: true;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly seed?: number;
  readonly json?: true;
  readonly model?: string;
  readonly engine?: EngineName;
}

const examples = `
Examples:
  language-model --prompt "ROMEO:"                      writes on, as it comes
  language-model --temperature 0.7 --seed 3             safer, and another text
  language-model --greedy --prompt "To be" --length 80  always the likeliest character
  language-model --model runs/language-model/model --json`;

/** \`language-model sample\`: what the program does where no command is named. */
export function sampleCommand(): Command {
  const whole = (flags: string, text: string, min: number, max: number) =>
    new Option(flags, text).argParser(wholeNumber({ min, max }));
  const decimal = (flags: string, text: string, min: number, max: number) =>
    new Option(flags, text).argParser(decimalNumber({ min, max })).conflicts("greedy");
  return (
    new Command("sample")
      .description("write text, drawn by chance from what the model expects (the default command)")
      .optionsGroup("What to write:")
      .option("--prompt <text>", "what it begins with", "")
      .addOption(whole("--length <n>", "characters to write (default: 500)", 1, 1e6))
      .optionsGroup("How to choose each character:")
      .option("--greedy", "always the likeliest")
      .addOption(decimal("--temperature <t>", "below 1 safer, above 1 bolder", 0.01, 100))
      .addOption(whole("--top-k <k>", "only the k likeliest", 1, 1e9).conflicts("greedy"))
      .addOption(decimal("--top-p <p>", "only the likeliest, of probability p", 1e-6, 1))
      .addOption(
        whole("--seed <n>", "another draws another text", 0, 2 ** 32 - 1).conflicts("greedy"),
      )
      .optionsGroup("Options:")
      .option("--json", "{ prompt, text } as one line of JSON, at the end")
      .option("--model <folder>", "as `language-model train` writes it (default: the one shipped)")
      .addOption(new Option("--engine <name>", "what computes").choices(["native", "wasm"]))
      .addHelpText("after", examples)
      // They are told what they may have been meant for.
      .allowExcessArguments()
      .action(sample)
  );
}

async function sample(flags: SampleFlags, command: Command): Promise<void> {
  refuseArguments(command);
  const { loadLanguageModel } = await import("../language-model.ts");
  const { json, model: folder, engine, prompt, ...options } = flags;
  const model = await loadLanguageModel({ model: folder, engine });
  try {
    let text = "";
    for await (const piece of model.generate({ prompt, ...options })) {
      if (!json) await writeText(text === "" ? prompt + piece : piece);
      text += piece;
    }
    if (json) return await writeJsonLine({ prompt, text });
    await writeText("\n");
  } finally {
    model.close();
  }
}

function refuseArguments(command: Command): void {
  const [first] = command.args;
  if (first === undefined) return;
  const remedy = existsSync(first)
    ? `to train on it: language-model train ${first}; to measure it: language-model evaluate ${first}`
    : `what a text begins with goes by --prompt ${JSON.stringify(first)}`;
  command.error(
    `error: language-model writes without arguments, but was given ${first}; ${remedy}`,
  );
}
