import { tf } from "@attend/runtime";
import { expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { translators } from "../src/model.ts";
import { Translator } from "../src/translator.ts";
import { makeModel, networks, pairs } from "./support/models.ts";

useEngine();

const texts = [...pairs.map(({ source }) => source), "", "  ", "🎉🎉", "日本語", "a\0b"];

describe.each(networks)("$kind", (network) => {
  test("translates texts in order and independently of each other", async () => {
    const translator = new Translator(makeModel(network));
    const all = await translator.translateAll(texts, { batch: 4 });
    expect(all.map(({ source }) => source)).toEqual(texts);
    for (const [i, text] of texts.entries()) {
      const single = await translator.translate(text);
      expect(single.text).toBe(all[i]?.text);
      expect(single.text).not.toContain("\n");
    }
    expect(all[10]).toMatchObject({ text: "", tokens: [] });
    translator.close();
  });

  test("copies other scripts, and treats control characters as spaces", async () => {
    const translator = new Translator(makeModel(network));
    const [emoji, japanese, nul, spaced] = await translator.translateAll([
      ...["🎉🎉", "日本語。", "A dog\0runs.", "A dog runs."],
    ]);
    expect(emoji).toMatchObject({ text: "🎉🎉", tokens: [], confident: true });
    expect(japanese?.text).toBe("日本語。");
    expect(nul?.text).toBe(spaced?.text);
    expect(japanese?.protected).toEqual([{ text: "日本語", kind: "word" }]);
    expect(spaced?.protected).toEqual([]);
    translator.close();
  });

  test("returns the n best, best first", async () => {
    const translator = new Translator(makeModel(network));
    const { alternatives, ...best } = await translator.translate("A dog runs.", { nBest: 3 });
    expect(alternatives).toHaveLength(3);
    expect(alternatives[0]?.text).toBe(best.text);
    const scores = alternatives.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(new Set(alternatives.map(({ text }) => text)).size).toBe(alternatives.length);
    // A separate search if nBest exceeds the beam width.
    const many = await translator.translate("A dog runs. A cat sleeps.", { nBest: 9 });
    expect(many.alternatives.length).toBeGreaterThan(3);
    expect(many.text).toBe((await translator.translate("A dog runs. A cat sleeps.")).text);
    await expect(translator.translate("A dog.", { beamWidth: 2, nBest: 3 })).rejects.toThrow(
      "nBest is 3; it must be a whole number from 1 to beamWidth (2)",
    );
    translator.close();
  });

  test("returns attention, whose rows sum to 1 over the source", async () => {
    const translator = new Translator(makeModel(network));
    const { alignments = [], tokens } = await translator.translate("A dog runs.", {
      attention: true,
    });
    const [alignment] = alignments;
    expect(alignment?.target).toEqual(tokens);
    expect(alignment?.source.at(-1)).toBe("<end>");
    for (const row of alignment?.weights ?? []) {
      expect(row).toHaveLength(alignment?.source.length ?? 0);
      expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
    }
    translator.close();
  });

  test("translates the sentences of a text independently of each other", async () => {
    const translator = new Translator(makeModel(network));
    const sentences = ["A dog runs.", "A cat sleeps!", "Two men sing."];
    const parts = await translator.translateAll(sentences);
    const all = await translator.translate(sentences.join(" "));
    expect(all.text).toBe(parts.map(({ text }) => text).join(" "));
    expect(all.logProbability).toBeCloseTo(
      parts.reduce((sum, part) => sum + part.logProbability, 0),
      4,
    );
    translator.close();
  });

  test("is confident above the threshold of the config", async () => {
    for (const [confidence, confident] of [
      [-1e-6, false],
      [-1e6, true],
    ] as const) {
      const translator = new Translator(makeModel(network, { confidence }));
      expect((await translator.translate("A dog runs.")).confident).toBe(confident);
      expect((await translator.translate("12:30 ...")).confident).toBe(true);
      translator.close();
    }
  });

  test("keeps several final marks, and understands a word said over and over", async () => {
    const translator = new Translator(makeModel(network));
    const [once, marks, said, repeated] = await translator.translateAll([
      "A dog runs!",
      "A dog runs!!?",
      "A cat, no.",
      "A cat, no, no, no, no.",
    ]);
    expect(marks?.text).toBe(`${once?.text.replace(/[.!?…]*$/, "")}!!?`);
    expect(repeated?.text).toBe(said?.text);
    translator.close();
  });

  test("copies each span exactly once", async () => {
    const translator = new Translator(makeModel(network));
    const { text, protected: spans } = await translator.translate(
      "A dog 🐕 runs to a@b.cd at 10:30, {name} eats 357 apples.",
    );
    expect(spans.map((span) => span.text)).toEqual(["🐕", "a@b.cd", "10:30", "{name}", "357"]);
    for (const span of spans) expect(text.split(span.text).length).toBe(2);
    translator.close();
  });

  test("translates a long sentence in pieces", async () => {
    const translator = new Translator(makeModel(network));
    const clauses = "A dog runs, a cat sleeps, two men sing and a boy eats an apple";
    const long = await translator.translate(clauses, { attention: true });
    expect(long.alignments?.length).toBeGreaterThan(1);
    const words = Array.from({ length: 2000 }, (_, i) => `word${i % 7}`).join(" ");
    expect((await translator.translate(words, { beamWidth: 1 })).text).not.toBe("");
    translator.close();
  }, 600_000);

  test("leaks no tensors", async () => {
    const translator = new Translator(makeModel(network));
    const run = () =>
      translator.translateAll(["A dog runs.", "Children swim."], { attention: true });
    await run(); // the kernels' constants
    await expectNoLeak(run);
    translator.close();
    await expect(translator.translate("A dog.")).rejects.toThrow("this translator was closed");
  });
});

describe("a long call", () => {
  const sentences = [...pairs.map(({ source }) => source), "They eat 357 apples. Children swim."];
  const count = sentences.length + 1;

  test("reports each sentence once, and lets other work run between batches", async () => {
    const translator = new Translator(makeModel());
    const progress: (readonly [done: number, total: number])[] = [];
    let turns = 0;
    let next = setImmediate(function turn() {
      turns++;
      next = setImmediate(turn);
    });
    const onProgress = (...counts: [number, number]) => void progress.push(counts);
    await translator.translateAll(sentences, { batch: 2, onProgress });
    clearImmediate(next);
    expect(progress).toEqual(Array.from({ length: count }, (_, i) => [i + 1, count]));
    expect(turns).toBeGreaterThanOrEqual((sentences.length + 2 * count) / 2);
    translator.close();
  });

  test("stops before the next batch if its signal is aborted, and leaks no tensors", async () => {
    const translator = new Translator(makeModel());
    await translator.translateAll(sentences); // the kernels' constants
    await expectNoLeak(async () => {
      const abort = new AbortController();
      let last = 0;
      const onProgress = (done: number) => {
        last = done;
        abort.abort();
      };
      const options = { batch: 4, signal: abort.signal, onProgress };
      await expect(translator.translateAll(sentences, options)).rejects.toMatchObject({
        code: "INTERRUPTED",
      });
      expect(last).toBe(4);
      await expect(translator.translate("A dog.", options)).rejects.toThrow("aborted");
    });
    translator.close();
  });

  test("stops if the translator is closed", async () => {
    const translator = new Translator(makeModel());
    const options = { batch: 4, onProgress: () => translator.close() };
    const work = translator.translateAll(sentences, options);
    await expect(work).rejects.toThrow("this translator was closed");
  });
});

test("a saved model, and the average of equal models, give the same translations", async () => {
  const model = makeModel();
  // Exact in float16.
  for (const parameter of model.network.parameters()) {
    tf.tidy(() => parameter.assign(tf.div(tf.round(tf.mul(parameter, 256)), 256)));
  }
  const [folder, mean] = [temporaryDirectory(), temporaryDirectory()];
  await translators.save(model, folder);
  await translators.average([folder, folder], mean);
  const translator = new Translator(model);
  const expected = await translator.translateAll(texts);
  for (const each of [folder, mean]) {
    const loaded = new Translator(await translators.load(each));
    expect(await loaded.translateAll(texts)).toEqual(expected);
    loaded.close();
  }
  translator.close();
});

test("rejects averaging models of different kinds", async () => {
  const [first, second] = [temporaryDirectory(), temporaryDirectory()];
  const [a, b] = networks.map((network) => makeModel(network));
  if (a === undefined || b === undefined) throw new RangeError("two kinds");
  await translators.save(a, first);
  await translators.save(b, second);
  await expect(translators.average([first, second], temporaryDirectory())).rejects.toThrow(
    "is a different kind of model",
  );
  a.network.dispose();
  b.network.dispose();
});
