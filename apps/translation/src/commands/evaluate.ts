import {
  createProgress,
  decimalOption,
  options,
  pathOption,
  printTable,
  writeJsonLine,
  writeLine,
  writeNote,
} from "@attend/cli-kit";
import type { Columns } from "@attend/datasets";
import type { BleuTokenizer, SacreBleuOptions } from "@attend/metrics";
import type { EngineName } from "@attend/runtime";
import { writeFileAtomic } from "@attend/runtime/files";
import { Command, Option } from "commander";
import type { EvaluateOptions } from "../evaluate.ts";
import { columnsOption, fromOption, pairFiles, swapOption, toOption } from "./options.ts";
import { readScored } from "./scored-texts.ts";

interface EvaluateFlags {
  readonly from?: string;
  readonly to?: string;
  readonly swap: boolean;
  readonly columns?: Columns;
  readonly hypotheses?: string;
  readonly references?: readonly string[];
  readonly beam?: number;
  readonly batch?: number;
  readonly lowercase: boolean;
  readonly chrfLowercase: boolean;
  readonly terCaseSensitive: boolean;
  readonly tokenizer?: BleuTokenizer;
  readonly smoothing: NonNullable<SacreBleuOptions["smoothing"]>;
  readonly smoothingValue?: number;
  readonly predictions?: string;
  readonly against?: string;
  readonly json: boolean;
  readonly model?: string;
  readonly engine?: EngineName;
  readonly quiet: boolean;
}

const tokenizers = [
  "13a",
  "intl",
  "char",
  "zh",
  "none",
] as const satisfies readonly BleuTokenizer[];
const smoothings = ["exp", "floor", "add-k", "none"];

const examples = `
Examples:
  attend-translate evaluate test.en.gz test.de.gz
  attend-translate evaluate test.en.gz test.de.gz --lowercase --beam 1
  attend-translate evaluate test.en.gz test.de.gz --from de --to en --swap
  attend-translate evaluate pairs.tsv --model runs/en-zh/model
  attend-translate evaluate test.en --references first.de second.de       several references
  attend-translate evaluate --hypotheses said.txt --references test.de    an existing translation, without a model
  attend-translate evaluate test.en test.de --predictions said.txt --against other.txt

Scores are sacreBLEU's, and so are the options: --lowercase is its -lc, which BLEU alone goes by. Empty lines count.
With --against, the p-value says how likely such a difference is by chance (paired bootstrap).`;

/** `attend-translate evaluate`: the metrics of a model, or of an existing translation, by what people translated. */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description(
      "score a model, or an existing translation, against translations that people wrote",
    )
    .argument("[files...]", pairFiles)
    .optionsGroup("What to score:")
    .addOption(fromOption("of the sources (default: en)"))
    .addOption(toOption("of the translations (default: de)"))
    .addOption(swapOption())
    .addOption(columnsOption())
    .addOption(
      pathOption("--hypotheses <file>", "an existing translation, a line each: no model").conflicts(
        ["beam", "batch", "predictions", "model", "engine"],
      ),
    )
    .option("--references <files...>", "further translations that people wrote, a line each")
    .addOption(
      pathOption("--against <file>", "compare with another system's translations, a line each"),
    )
    .optionsGroup("How to score:")
    .option("--lowercase", "BLEU without regard to case", false)
    .addOption(
      new Option(
        "--tokenizer <name>",
        "sacreBLEU's (default by --to: zh for Chinese; char for ja, th, lo, km, my; else 13a)",
      ).choices(tokenizers),
    )
    .addOption(new Option("--smoothing <name>", "of BLEU").choices(smoothings).default("exp"))
    .addOption(
      decimalOption("--smoothing-value <n>", "of floor (default: 0.1) and add-k (default: 1)", {
        min: 0,
      }),
    )
    .option("--chrf-lowercase", "chrF and chrF++ without regard to case", false)
    .option("--ter-case-sensitive", "TER with regard to case", false)
    .optionsGroup("Options:")
    .addOption(options.model())
    .addOption(options.beam())
    .addOption(options.batch("sentences", 64))
    .addOption(options.predictions("write the translations, a line each"))
    .addOption(options.json("as one line of JSON"))
    .addOption(options.engine())
    .addOption(options.quiet())
    .addHelpText("after", examples)
    .action(evaluate);
}

