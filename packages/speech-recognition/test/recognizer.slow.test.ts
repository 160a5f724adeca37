import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAudio } from "@attend/audio";
import { wordErrorRate } from "@attend/metrics";
import { expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { evaluateRecognizer, loadSpeechRecognizer, type SpeechRecognizer } from "../src/index.ts";
import {
  defaultRecognizerTraining,
  type RecognizerTraining,
  trainRecognizer,
} from "../src/training.ts";
import { noise, recordTones, spoken } from "./support/tones.ts";

useEngine();

const folder = mkdtempSync(join(tmpdir(), "attend-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A small recognizer of three tones. */
function config(epochs: number): RecognizerTraining {
  const defaults = defaultRecognizerTraining();
  const listener = { channels: [8], units: 24, layers: 2, dropout: 0 };
  return {
    ...defaults,
    model: {
      ...defaults.model,
      name: "tones",
      languages: ["en"],
      features: { ...defaults.model.features, sampleRate: 8000, mels: 16 },
      network: { listener, speller: { hiddenSize: 16, dropout: 0 } },
    },
    augmentation: {
      ...{ ...defaults.augmentation, equalize: 0, wordless: 0.1, mask: { bands: 2, frames: 3 } },
      ...{ speed: [0.95, 1.05], tempo: [1, 1], pitch: [1, 1], noise: 0.3, noiseBelow: [6, 12] },
    },
    framesPerBatch: 300,
    training: { ...defaults.training, epochs, tensorboard: false, validateEvery: { epochs: 5 } },
  };
}

async function train(out: string, epochs: number, signal = new AbortController().signal) {
  return trainRecognizer({
    config: config(epochs),
    recordings: await recordTones(folder, 60, 1),
    validation: await recordTones(folder, 9, 2),
    ...{ out, resume: true, signal, onEvent: () => {} },
  });
}

describe("a recognizer that learned tones", () => {
  let recognizer: SpeechRecognizer;
  const out = join(folder, "tones");
  beforeAll(async () => {
    await train(out, 25);
    recognizer = await loadSpeechRecognizer({ model: out });
  }, 300_000);
  afterAll(() => recognizer.close());

  test("knows them in new recordings", async () => {
    const recordings = await recordTones(folder, 12, 3);
    const { scores, texts } = await evaluateRecognizer(recognizer, recordings);
    expect(texts).toEqual(recordings.map(({ text }) => text));
    expect(scores).toMatchObject({ recordings: 12, wer: 0, cer: 0 });
  });

  test("hears several in a row, with their times, and tells other readings", async () => {
    const audio = spoken(["down", "up", "trill"], 4);
    const [segment, ...more] = await recognizer.recognize(audio, { nBest: 3 });
    expect(more).toEqual([]);
    expect(segment?.text).toBe("down up trill");
    expect(segment?.alternatives?.[0]?.text).toBe("down up trill");
    expect(segment?.alternatives).toHaveLength(3);
    expect(segment?.confidence).toBeGreaterThan(0);
    expect(segment?.confidence).toBeLessThanOrEqual(1);
    expect(segment?.start).toBeGreaterThan(0.05);
    expect(segment?.start).toBeLessThan(0.6);
    expect(segment?.end).toBeLessThan(audio.samples.length / audio.sampleRate + 0.01);
  });

  test("hears nothing in silence and noise, nor in a tenth of a second", async () => {
    const silent = { samples: new Float32Array(8000), sampleRate: 8000 };
    expect(await recognizer.recognize(silent)).toEqual([]);
    expect(await recognizer.recognize({ samples: new Float32Array(), sampleRate: 8000 })).toEqual(
      [],
    );
    for (const loudness of [0.001, 0.1]) {
      expect(await recognizer.recognize(noise(loudness, 5))).toEqual([]);
    }
    const short = { samples: noise(0.01, 6).samples.slice(0, 800), sampleRate: 8000 };
    expect(await recognizer.recognize(short)).toEqual([]);
  });

  test("cuts a long recording in pauses", async () => {
    const words = Array.from(
      { length: 24 },
      (_, i) => (["up", "trill", "down"] as const)[i % 3] ?? "up",
    );
    const audio = spoken(words, 7, 4000);
    const segments = await recognizer.recognize(audio);
    expect(segments.length).toBeGreaterThan(1);
    const text = segments.map((segment) => segment.text).join(" ");
    expect(wordErrorRate([text], [words.join(" ")]).edits).toBeLessThanOrEqual(2);
    for (const [i, { start, end }] of segments.entries()) {
      expect(start).toBeLessThan(end);
      expect(start).toBeGreaterThanOrEqual(segments[i - 1]?.end ?? 0);
    }
  });

  test("spells by attention too", async () => {
    const [copy, model] = [join(folder, "spelling"), join(out, "model")];
    cpSync(model, copy, { recursive: true });
    const config = JSON.parse(readFileSync(join(copy, "config.json"), "utf8"));
    config.search.decoder = "attention";
    writeFileSync(join(copy, "config.json"), JSON.stringify(config));
    const speller = await loadSpeechRecognizer({ model: copy });
    const recordings = await recordTones(folder, 12, 3);
    const { scores } = await evaluateRecognizer(speller, recordings);
    expect(scores.wer).toBeLessThan(0.2);
    const audio = await readAudio(recordings[0]?.file ?? "");
    await expectNoLeak(() => speller.recognize(audio, { nBest: 2 }));
    await speller.close();
  });

  test("shows where it heard what", async () => {
    const [posteriors, alignment] = await recognizer.heatmap(spoken(["up", "down"], 8));
    expect(posteriors?.kind).toBe("posteriors");
    expect(posteriors?.rows).toContain("up");
    expect(posteriors?.values).toHaveLength(
      (posteriors?.rows.length ?? 0) * (posteriors?.columns ?? 0),
    );
    expect(alignment?.kind).toBe("alignment");
    expect(alignment?.values).toHaveLength(
      (alignment?.rows.length ?? 0) * (alignment?.columns ?? 0),
    );
  });

  test("leaves no tensors behind, stops when asked to, and rejects languages", async () => {
    const audio = spoken(["up"], 9);
    await expectNoLeak(() => recognizer.recognize(audio, { nBest: 2 }));
    await expectNoLeak(() => recognizer.heatmap(audio));
    const signal = AbortSignal.abort();
    await expect(recognizer.recognize(audio, { signal })).rejects.toMatchObject({
      code: "INTERRUPTED",
    });
    await expect(recognizer.recognize(audio, { language: "ja" })).rejects.toThrow(
      'tones does not know the language "ja"; it knows en',
    );
  });
});

test("a training that is stopped and resumed ends with the same weights", async () => {
  const [whole, parts] = [join(folder, "whole"), join(folder, "parts")];
  const { scores } = await train(whole, 2);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 1500);
  await train(parts, 2, stop.signal).catch((thrown: unknown) =>
    expect(thrown).toMatchObject({ code: "INTERRUPTED" }),
  );
  expect((await train(parts, 2)).scores).toEqual(scores);
}, 300_000);

test("needs recordings with texts, and some to validate on", async () => {
  const run = { config: config(1), out: temporaryDirectory(), resume: false, onEvent: () => {} };
  const { signal } = new AbortController();
  await expect(
    trainRecognizer({
      ...run,
      recordings: await recordTones(folder, 3, 1),
      validation: [],
      signal,
    }),
  ).rejects.toThrow("there are 0 to validate on");
});
