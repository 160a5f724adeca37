import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readAudio, writeWav } from "../src/index.ts";

const folder = mkdtempSync(join(tmpdir(), "attend-wav-"));

test("what is written is read again, to half a step of 16 bits", async () => {
  const samples = Float32Array.from({ length: 5000 }, (_, index) => Math.sin(index / 10));
  const file = join(folder, "sine.wav");
  await writeWav(file, { samples, sampleRate: 16_000 });
  const read = await readAudio(file);
  expect(read.sampleRate).toBe(16_000);
  expect(read.samples.length).toBe(5000);
  const errors = read.samples.map((sample, index) => Math.abs(sample - (samples[index] ?? 0)));
  expect(Math.max(...errors)).toBeLessThanOrEqual(2 ** -15);
});

test("a text file named .wav is one clear error", async () => {
  const file = join(folder, "notes.wav");
  writeFileSync(file, "Some notes.\n");
  await expect(readAudio(file)).rejects.toMatchObject({
    code: "BAD_AUDIO",
    message: `${file} is not a recording; give a WAV, FLAC, MP3, Ogg, WebM or M4A file`,
  });
});
