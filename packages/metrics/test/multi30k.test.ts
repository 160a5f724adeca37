import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describeWithData } from "@attend/test-kit";
import { expect, it } from "vitest";
import {
  type BleuTokenizer,
  pairedBootstrap,
  scoreChrf,
  scoreSacreBleu,
  scoreTer,
  terMetric,
} from "../src/index.ts";
import { golden } from "./mt-golden.ts";

const tokenizers: BleuTokenizer[] = ["13a", "intl", "zh", "char", "none"];

describeWithData("on Multi30k, sacreBLEU's scores", ["multi30k"], (folder) => {
  const read = (language: string) =>
    gunzipSync(readFileSync(join(folder, `test_2016_flickr.${language}.gz`)))
      .toString("utf8")
      .split("\n")
      .slice(0, 400);

  it.each(Object.keys(golden.multi30k))("%s", (name) => {
    const czech = read("cs");
    const lines = read(name.slice(0, 2));
    const hypotheses = lines.map((line, i) => translate(i, line.split(" "), czech[i]!));
    const references = lines.map((line, i) =>
      name.includes("2 references") ? [lines[(i + 1) % lines.length]!, line] : line,
    );
    const expected = golden.multi30k[name]!;
    for (const [i, tokenizer] of tokenizers.entries()) {
      const { score } = scoreSacreBleu(hypotheses, references, { tokenizer });
      expect(score, tokenizer).toBeCloseTo(expected.bleu[i]!, 9);
    }
    for (const [i, wordOrder] of [0, 2].entries()) {
      const { score } = scoreChrf(hypotheses, references, { wordOrder });
      expect(score, `word order ${wordOrder}`).toBeCloseTo(expected.chrf[i]!, 9);
    }
    for (const [i, normalized] of [false, true].entries()) {
      const { score } = scoreTer(hypotheses, references, { normalized });
      expect(score, `normalized ${normalized}`).toBeCloseTo(expected.ter[i]!, 9);
    }
    const texts = { baseline: hypotheses, system: lines, references };
    expect(pairedBootstrap(terMetric(), texts, { samples: 200 }).wins).toBe(1);
  });
});

/** Same as in the script that makes the golden values. */
function translate(line: number, words: readonly string[], other: string): string {
  const half = Math.floor(words.length / 2);
  let changed = [...words];
  if (line % 3 === 0) changed = [...changed.slice(half), ...changed.slice(0, half)];
  if (line % 4 === 0) changed = changed.slice(0, -2);
  if (line % 5 === 0) changed.reverse();
  if (line % 7 === 0) {
    const quarter = Math.floor(half / 2);
    changed = [...changed.slice(0, half), ...changed.slice(0, quarter), ...changed.slice(half)];
  }
  return line % 11 === 0 ? other : changed.join(" ");
}
