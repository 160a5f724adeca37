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
  readonly model?: readonly string[];
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
  attend-translate evaluate --hypotheses output.txt --references test.de  an existing translation, without a model
  attend-translate evaluate test.en test.de --predictions output.txt --against other.txt

Scores and options are sacreBLEU's: --lowercase is its -lc, which applies to BLEU only. Empty lines count.
With --against, the p-value is the probability of such a difference by chance (paired bootstrap).`;

/** `attend-translate evaluate`: scores a model, or an existing translation, against translations that people wrote. */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description(
      "score a model, or an existing translation, against translations that people wrote",
    )
    .argument("[files...]", pairFiles)
    .optionsGroup("What to score:")
    .addOption(fromOption("language of the sources (default: en)"))
    .addOption(toOption("language of the translations (default: de)"))
    .addOption(swapOption())
    .addOption(columnsOption())
    .addOption(
      pathOption(
        "--hypotheses <file>",
        "score an existing translation, one per line, without a model",
      ).conflicts(["beam", "batch", "predictions", "model", "engine"]),
    )
    .option("--references <files...>", "more translations that people wrote, one per line")
    .addOption(
      pathOption("--against <file>", "compare with another system's translations, one per line"),
    )
    .optionsGroup("How to score:")
    .option("--lowercase", "ignore case in BLEU", false)
    .addOption(
      new Option(
        "--tokenizer <name>",
        "sacreBLEU tokenizer (default depends on --to: zh for Chinese; char for ja, th, lo, km, my; else 13a)",
      ).choices(tokenizers),
    )
    .addOption(
      new Option("--smoothing <name>", "BLEU smoothing method").choices(smoothings).default("exp"),
    )
    .addOption(
      decimalOption(
        "--smoothing-value <n>",
        "value for floor (default: 0.1) and add-k (default: 1)",
        {
          min: 0,
        },
      ),
    )
    .option("--chrf-lowercase", "ignore case in chrF and chrF++", false)
    .option("--ter-case-sensitive", "respect case in TER", false)
    .optionsGroup("Options:")
    .addOption(options.models())
    .addOption(options.beam())
    .addOption(options.batch("sentences", 64))
    .addOption(options.predictions("write the translations, one per line"))
    .addOption(options.json("print one line of JSON"))
    .addOption(options.engine())
    .addOption(options.precision())
    .addOption(options.quiet())
    .addHelpText("after", examples)
    .action(evaluate);
}

async function evaluate(files: readonly string[], flags: EvaluateFlags): Promise<void> {
  const { json, predictions } = flags;
  const { compareTranslations, metricsOf, scoreTranslations } = await import("../evaluate.ts");
  metricsOf(optionsOf(flags, "13a")); // report invalid ones before translating
  const { sources, hypotheses, references, baseline } = await readScored(
    { ...flags, files },
    (warning) => writeNote(`warning: ${warning}`),
  );
  const { from, to, translations, seconds } =
    hypotheses === undefined
      ? await translateAll(sources ?? [], flags)
      : { from: flags.from, to: flags.to, translations: hypotheses, seconds: undefined };
  if (predictions !== undefined) await writeFileAtomic(predictions, `${translations.join("\n")}\n`);
  const scoring = optionsOf(flags, await tokenizerOf(to, flags, references));
  const scores = scoreTranslations(translations, references, scoring);
  const compared =
    baseline && compareTranslations({ baseline, system: translations, references }, scoring);
  if (json) {
    return await writeJsonLine({ from, to, lines: translations.length, seconds, scores, compared });
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
  const speed =
    seconds === undefined
      ? ""
      : ` in ${seconds.toFixed(1)} s, ${(translations.length / seconds).toFixed(1)}/s`;
  await writeLine(`${translations.length} lines${speed}`);
}

function optionsOf(flags: EvaluateFlags, tokenizer: BleuTokenizer): EvaluateOptions {
  const { lowercase, smoothing, smoothingValue, chrfLowercase, terCaseSensitive } = flags;
  return {
    ...{ tokenizer, lowercase, smoothing, chrfLowercase, terCaseSensitive },
    ...(smoothingValue !== undefined && { smoothingValue }),
  };
}

/** Without a known language, the default tokenizer, with a warning if it does not fit. */
async function tokenizerOf(
  to: string | undefined,
  { tokenizer }: EvaluateFlags,
  references: readonly (readonly string[])[],
): Promise<BleuTokenizer> {
  const { bleuTokenizerFor } = await import("@attend/metrics");
  if (tokenizer !== undefined || to !== undefined) return tokenizer ?? bleuTokenizerFor(to ?? "en");
  const letters = references
    .slice(0, 100)
    .flat()
    .join("")
    .replace(/[^\p{L}]/gu, "");
  const spaceless = letters.match(/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]/gu) ?? [];
  if (2 * spaceless.length > letters.length) {
    writeNote(
      "warning: the references have no spaces between words, but BLEU counts words; set their language, such as --to zh",
    );
  }
  return "13a";
}

/** Translates, and measures the seconds without loading. */
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
    const translations = found.map(({ text }) => text);
    return { from: translator.from, to: translator.to, translations, seconds };
  } finally {
    progress.stop();
    translator.close();
  }
}
