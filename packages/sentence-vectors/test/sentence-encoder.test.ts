import { expectNoLeak, loadGolden, useEngine } from "@attend/test-kit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  cosine,
  findMiniLm,
  loadMiniLm,
  loadSentenceVectors,
  type SentenceVectors,
} from "../src/index.ts";

/** By Hugging Face's BERT. */
const golden = loadGolden<{ text: string; vector: number[] }[]>(
  new URL("./golden/sentence-vectors.golden.json", import.meta.url),
);

useEngine();

const folder = findMiniLm();

const installed = { skip: folder === undefined, timeout: 600_000 };

describe("all-MiniLM-L6-v2, if its npm package is installed", installed, () => {
  let encoder: SentenceVectors;
  beforeAll(async () => {
    encoder = await loadSentenceVectors();
    expect(encoder.name).toBe("minilm");
  });
  afterAll(() => encoder.dispose());

  const expectReference = (found: Float32Array | undefined, index: number) => {
    const { text = "", vector = [] } = golden[index] ?? {};
    expect(found, text).toHaveLength(encoder.dimension);
    const alike = cosine(found ?? new Float32Array(), Float32Array.from(vector));
    expect(alike, text).toBeGreaterThan(0.9999);
  };

  test("equals the reference, alone, in a batch, and if a text is cut off", async () => {
    const short = golden.slice(0, -1).map(({ text }) => text);
    for (const [i, vector] of (await encoder.encode(short)).entries()) expectReference(vector, i);
    for (const i of [3, short.length]) {
      const [alone] = await encoder.encode([golden[i]?.text ?? ""]);
      expectReference(alone, i);
    }
  });

  test("like meanings are closer than others", async () => {
    const [password, login, shop] = await encoder.encode(
      golden.slice(0, 3).map(({ text }) => text),
    );
    if (!password || !login || !shop) throw new TypeError("three vectors");
    expect(cosine(password, login)).toBeGreaterThan(cosine(password, shop) + 0.2);
  });

  test("reports progress, stops when asked to, and leaks no tensors", async () => {
    const texts = Array.from({ length: 40 }, (_, i) => `sentence ${i}`);
    const progress: string[] = [];
    const onProgress = (done: number, total: number) => void progress.push(`${done}/${total}`);
    await expectNoLeak(async () => {
      await encoder.encode(texts, { onProgress });
    });
    expect(progress).toEqual(["32/40", "40/40"]);
    const run = encoder.encode(texts, { signal: AbortSignal.abort() });
    await expect(run).rejects.toMatchObject({ code: "INTERRUPTED" });
    expect(await encoder.encode([])).toEqual([]);
  });

  test("a disposed encoder says so", async () => {
    const disposed = await loadMiniLm();
    disposed.dispose();
    disposed.dispose();
    await expect(disposed.encode(["text"])).rejects.toThrow("is disposed");
  });
});

test("a folder without a model names the missing file", async () => {
  const missing = loadMiniLm({ folder: import.meta.dirname });
  await expect(missing).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  await expect(missing).rejects.toThrow("config.json");
});
