/**
 * Measures how a translator handles what users type: capitals, lowercase, missing or doubled punctuation, numbers, names
 * and addresses that must come through, repeated words. Rules change 200 of the pairs held out by `translation-hold-out`:
 *
 *   pnpm --filter @attend/benchmarks translation-variants dev.tsv --to fr [--from en] [--model FOLDER] [--json]
 *
 * Prints BLEU for each rule, and the fraction of lines that break it.
 */
import { parseArgs } from "node:util";
import { printTable, writeJsonLine } from "@attend/cli-kit";
import { type ParallelPair, readParallel } from "@attend/datasets";
import { scoreSacreBleu } from "@attend/metrics";
import { createRandom } from "@attend/runtime";
import { loadTranslator } from "@attend/translator";
import { userPath } from "../support/user-path.ts";

type Sides = Pick<ParallelPair, "source" | "target">;

/** A change to a line, and a check of its translation. */
interface Variant {
  readonly change: (line: string) => string;
  /** The change to the reference. Default: the same. */
  readonly changeReference?: (line: string) => string;
  readonly isBroken: (translation: string) => boolean;
}

const finalMarks = /[.!?。！？]+$/u;
const count = 200;
const never = () => false;

const variants: Readonly<Record<string, Variant>> = {
  unchanged: { change: (line) => line, isBroken: never },
  "in capitals": {
    change: (line) => line.toUpperCase(),
    isBroken: (line) => line !== line.toUpperCase(),
  },
  "in lowercase": { change: (line) => line.toLowerCase(), isBroken: never },
  "without final punctuation": {
    change: (line) => line.replace(finalMarks, ""),
    isBroken: (line) => finalMarks.test(line),
  },
  "with doubled punctuation": {
    change: (line) => line.replace(finalMarks, (marks) => marks + marks),
    isBroken: (line) => !/[.!?。！？]{2}$/u.test(line),
  },
  "with a number": mention("3.14159"),
  "with an amount": mention("1.85 kg"),
  "with a name": mention("iPhone"),
  "with an e-mail address": mention("jane.doe@example.com"),
  "with a file name": mention("photos/report_2.pdf"),
  "with a hashtag": mention("#dogs_of_today"),
  "with an address": mention("https://example.com/a?b=1"),
  "with a word six times": {
    change: (line) => line.replace(/^(\S+)/u, "$1 $1 $1 $1 $1 $1"),
    changeReference: (line) => line,
    isBroken: (line) => /(?<!\S)(\S+)(?:,?\s+\1){2}(?!\S)/iu.test(line),
  },
};

/** A text at the end of the line that must come through. */
function mention(text: string): Variant {
  return {
    change: (line) => line.replace(finalMarks, (marks) => ` ${text}${marks}`),
    isBroken: (line) => !line.includes(text),
  };
}

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    from: { type: "string", default: "en" },
    to: { type: "string", default: "de" },
    model: { type: "string", multiple: true },
    json: { type: "boolean", default: false },
  },
});
const { pairs } = await readParallel(positionals.map((path) => ({ tsv: userPath(path) })));
const chosen = createRandom(1)
  .shuffle(
    pairs.filter(({ source, target }) => [source, target].every((side) => finalMarks.test(side))),
  )
  .slice(0, count);
const translator = await loadTranslator({ ...flags, model: flags.model?.map(userPath) });
const rows: { variant: string; lines: number; bleu: number; broken: number }[] = [];
try {
  for (const [variant, rule] of Object.entries(variants)) {
    rows.push({ variant, lines: chosen.length, ...(await measure(chosen, rule)) });
  }
} finally {
  translator.close();
}
if (flags.json) await writeJsonLine(rows);
else {
  await printTable(
    rows.map(({ bleu, broken, ...row }) => ({
      ...row,
      BLEU: bleu.toFixed(1),
      broken: `${(100 * broken).toFixed(1)} %`,
    })),
  );
}

async function measure(
  lines: readonly Sides[],
  { change, changeReference = change, isBroken }: Variant,
) {
  const found = await translator.translateAll(lines.map(({ source }) => change(source)));
  const texts = found.map(({ text }) => text);
  const tokenizer = flags.to === "ja" ? "char" : "13a";
  // Letters' case is what the rules look at.
  const options = { tokenizer, lowercase: true } as const;
  const { score } = scoreSacreBleu(
    texts,
    lines.map(({ target }) => changeReference(target)),
    options,
  );
  return { bleu: score, broken: texts.filter(isBroken).length / texts.length };
}
