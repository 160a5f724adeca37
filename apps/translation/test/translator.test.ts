import { tf } from "@attend/runtime";
import { expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { averageModels } from "../src/average.ts";
import { loadTranslationModel, saveTranslationModel } from "../src/model.ts";
import { Translator } from "../src/translator.ts";
import { makeModel, networks, pairs } from "./support/models.ts";

useEngine();

const texts = [...pairs.map(({ source }) => source), "", "  ", "🎉🎉", "日本語", "a\0b"];

describe.each(networks)("$kind", (network) => {
  test("each text has the translation it has alone, in order", async () => {
    const translator = new Translator(makeModel(network));
    const all = await translator.translateAll(texts, { batchSize: 4 });
    expect(all.map(({ source }) => source)).toEqual(texts);
    for (const [i, text] of texts.entries()) {
      const alone = await translator.translate(text);
      expect(alone.text).toBe(all[i]?.text);
      expect(alone.text).not.toContain("\n");
    }
    expect(all[10]).toMatchObject({ text: "", tokens: [] });
    translator.close();
  });

  test("what is in another script is left as it is, a control character is a space", async () => {
    const translator = new Translator(makeModel(network));
    const [emoji, japanese, nul, apart] = await translator.translateAll([
      ...["🎉🎉", "日本語。", "A dog\0runs.", "A dog runs."],
    ]);
    expect(emoji).toMatchObject({ text: "🎉🎉", tokens: [], foreign: true });
    expect(japanese?.text).toBe("日本語。");
    expect(nul?.text).toBe(apart?.text);
    expect(apart).not.toHaveProperty("foreign");
    translator.close();
  });

  test("n best, best first; greedy is the first of one", async () => {
    const translator = new Translator(makeModel(network));
    const { alternatives, ...best } = await translator.translate("A dog runs.", { nBest: 3 });
    expect(alternatives).toHaveLength(3);
    expect(alternatives[0]?.text).toBe(best.text);
    const scores = alternatives.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    await expect(translator.translate("A dog.", { beamWidth: 2, nBest: 3 })).rejects.toThrow(
      "nBest is 3; it must be a whole number from 1 to beamWidth (2)",
    );
    translator.close();
  });

  test("tells what it looked at: a row sums to 1 over the source", async () => {
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

  test("a long text is translated in pieces", async () => {
    const translator = new Translator(makeModel(network));
    const sentences = ["A dog runs.", "A cat sleeps.", "Two men sing."];
    const long = await translator.translate(sentences.join(" "), { attention: true });
    const parts = await translator.translateAll(sentences);
    expect(long.alignments?.length).toBeGreaterThan(1);
    // Where exactly it is cut is not the point, so that only the sum is told.
    expect(long.text.length).toBeGreaterThan(parts[0]?.text.length ?? 0);
    const words = Array.from({ length: 2000 }, (_, i) => `word${i % 7}`).join(" ");
    expect((await translator.translate(words, { beamWidth: 1 })).text).not.toBe("");
    translator.close();
  }, 60_000);

  test("leaves no tensor behind", async () => {
    const translator = new Translator(makeModel(network));
    const run = () =>
      translator.translateAll(["A dog runs.", "Children swim."], { attention: true });
    await run(); // the kernels' constants
    await expectNoLeak(run);
    translator.close();
    await expect(translator.translate("A dog.")).rejects.toThrow("this translator was closed");
  });
});

test("a folder gives the same translations; a mean of equals is the same", async () => {
  const model = makeModel();
  // As float16 holds them.
  for (const parameter of model.network.module.parameters()) {
    tf.tidy(() => parameter.assign(tf.div(tf.round(tf.mul(parameter, 256)), 256)));
  }
  const [folder, mean] = [temporaryDirectory(), temporaryDirectory()];
  await saveTranslationModel(model, folder);
  await averageModels([folder, folder], mean);
  const translator = new Translator(model);
  const expected = await translator.translateAll(texts);
  for (const each of [folder, mean]) {
    const loaded = new Translator(await loadTranslationModel(each));
    expect(await loaded.translateAll(texts)).toEqual(expected);
    loaded.close();
  }
  translator.close();
});

test("models of other kinds have no mean", async () => {
  const [first, second] = [temporaryDirectory(), temporaryDirectory()];
  const [a, b] = networks.map((network) => makeModel(network));
  if (a === undefined || b === undefined) throw new RangeError("two kinds");
  await saveTranslationModel(a, first);
  await saveTranslationModel(b, second);
  await expect(averageModels([first, second], temporaryDirectory())).rejects.toThrow(
    "is another kind of model",
  );
  a.network.module.dispose();
  b.network.module.dispose();
});
