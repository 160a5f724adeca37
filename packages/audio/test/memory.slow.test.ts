import { join } from "node:path";
import { runProgram, temporaryDirectory } from "@attend/test-kit";
import { expect, test } from "vitest";
import { WavWriter } from "../src/index.ts";
import { noise } from "./signals.ts";
import { dataChunk, formatChunk, wavOf } from "./wav-bytes.ts";

/** 8 kHz, so that it is resampled. */
const rate = 8000;
const minute = noise(60 * rate);

async function measure(args: readonly string[], stdin?: Buffer) {
  const program = "test/program/measure.ts";
  const { stdout, stderr } = await runProgram(program, args, stdin ? { stdin } : {});
  expect(stderr).toBe("");
  const measured: { seconds: number; megabytes: number } = JSON.parse(stdout);
  return measured;
}

async function writeMinutes(file: string, minutes: number): Promise<string> {
  const writer = await WavWriter.open(file, rate);
  for (let index = 0; index < minutes; index++) await writer.write(minute);
  await writer.close();
  return file;
}

test("an hour takes no more memory than a minute", { timeout: 300_000 }, async () => {
  const folder = temporaryDirectory();
  const short = await measure([await writeMinutes(join(folder, "minute.wav"), 1)]);
  const long = await measure([await writeMinutes(join(folder, "hour.wav"), 60)]);
  expect([short.seconds, long.seconds]).toEqual([60, 3600]);
  // In memory, the hour would take 230 MB more.
  expect(long.megabytes).toBeLessThan(short.megabytes + 60);
});

test("a stream is read to its end, with a header that does not know it", {
  timeout: 60_000,
}, async () => {
  const samples = Array.from(minute, (x) => Math.round(x * 32_767));
  const header = wavOf([formatChunk({ sampleRate: rate }), dataChunk(samples, 0xffff_ffff)]);
  expect((await measure(["-"], header)).seconds).toBe(60);
});
