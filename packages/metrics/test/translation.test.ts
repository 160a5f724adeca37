import { AttendError } from "@attend/runtime/errors";
import { createRandom } from "@attend/runtime/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type BleuTokenizer,
  bleuMetric,
  bleuTokenizerFor,
  chrfMetric,
  type LineMetric,
  pairedBootstrap,
  scoreChrf,
  scoreSacreBleu,
  scoreSentenceBleu,
  scoreTer,
  terMetric,
  tokenizeForBleu,
} from "../src/index.ts";
import { scoreLines } from "../src/translation/line-metric.ts";
import { countEdits } from "../src/translation/shifts.ts";

const word = fc.constantFrom(
  "a",
  "the",
  "Dog",
  "dogs,",
  "runs.",
  "3,5",
  "größer",
  "犬が",
  "😀",
  "-",
);
const line = fc.oneof(
  fc.array(word, { maxLength: 12 }).map((words) => words.join(" ")),
  fc.string({ unit: "binary", maxLength: 20 }),
);
const corpus = fc
  .array(fc.tuple(line, fc.array(line, { minLength: 1, maxLength: 3 })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((lines) => ({
    hypotheses: lines.map(([hypothesis]) => hypothesis),
    references: lines.map(([, references]) => references),
  }));

const tokenizers: BleuTokenizer[] = ["13a", "intl", "zh", "char", "none"];
const metrics: LineMetric[] = [
  ...tokenizers.map((tokenizer) => bleuMetric({ tokenizer, effectiveOrder: true })),
  bleuMetric({ smoothing: "floor" }),
  bleuMetric({ smoothing: "add-k", lowercase: true }),
  chrfMetric(),
  chrfMetric({ wordOrder: 2, lowercase: true }),
  chrfMetric({ epsilonSmoothing: true, whitespace: true }),
  terMetric(),
  terMetric({ normalized: true, asianSupport: true, caseSensitive: true }),
];
const named = metrics.map((metric) => ({
  title: `${metric.name} ${metric.settings.join("|")}`,
  metric,
}));

describe.each(named)("$title", ({ metric }) => {
  const best = metric.higherIsBetter ? 100 : 0;

  it("stays within its range", () => {
    fc.assert(
      fc.property(corpus, ({ hypotheses, references }) => {
        const { score } = scoreLines(metric, hypotheses, references);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(metric.higherIsBetter ? 100 + 1e-9 : Infinity);
      }),
    );
  });

  it("is best for texts that equal a reference", () => {
    // Long enough for every n-gram.
    const text = "The quick brown dog, 3 of 5, jumps over it again and again: größer 犬.";
    fc.assert(
      fc.property(fc.array(line, { maxLength: 3 }), fc.nat(), (others, seed) => {
        const references = createRandom(seed).shuffle([...others, text]);
        const { score } = scoreLines(metric, [text, text], [references, text]);
        expect(score).toBeCloseTo(best, 9);
      }),
    );
  });

  it("does not depend on the order of the lines", () => {
    fc.assert(
      fc.property(corpus, fc.nat(), ({ hypotheses, references }, seed) => {
        const order = createRandom(seed).shuffle([...hypotheses.keys()]);
        const { score, signature } = scoreLines(metric, hypotheses, references);
        const shuffled = scoreLines(
          metric,
          order.map((i) => hypotheses[i]!),
          order.map((i) => references[i]!),
        );
        expect(shuffled.score).toBeCloseTo(score, 9);
        expect(shuffled.signature).toBe(signature);
      }),
    );
  });

  it("takes a single reference as a line or as a list of one", () => {
    fc.assert(
      fc.property(line, line, (hypothesis, reference) => {
        expect(scoreLines(metric, [hypothesis], [reference])).toEqual(
          scoreLines(metric, [hypothesis], [[reference]]),
        );
      }),
    );
  });

  it("rejects texts with different numbers of lines", () => {
    expect(() => scoreLines(metric, [], [])).toThrow(AttendError);
    expect(() => scoreLines(metric, ["a"], ["a", "b"])).toThrow(/1 hypotheses .* 2 lines/);
    expect(() => scoreLines(metric, ["a", "b"], ["a", []])).toThrow(/line 1 .* no reference/);
  });

  it("compares a system with itself and with a better one", () => {
    const references = Array.from(
      { length: 30 },
      (_, i) => `the ${i} dogs run over a wide field .`,
    );
    const worse = references.map((reference, i) =>
      i % 3 > 0 ? reference.replace("run over", "walk on") : reference,
    );
    const texts = { baseline: worse, system: references, references };
    const better = pairedBootstrap(metric, texts, { samples: 100, seed: 3 });
    expect(better).toEqual(pairedBootstrap(metric, texts, { samples: 100, seed: 3 }));
    expect(better.system.score).toBeCloseTo(best, 9);
    expect(better.wins).toBe(1);
    expect(better.baseline.low).toBeLessThanOrEqual(better.baseline.mean);
    expect(better.baseline.high).toBeGreaterThanOrEqual(better.baseline.mean);
    expect(better.pValue).toBeLessThan(0.05);
    const none = pairedBootstrap(metric, { ...texts, baseline: references }, { samples: 100 });
    expect(none.wins).toBe(0);
    expect(none.pValue).toBe(1 / 101);
  });
});

// Not BLEU, whose smoothing depends on the number of lines.
describe.each(named.filter(({ metric }) => metric.name !== "BLEU"))("$title", ({ metric }) => {
  it("does not change if every line is duplicated", () => {
    fc.assert(
      fc.property(corpus, ({ hypotheses, references }) => {
        const twice = [...references, ...references];
        const { score } = scoreLines(metric, [...hypotheses, ...hypotheses], twice);
        expect(score).toBeCloseTo(scoreLines(metric, hypotheses, references).score, 9);
      }),
    );
  });
});

describe("tokenizeForBleu", () => {
  it("produces no empty token and, entities aside, keeps every visible character", () => {
    fc.assert(
      fc.property(line, fc.constantFrom(...tokenizers), (text, tokenizer) => {
        const tokens = tokenizeForBleu(text, tokenizer);
        expect(tokens).not.toContain("");
        if (!/[&<\n]/.test(text))
          expect(tokens.join("")).toBe(tokenizeForBleu(text, "none").join(""));
      }),
    );
  });

  it("does not change text that 13a has tokenized", () => {
    expect(tokenizeForBleu("It 's 3,000.5 - 7 , isn't it ?", "13a").join(" ")).toBe(
      "It 's 3,000.5 - 7 , isn't it ?",
    );
  });

  it("rejects an unknown tokenizer", () => {
    expect(() => tokenizeForBleu("a", JSON.parse('"ja-mecab"'))).toThrow(
      /13a, intl, zh, char, none/,
    );
  });
});

describe("TER", () => {
  it("counts a shift of several words once", () => {
    expect(scoreTer(["d e a b c"], ["a b c d e"]).edits).toBe(1);
    expect(scoreTer(["b a"], ["a b"]).edits).toBe(1);
  });

  it("never needs more edits than words", () => {
    const sentence = fc.array(fc.nat(5), { maxLength: 25 }).map((ids) => Int32Array.from(ids));
    fc.assert(
      fc.property(sentence, sentence, (hypothesis, reference) => {
        const edits = countEdits(hypothesis, reference);
        expect(edits).toBeLessThanOrEqual(Math.max(hypothesis.length, reference.length));
        expect(edits).toBeGreaterThanOrEqual(Math.abs(hypothesis.length - reference.length));
        expect(countEdits(hypothesis, hypothesis)).toBe(0);
      }),
    );
  });

  it("is 100 for words against an empty reference", () => {
    expect(scoreTer(["a b"], [""]).score).toBe(100);
    expect(scoreTer([""], [""]).score).toBe(0);
  });
});

describe("rejects invalid options:", () => {
  it.each([
    [
      "a smoothing",
      () => bleuMetric({ smoothing: JSON.parse('"nist"') }),
      /none, floor, add-k, exp/,
    ],
    [
      "a tokenizer",
      () => bleuMetric({ tokenizer: JSON.parse('"spm"') }),
      /no BLEU tokenizer "spm"/,
    ],
    ["a negative floor", () => bleuMetric({ smoothing: "floor", smoothingValue: -1 }), /0 or more/],
    ["a floor of NaN", () => bleuMetric({ smoothing: "floor", smoothingValue: NaN }), /0 or more/],
    ["a value for exp", () => bleuMetric({ smoothingValue: 1 }), /exp takes no value/],
    ["no n-grams", () => chrfMetric({ charOrder: 0 }), /not both 0/],
    ["half a word", () => chrfMetric({ wordOrder: 1.5 }), /integers/],
    ["beta 0", () => chrfMetric({ beta: 0 }), /above 0/],
  ] as const)("%s", (_, make, message) => {
    expect(make).toThrow(AttendError);
    expect(make).toThrow(message);
  });

  it.each([0, 1.5, Number.NaN])("%d resamples", (samples) => {
    const texts = { baseline: ["a"], system: ["a"], references: ["a"] };
    expect(() => pairedBootstrap(terMetric(), texts, { samples })).toThrow(/positive integer/);
  });

  it("texts of different lengths to resample", () => {
    const texts = { baseline: ["a"], system: ["a", "b"], references: ["a"] };
    expect(() => pairedBootstrap(terMetric(), texts)).toThrow(/2 lines of the system .* 1 lines/);
  });
});

describe("signatures", () => {
  it("record how a score was computed", () => {
    const { signature } = scoreSacreBleu(["a"], ["a"], { lowercase: true });
    expect(signature).toMatch(/^nrefs:1\|case:lc\|eff:no\|tok:13a\|smooth:exp\|version:attend-/);
    expect(scoreSentenceBleu("a", ["a", "b"]).signature).toMatch(/^nrefs:2\|case:mixed\|eff:yes/);
    expect(scoreChrf(["a", "b"], ["a", ["b", "c"]]).signature).toMatch(/^nrefs:var\|/);
  });
});

it("BLEU uses zh for Chinese, and characters for other languages without spaces", () => {
  for (const tag of ["zh", "zh-Hans", "zh-TW", "yue"])
    expect(bleuTokenizerFor(tag), tag).toBe("zh");
  for (const tag of ["ja", "th", "lo", "km", "my"]) expect(bleuTokenizerFor(tag), tag).toBe("char");
  for (const tag of ["en", "de-1901", "ko", "jav", "zh-Latn", "ja-Latn", "aak"]) {
    expect(bleuTokenizerFor(tag), tag).toBe("13a");
  }
});