async function evaluate(files: readonly string[], flags: EvaluateFlags): Promise<void> {
  const { json, predictions } = flags;
  const { compareTranslations, metricsOf, scoreTranslations } = await import("../evaluate.ts");
  metricsOf(optionsOf(flags, "13a")); // wrong ones are told before the work
  const { sources, hypotheses, references, baseline } = await readScored(
    { ...flags, files },
    writeNote,
  );
  const { from, to, said, seconds } =
    hypotheses === undefined
      ? await translateAll(sources ?? [], flags)
      : { from: flags.from, to: flags.to, said: hypotheses, seconds: undefined };
  if (predictions !== undefined) await writeFileAtomic(predictions, `${said.join("\n")}\n`);
  const how = optionsOf(flags, await tokenizerOf(to, flags, references));
  const scores = scoreTranslations(said, references, how);
  const compared = baseline && compareTranslations({ baseline, system: said, references }, how);
  if (json) {
    return await writeJsonLine({ from, to, lines: said.length, seconds, scores, compared });
  }
  await printTable(
    scores.map(({ metric, score, signature }) => {
      const other = compared?.find((each) => each.metric === metric);
      return {
        metric,
        score: score.toFixed(2),
        ...(other && { against: other.baseline.score.toFixed(2), p: other.pValue.toFixed(3) }),
        signature,
      };
    }),
  );
  const pace =
    seconds === undefined
      ? ""
      : ` in ${seconds.toFixed(1)} s, ${(said.length / seconds).toFixed(1)}/s`;
  await writeLine(`${said.length} lines${pace}`);
}

function optionsOf(flags: EvaluateFlags, tokenizer: BleuTokenizer): EvaluateOptions {
  const { lowercase, smoothing, smoothingValue, chrfLowercase, terCaseSensitive } = flags;
  return {
    ...{ tokenizer, lowercase, smoothing, chrfLowercase, terCaseSensitive },
    ...(smoothingValue !== undefined && { smoothingValue }),
  };
}

/** Where nothing tells the language, the usual one, and a hint where that does not suit. */
async function tokenizerOf(
  to: string | undefined,
  { tokenizer }: EvaluateFlags,
  references: readonly (readonly string[])[],
): Promise<BleuTokenizer> {
  const { tokenizerFor } = await import("../evaluate.ts");
  if (tokenizer !== undefined || to !== undefined) return tokenizer ?? tokenizerFor(to ?? "en");
  const letters = references
    .slice(0, 100)
    .flat()
    .join("")
    .replace(/[^\p{L}]/gu, "");
  const spaceless = letters.match(/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]/gu) ?? [];
  if (2 * spaceless.length > letters.length) {
    writeNote(
      "warning: the references have no spaces between words, and BLEU counts words; --to zh, or another language, says how",
    );
  }
  return "13a";
}

/** The seconds are without those that loading takes. */
async function translateAll(sources: readonly string[], flags: EvaluateFlags) {
  const { loadTranslator } = await import("@attend/translator");
  const { quiet } = flags;
  const translator = await loadTranslator(flags);
  const started = performance.now();
  const work = { total: sources.length, label: "translating", unit: "sentences", quiet };
  const progress = createProgress(work);
  try {
    const found = await translator.translateAll(sources, {
      beamWidth: flags.beam,
      batch: flags.batch,
      onProgress: (done, total) => progress.update(done, {}, total),
    });
    const seconds = (performance.now() - started) / 1000;
    const said = found.map(({ text }) => text);
    return { from: translator.from, to: translator.to, said, seconds };
  } finally {
    progress.stop();
    translator.close();
  }
}
