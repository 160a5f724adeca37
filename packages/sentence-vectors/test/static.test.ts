import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setParameter } from "@attend/nn";
import {
  expectClose,
  expectNoLeak,
  loadGolden,
  temporaryDirectory,
  useEngine,
} from "@attend/test-kit";
import { parseWordPiece } from "@attend/text";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  cosine,
  findMiniLm,
  loadSentenceVectors,
  loadStaticVectors,
  type SentenceVectors,
} from "../src/index.ts";
import { bestOf } from "../src/load.ts";
import { saveStaticVectors } from "../src/static.ts";
import { WordVectors } from "../src/word-vectors.ts";

/** By NumPy. */
const golden = loadGolden<{ text: string; vector: number[] }[]>(
  new URL("./golden/static-vectors.golden.json", import.meta.url),
);

useEngine();

describe("the shipped static vectors", () => {
  let vectors: SentenceVectors;
  beforeAll(async () => {
    vectors = await loadSentenceVectors(bestOf(undefined));
  });
  afterAll(() => vectors.dispose());

  test("are loaded without MiniLM, and then tell how to install it", () => {
    expect(vectors.name).toBe("static");
    const advice = /understand less than MiniLM.*`npm install @lat\.md/;
    if (findMiniLm() === undefined) expect(vectors.advice).toMatch(advice);
    else expect(vectors.advice).toBeUndefined();
  });

  test("equal the reference, alone and in a batch", async () => {
    const texts = golden.map(({ text }) => text);
    const together = await vectors.encode(texts);
    for (const [i, { text, vector }] of golden.entries()) {
      const [alone] = await vectors.encode([text]);
      for (const found of [together[i], alone]) {
        expect(found).toHaveLength(vectors.dimension);
        expectClose(found ?? [], vector);
      }
    }
  });

  test("like meanings are closer than others", async () => {
    const [password, login, shop] = await vectors.encode(
      golden.slice(0, 3).map(({ text }) => text),
    );
    if (!password || !login || !shop) throw new TypeError("three vectors");
    expect(cosine(password, login)).toBeGreaterThan(cosine(password, shop) + 0.2);
  });

  test("leak no tensors", async () => {
    await expectNoLeak(async () => {
      await vectors.encode(["a", "b c d"]);
    });
  });
});

describe("a model folder", () => {
  const pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "cat", "dog"];
  const tokenizer = parseWordPiece({
    normalizer: {
      ...{ type: "BertNormalizer", clean_text: true, handle_chinese_chars: true },
      ...{ strip_accents: null, lowercase: true },
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    model: {
      ...{ unk_token: "[UNK]", continuing_subword_prefix: "##", max_input_chars_per_word: 100 },
      vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
    },
  });
  const save = async () => {
    const folder = temporaryDirectory();
    const network = new WordVectors(tokenizer.size, 2);
    setParameter(network.table.table, Float32Array.of(9, 9, 9, 9, 0, 0, 0, 0, 3, 4, -1, 0));
    await saveStaticVectors(network, tokenizer, folder);
    network.dispose();
    return folder;
  };

  test("is read as it was written", async () => {
    const vectors = await loadStaticVectors({ folder: await save() });
    const [cat, both] = await vectors.encode(["Cat", "dog cat"]);
    expectClose(cat ?? [], [0.6, 0.8]);
    expectClose(both ?? [], [2 / Math.hypot(2, 4), 4 / Math.hypot(2, 4)]);
    vectors.dispose();
    await expect(vectors.encode(["cat"])).rejects.toThrow("is disposed");
  });

  test("whose files do not match names the file", async () => {
    const folder = await save();
    await writeFile(join(folder, "config.json"), '{ "task": "sentence-vectors", "size": 3 }');
    await expectNoLeak(async () => {
      const wrong = loadStaticVectors({ folder });
      await expect(wrong).rejects.toMatchObject({ code: "BAD_WEIGHTS" });
      await expect(wrong).rejects.toThrow("table.table [6,2] for [6,3]");
    });
    await writeFile(join(folder, "config.json"), '{ "task": "translation" }');
    await expect(loadStaticVectors({ folder })).rejects.toThrow(/config\.json: .*task/);
  });

  test("that is empty names the missing file", async () => {
    const missing = loadStaticVectors({ folder: temporaryDirectory() });
    await expect(missing).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  });
});

test("unknown sentence vectors", async () => {
  const unknown = loadSentenceVectors("word2vec");
  await expect(unknown).rejects.toThrow(
    'there are no sentence vectors "word2vec"; give minilm or static',
  );
});
