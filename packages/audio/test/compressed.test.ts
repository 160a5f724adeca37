import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "@attend/test-kit";
import { afterEach, expect, test, vi } from "vitest";
import { readAudio, streamAudio } from "../src/index.ts";
import { isInstalled } from "../src/programs/installed.ts";
import { distance, sine } from "./signals.ts";
import { dataChunk, formatChunk, wavOf } from "./wav-bytes.ts";

afterEach(() => vi.unstubAllEnvs());

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

/** Half a second of 440 Hz at an amplitude of 0.5, within what the codec loses. */
async function expectTone(file: string): Promise<void> {
  const { samples, sampleRate } = await readAudio(file);
  expect(sampleRate).toBe(16_000);
  // Codecs work in blocks: silence may come before and after.
  expect(Math.abs(samples.length - 8000)).toBeLessThan(1200);
  const middle = samples.subarray(2000, 6000);
  expect(
    2 * Math.max(...[0, 1, 2, 3].map((quarter) => correlation(middle, quarter))),
  ).toBeGreaterThan(0.45);
}

/** With a sine of 440 Hz that is shifted by up to 3 eighths of a turn. */
function correlation(samples: Float32Array, eighths: number): number {
  const shifted = sine(440, 16_000, samples.length + 5 * eighths).subarray(5 * eighths);
  return Math.abs(samples.reduce((sum, x, n) => sum + x * (shifted[n] ?? 0), 0)) / samples.length;
}

test.each(["flac", "oga", "mp3", "ogg", "opus"])(
  "tone.%s is decoded without ffmpeg",
  async (extension) => {
    vi.stubEnv("PATH", "");
    await expectTone(fixture(`tone.${extension}`));
  },
);

const testWithFfmpeg = test.skipIf(!isInstalled("ffmpeg"));

testWithFfmpeg.each(["webm", "m4a"])("tone.%s is decoded by ffmpeg", async (extension) => {
  await expectTone(fixture(`tone.${extension}`));
});

test("the content counts, not the name", async () => {
  const file = join(temporaryDirectory(), "tone.wav");
  copyFileSync(fixture("tone.flac"), file);
  const [named, original] = [await readAudio(file), await readAudio(fixture("tone.flac"))];
  expect(distance(named.samples, original.samples)).toBe(0);
});

test("FLAC loses nothing", async () => {
  const { samples } = await readAudio(fixture("tone.flac"));
  const tone = sine(440, 16_000, samples.length).map((x) => x / 2);
  // Resampled from 44100 Hz when it was made.
  expect(distance(samples.subarray(500, -500), tone.subarray(500, -500))).toBeLessThan(1e-3);
});

test("without ffmpeg, the remedy is given", async () => {
  vi.stubEnv("PATH", "");
  const file = fixture("tone.m4a");
  const remedy = "install it (apt install ffmpeg), or convert the file to WAV";
  await expect(readAudio(file)).rejects.toMatchObject({
    code: "BAD_AUDIO",
    message: `${file} is MPEG-4 (M4A), for which ffmpeg is needed; ${remedy}`,
  });
});

test("what ffmpeg complains about is passed on", async () => {
  const folder = temporaryDirectory();
  writeFileSync(join(folder, "ffmpeg"), "#!/bin/sh\necho moov atom not found >&2\nexit 1\n");
  chmodSync(join(folder, "ffmpeg"), 0o755);
  vi.stubEnv("PATH", folder);
  const file = fixture("tone.m4a");
  await expect(readAudio(file)).rejects.toMatchObject({
    code: "BAD_AUDIO",
    message: `${file} cannot be decoded: ffmpeg failed: moov atom not found; record or convert it again`,
  });
});

/** An ffmpeg that says how a WAV file of a second starts, and goes on as `then` says. */
function fakeFfmpeg(then: string): string {
  const folder = temporaryDirectory();
  const wav = wavOf([formatChunk(), dataChunk(new Array(8000).fill(0), 32_000)]);
  writeFileSync(join(folder, "start.wav"), wav);
  const script = `#!/bin/sh\nPATH=/usr/bin:/bin\necho $$ > ${folder}/pid\ncat ${folder}/start.wav\n${then}\n`;
  writeFileSync(join(folder, "ffmpeg"), script);
  chmodSync(join(folder, "ffmpeg"), 0o755);
  vi.stubEnv("PATH", folder);
  return folder;
}

function isRunning(folder: string): boolean {
  try {
    return process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), 0);
  } catch {
    return false;
  }
}

test("an ffmpeg that dies in the middle is one clear error", async () => {
  fakeFfmpeg("echo out of memory >&2; exit 1");
  const file = fixture("tone.m4a");
  await expect(readAudio(file)).rejects.toMatchObject({
    code: "BAD_AUDIO",
    message: `${file} cannot be decoded: ffmpeg failed: out of memory; record or convert it again`,
  });
});

test("ffmpeg ends when the signal aborts, and when the loop is left", async () => {
  const hung = fakeFfmpeg("exec sleep 600");
  const signal = AbortSignal.timeout(200);
  await expect(readAudio(fixture("tone.m4a"), { signal })).rejects.toMatchObject({
    code: "INTERRUPTED",
  });
  expect(isRunning(hung)).toBe(false);
  const left = fakeFfmpeg("exec sleep 600");
  for await (const _ of streamAudio(fixture("tone.m4a"), { chunkSeconds: 0.1 })) break;
  expect(isRunning(left)).toBe(false);
});

test("a rate that cannot be is noticed before ffmpeg is started", async () => {
  const folder = fakeFfmpeg("exec sleep 600");
  await expect(readAudio(fixture("tone.m4a"), { sampleRate: 0.5 })).rejects.toMatchObject({
    code: "BAD_ARGUMENT",
  });
  expect(existsSync(join(folder, "pid"))).toBe(false);
});

test.each(["flac", "opus", "mp3"])("half of tone.%s gives what is there", async (extension) => {
  const file = join(temporaryDirectory(), "half");
  const bytes = readFileSync(fixture(`tone.${extension}`));
  writeFileSync(file, bytes.subarray(0, bytes.length * 0.6));
  const { samples } = await readAudio(file, { warn: () => {} });
  expect(samples.length).toBeGreaterThan(1000);
});

test.each([
  ["FLAC", "fLaC"],
  ["Opus", `OggS${"\0".repeat(24)}OpusHead`],
  ["Vorbis", `OggS${"\0".repeat(25)}vorbis`],
  ["MP3", "ID3"],
])("a file that only starts as %s is one clear error", async (_, start) => {
  const file = join(temporaryDirectory(), "noise");
  writeFileSync(file, Buffer.concat([Buffer.from(start, "latin1"), Buffer.alloc(5000, "noise")]));
  await expect(readAudio(file, { warn: () => {} })).rejects.toMatchObject({
    code: "BAD_AUDIO",
    message: `${file} has no samples that can be decoded; record or convert it again`,
  });
});
