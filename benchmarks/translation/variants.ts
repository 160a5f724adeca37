/**
 * How a translator takes what users type: capitals, small letters, final marks left out or doubled, numbers and
 * addresses that must come through, a word said over and over. 200 of the pairs that `translation-hold-out` holds out
 * are changed by rules:
 *
 *   pnpm --filter @attend/benchmarks translation-variants dev.tsv --to fr [--from en] [--model FOLDER] [--json]
 *
 * Prints for each rule BLEU, and the share of lines that break it.
 */
import { parseArgs } from "node:util";
import { printTable, writeJsonLine } from "@attend/cli-kit";
import { type ParallelPair, readParallel } from "@attend/datasets";
import { scoreSacreBleu } from "@attend/metrics";
import { createRandom } from "@attend/runtime";
import { loadTranslator } from "@attend/translator";
import { userPath } from "../support/user-path.ts";

type Sides = Pick<ParallelPair, "source" | "target">;

/** What is changed on a line, and what its translation must then be like. */
interface Variant {
  readonly change: (line: string) => string;
  readonly isBroken: (translation: string) => boolean;
}

const finalMarks = /[.!?。！？]+$/u;
const address = "https://example.com/a?b=1";
const count = 200;
const never = () => false;

const variants: Readonly<Record<string, Variant>> = {
  "as it is": { change: (line) => line, isBroken: never },
  "in capitals": {
    change: (line) => line.toUpperCase(),
    isBroken: (line) => line !== line.toUpperCase(),
  },
  "in small letters": { change: (line) => line.toLowerCase(), isBroken: never },
  "without a final mark": {
    change: (line) => line.replace(finalMarks, ""),
    isBroken: (line) => finalMarks.test(line),
  },
  "with a doubled mark": {
    change: (line) => line.replace(finalMarks, (marks) => marks + marks),
    isBroken: (line) => (finalMarks.exec(line)?.[0].length ?? 0) > 2,
  },
  "with a number": {
    change: (line) => line.replace(finalMarks, (marks) => ` 3.14159${marks}`),
    isBroken: (line) => !line.includes("3.14159"),
  },
  "with an address": {
    change: (line) => `${line} ${address}`,
    isBroken: (line) => !line.includes(address),
  },
  "saying a word six times": {
    change: (line) => line.replace(/^(\S+)/u, "$1 $1 $1 $1 $1 $1"),
    isBroken: (line) => /(\S+)(?:\s+\1){6}/u.test(line),
  },
};

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

async function measure(lines: readonly Sides[], { change, isBroken }: Variant) {
  const found = await translator.translateAll(lines.map(({ source }) => change(source)));
  const texts = found.map(({ text }) => text);
  const tokenizer = flags.to === "ja" ? "char" : "13a";
  // Letters' case is what the rules look at.
  const options = { tokenizer, lowercase: true } as const;
  const { score } = scoreSacreBleu(
    texts,
    lines.map(({ target }) => change(target)),
    options,
  );
  return { bleu: score, broken: texts.filter(isBroken).length / texts.length };
}
