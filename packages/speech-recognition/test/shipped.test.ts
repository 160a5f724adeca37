import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readAudio } from "@attend/audio";
import { describeWithData, useEngine } from "@attend/test-kit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadSpeechRecognizer, type SpeechRecognizer } from "../src/index.ts";
import { noise } from "./support/tones.ts";

const words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
let recognizer: SpeechRecognizer;

useEngine();
beforeAll(async () => {
  recognizer = await loadSpeechRecognizer();
});
afterAll(() => recognizer.close());

test("the shipped recognizer knows the digits in English, and hears none in silence and noise", async () => {
  expect(recognizer.name).toBe("digits");
  expect(recognizer.languages).toEqual(["en"]);
  expect([...recognizer.labels].sort()).toEqual([...words].sort());
  const silent = { samples: new Float32Array(16_000), sampleRate: 16_000 };
  for (const audio of [silent, noise(0.001, 1), noise(0.1, 2)]) {
    expect(await recognizer.recognize(audio)).toEqual([]);
  }
  const weights = new URL(
    "model.safetensors",
    import.meta.resolve("@attend/recognizer-digits/package.json"),
  );
  expect(statSync(fileURLToPath(weights)).size).toBeLessThan(8e6);
});

describeWithData("of recordings that it was not trained on", ["speech", "fsdd"], (folder) => {
  test("it gets 29 of 30 right", async () => {
    const files = readdirSync(folder).filter((name) =>
      /_(?:jackson|lucas|yweweler)_7\.wav$/.test(name),
    );
    let wrong = 0;
    for (const file of files) {
      const segments = await recognizer.recognize(await readAudio(join(folder, file)));
      if (segments.map(({ text }) => text).join(" ") !== words[Number(file[0])]) wrong++;
    }
    expect(files).toHaveLength(30);
    expect(wrong).toBeLessThanOrEqual(1);
  });
});
