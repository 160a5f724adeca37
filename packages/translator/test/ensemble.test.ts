import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { teacherForcing } from "@attend/decoding";
import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { networkSchema } from "../src/config.ts";
import { loadTranslator } from "../src/load-translator.ts";
import { translators } from "../src/model.ts";
import { sourceBatch } from "../src/source.ts";
import { special } from "../src/tokenizers.ts";
import { makeModel, networks, pairs } from "./support/models.ts";

useEngine();

const texts = pairs.map(({ source }) => source);
const [transformer, seq2seq] = networks;

/** The folder of a model with random weights. */
async function save(name: string, changes: Parameters<typeof makeModel>) {
  const folder = join(temporaryDirectory(), name);
  await mkdir(folder);
  const model = makeModel(...changes);
  await translators.save(model, folder);
  model.network.dispose();
  return folder;
}

describe("several models", () => {
  test("of different kinds translate together, and leave no tensors behind", async () => {
    const [one, two] = [await save("one", [transformer]), await save("two", [seq2seq])];
    await expectNoLeak(async () => {
      const translator = await loadTranslator({ model: [one, two] });
      const [found] = await translator.translateAll(texts, { attention: true });
      expect(found?.alignments?.length).toBeGreaterThan(0);
      translator.close();
    });
  });

  test("that are one and the same say what it says alone", async () => {
    const folder = await save("model", [transformer]);
    const alone = await loadTranslator({ model: folder });
    const together = await loadTranslator({ model: [folder, folder] });
    const textsOf = async (translator: typeof alone) =>
      (await translator.translateAll(texts)).map(({ text }) => text);
    expect(await textsOf(together)).toEqual(await textsOf(alone));
    alone.close();
    together.close();
  });

  test("need the same languages", async () => {
    const model = [await save("de", [transformer]), await save("fr", [transformer, { to: "fr" }])];
    await expectNoLeak(async () => {
      await expect(loadTranslator({ model })).rejects.toThrow(
        "cannot translate together: their languages or vocabularies differ",
      );
    });
    await expect(loadTranslator({ model: [] })).rejects.toThrow("empty list");
  });
});

describe("R-Drop", () => {
  test("adds how far two predictions under different dropout are apart", async () => {
    const { network } = makeModel(networkSchema.parse({ ...transformer, dropout: 0.5 }));
    const { tokens } = makeModel();
    const source = sourceBatch([tokens.source.encode("A dog runs.")]);
    const target = teacherForcing([tokens.target.encode("Ein Hund rennt.")], special);
    await expectNoLeak(() =>
      tf.tidy(() => {
        const meanOf = (rDrop: number, seed: number | undefined) =>
          tf.mean(
            network.losses(source, target, {
              rDrop,
              random: seed === undefined ? undefined : createRandom(seed),
            }).losses,
          );
        // Without dropout both are the same, and nothing is added.
        expectClose(meanOf(5, undefined), meanOf(0, undefined), 1e-5);
        const [without, little, much] = [1e-9, 1, 5].map((rDrop) => meanOf(rDrop, 1).dataSync()[0]);
        const [low = 0, middle = 0, high = 0] = [without, little, much];
        expect(middle).toBeGreaterThan(low);
        expectClose((high - low) / (middle - low), 5, 1e-2);
      }),
    );
    tf.dispose([source.tokens, target]);
    network.dispose();
  });
});
