import { createProgress, printTable, wholeNumber, writeJsonLine, writeLine } from "@attend/cli-kit";
import type { BleuTokenizer } from "@attend/metrics";
import type { EngineName } from "@attend/runtime";
import { AttendError } from "@attend/runtime/errors";
import { readFileLimited, writeFileAtomic } from "@attend/runtime/files";
import { Command, Option } from "commander";
import { readPairs } from "./pairs.ts";

interface EvaluateFlags {
  readonly from?: string;
  readonly to?: string;
  readonly swap: boolean;
  readonly beam?: number;
  readonly lowercase: boolean;
  readonly tokenizer?: BleuTokenizer;
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

const examples = `
Examples:
  translate evaluate test.en.gz test.de.gz
  translate evaluate test.en.gz test.de.gz --lowercase --beam 1
  translate evaluate test.en.gz test.de.gz --from de --to en --swap
  translate evaluate pairs.tsv --model runs/en-zh/model --tokenizer zh
  translate evaluate test.en test.de --predictions said.txt --against other.txt

Scores are sacreBLEU's: --lowercase is its -lc. With --against, the p-value says how likely such a difference is
by chance (paired bootstrap).`;

/** `translate evaluate`: the metrics of a model on pairs that people translated. */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("score a model against translations that people wrote")
    .argument(
      "<files...>",
      "source and target in turn, line by line; or .tsv, .jsonl; each also .gz",
    )
    .option("--from <language>", "of the sources (default: en)")
    .option("--to <language>", "of the translations (default: de)")
    .option("--swap", "the files hold the translations first", false)
    .addOption(
      new Option("--beam <n>", "beginnings that go on; 1: greedy (default: the model's)").argParser(
        wholeNumber({ min: 1, max: 100 }),
      ),
    )
    .option("--lowercase", "compare without regard to case", false)
    .addOption(
      new Option("--tokenizer <name>", "sacreBLEU's (default: 13a; ja, zh, th: char)").choices(
        tokenizers,
      ),
    )
    .option("--predictions <file>", "write the translations, a line each")
    .option("--against <file>", "compare with another system's translations, a line each")
    .option("--json", "as one line of JSON", false)
    .option("--model <folder>", "as `translate train` writes it (default: one that is shipped)")
    .addOption(new Option("--engine <name>", "what computes").choices(["native", "wasm"]))
    .option("--quiet", "no progress", false)
    .addHelpText("after", examples)
    .action(evaluate);
}

async function evaluate(files: readonly string[], flags: EvaluateFlags): Promise<void> {
  const { json, lowercase, predictions, against } = flags;
  const warn = (line: string) => void process.stderr.write(`${line}\n`);
  const pairs = await readPairs(files, "evaluate", warn);
  const sources = pairs.map((pair) => (flags.swap ? pair.target : pair.source));
  const references = pairs.map((pair) => (flags.swap ? pair.source : pair.target));
  const baseline =
    against === undefined ? undefined : await readTranslations(against, pairs.length);
  const { from, to, said, seconds } = await translateAll(sources, flags);
  if (predictions !== undefined) await writeFileAtomic(predictions, `${said.join("\n")}\n`);
  const { compareTranslations, scoreTranslations } = await import("../evaluate.ts");
  const { tokenizerFor } = await import("../languages.ts");
  const options = { tokenizer: flags.tokenizer ?? tokenizerFor(to), lowercase };
  const scores = scoreTranslations(said, references, options);
  const compared = baseline && compareTranslations({ baseline, system: said, references }, options);
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
  await writeLine(
    `${said.length} lines in ${seconds.toFixed(1)} s, ${(said.length / seconds).toFixed(1)}/s`,
  );
}

/** The seconds are without those that loading takes. */
async function translateAll(sources: readonly string[], flags: EvaluateFlags) {
  const { loadTranslator } = await import("../load-translator.ts");
  const { quiet } = flags;
  const translator = await loadTranslator(flags);
  const started = performance.now();
  const progress = createProgress({
    ...{ total: sources.length, label: "translating", unit: "lines", quiet },
  });
  const said: string[] = [];
  try {
    const group = 256;
    for (let at = 0; at < sources.length; at += group) {
      const options = { beamWidth: flags.beam };
      const found = await translator.translateAll(sources.slice(at, at + group), options);
      said.push(...found.map(({ text }) => text));
      progress.update(said.length);
    }
    const seconds = (performance.now() - started) / 1000;
    return { from: translator.from, to: translator.to, said, seconds };
  } finally {
    progress.stop();
    translator.close();
  }
}

async function readTranslations(file: string, lines: number): Promise<string[]> {
  const text = (await readFileLimited(file, { maxBytes: 2 ** 28 })).toString("utf8");
  const found = text.replace(/\r?\n$/, "").split(/\r?\n/);
  if (found.length === lines) return found;
  throw new AttendError(
    "BAD_DATA",
    `${file} has ${found.length} lines, but ${lines} are evaluated; give a translation of each`,
  );
}
