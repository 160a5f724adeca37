import {
  createProgress,
  decimalOption,
  options,
  printTable,
  writeJsonLine,
  writeNote,
} from "@attend/cli-kit";
import type { EngineName } from "@attend/runtime";
import { Command } from "commander";

interface EvaluateFlags {
  readonly last: number;
  readonly skipUnknown: boolean;
  readonly json: boolean;
  readonly model?: string;
  readonly engine?: EngineName;
  readonly quiet: boolean;
}

const examples = `
Examples:
  attend-language-model evaluate book.txt
  attend-language-model evaluate book.txt --last 0.1     the part that \`train\` held out
  attend-language-model evaluate other.txt --skip-unknown --json`;

/** `attend-language-model evaluate`: measures how well a model predicts a text. */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("measure how well a model predicts a text")
    .argument(
      "<files...>",
      "text in UTF-8 or UTF-16, plain or gzip; - for stdin; several files are read as one text",
    )
    .addOption(
      decimalOption("--last <fraction>", "measure only this fraction at the end of the text", {
        min: 1e-6,
        max: 1,
      }).default(1),
    )
    .option("--skip-unknown", "skip characters that did not occur in training", false)
    .addOption(options.json("print one line of JSON"))
    .addOption(options.model())
    .addOption(options.engine())
    .addOption(options.precision())
    .addOption(options.quiet())
    .addHelpText("after", examples)
    .action(evaluate);
}

async function evaluate(files: readonly string[], flags: EvaluateFlags): Promise<void> {
  const { nameOf, readText } = await import("../dataset.ts");
  const text = await readText(files);
  const { loadLanguageModel } = await import("../language-model.ts");
  const { last, skipUnknown, json, quiet, engine } = flags;
  const model = await loadLanguageModel({ model: flags.model, engine });
  const work = { total: text.length, label: "reading", unit: "characters", quiet };
  const progress = createProgress(work);
  try {
    const source = files.map(nameOf).join(", ");
    const evaluation = await model.evaluate(text, {
      source,
      last,
      skipUnknown,
      onProgress: (done, total) => progress.update(done, {}, total),
    });
    progress.stop();
    if (json) return await writeJsonLine(evaluation);
    const { characters, skipped, natsPerCharacter, bitsPerCharacter, perplexity } = evaluation;
    const { unit, tokens, natsPerToken, bitsPerToken } = evaluation;
    if (skipped > 0) writeNote(`${skipped} unknown characters were skipped`);
    await printTable([
      {
        characters,
        "nats/character": natsPerCharacter.toFixed(4),
        "bits/character": bitsPerCharacter.toFixed(4),
        perplexity: perplexity.toFixed(3),
        ...(unit === "tokens" && {
          tokens,
          "nats/token": natsPerToken.toFixed(4),
          "bits/token": bitsPerToken.toFixed(4),
        }),
      },
    ]);
  } finally {
    progress.stop();
    model.close();
  }
}
