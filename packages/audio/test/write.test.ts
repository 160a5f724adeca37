import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { expect, test } from "vitest";
import { readAudio, streamAudio, WavWriter, writeWav } from "../src/index.ts";
import { distance, inPieces, sine } from "./signals.ts";

const samples = sine(440, 16_000, 5000);

test("what is written is read again, to half a step of 16 bits", async () => {
  const file = join(temporaryDirectory(), "sine.wav");
  await writeWav(file, { samples, sampleRate: 16_000 });
  const read = await readAudio(file);
  expect(read.sampleRate).toBe(16_000);
  // The highest value is a step below 1.
  expect(distance(read.samples, samples)).toBeLessThanOrEqual(2 ** -15);
});

test("samples beyond the range are clipped", async () => {
  const file = join(temporaryDirectory(), "loud.wav");
  await writeWav(file, { samples: Float32Array.of(3, -3), sampleRate: 16_000 });
  expect([...(await readAudio(file)).samples]).toEqual([1 - 2 ** -15, -1]);
});

test("chunks have one size, of which the last may be smaller", async () => {
  const file = join(temporaryDirectory(), "sine.wav");
  await writeWav(file, { samples, sampleRate: 16_000 });
  const lengths: number[] = [];
  for await (const chunk of streamAudio(file, { chunkSeconds: 0.1 })) lengths.push(chunk.length);
  expect(lengths).toEqual([1600, 1600, 1600, 200]);
});

test("a writer makes the same file piece by piece, and replaces the old one at the end", async () => {
  const folder = temporaryDirectory();
  const [whole, file] = [join(folder, "whole.wav"), join(folder, "pieces.wav")];
  await writeWav(whole, { samples, sampleRate: 16_000 });
  writeFileSync(file, "old");
  const writer = await WavWriter.open(file, 16_000);
  for (const piece of inPieces(samples)) await writer.write(piece);
  expect(readFileSync(file, "utf8")).toBe("old");
  await writer.close();
  expect(readFileSync(file)).toEqual(readFileSync(whole));
  expect(readdirSync(folder).sort()).toEqual(["pieces.wav", "whole.wav"]);
});

test("a writer that is given up leaves nothing", async () => {
  const folder = temporaryDirectory();
  const writer = await WavWriter.open(join(folder, "talk.wav"), 16_000);
  await writer.write(samples);
  await writer.discard();
  expect(readdirSync(folder)).toEqual([]);
});

test("a folder that does not exist is one clear error", async () => {
  const file = join(temporaryDirectory(), "none", "talk.wav");
  const error = {
    code: "WRITE_FAILED",
    message: expect.stringMatching(/does not exist; create it/),
  };
  await expect(WavWriter.open(file, 16_000)).rejects.toMatchObject(error);
  await expect(writeWav(file, { samples, sampleRate: 16_000 })).rejects.toMatchObject(error);
});

test("a disk that becomes full gives one clear line; what a writer has written can be kept", async (context) => {
  const folder = temporaryDirectory();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "attend-test", folder], {
      stdio: "ignore",
    });
  } catch {
    context.skip("cannot mount a small disk (needs root)");
  }
  try {
    const file = join(folder, "talk.wav");
    const error = {
      code: "WRITE_FAILED",
      message: `cannot write ${file}: the disk is full; free some space or choose another disk, then retry`,
    };
    const minute = new Float32Array(960_000);
    await expect(writeWav(file, { samples: minute, sampleRate: 16_000 })).rejects.toMatchObject(
      error,
    );
    expect(readdirSync(folder)).toEqual([]);
    const writer = await WavWriter.open(file, 16_000);
    await writer.write(samples);
    await expect(writer.write(minute)).rejects.toMatchObject(error);
    expect(existsSync(file)).toBe(false);
    await writer.close();
    expect(readdirSync(folder)).toEqual(["talk.wav"]);
    expect((await readAudio(file)).samples).toHaveLength(samples.length);
    const other = await WavWriter.open(join(folder, "other.wav"), 16_000);
    await expect(other.write(minute)).rejects.toMatchObject({ code: "WRITE_FAILED" });
    await other.discard();
    expect(readdirSync(folder)).toEqual(["talk.wav"]);
  } finally {
    execFileSync("umount", [folder]);
  }
});
