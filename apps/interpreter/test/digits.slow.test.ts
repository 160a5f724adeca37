import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { writeWav } from "@attend/audio";
import { nodeArguments } from "@attend/runtime/program";
import { afterAll, beforeAll, expect, test } from "vitest";
import { interpret } from "./support/program.ts";
import { noise, silence } from "./support/sound.ts";

const directory = mkdtempSync(join(tmpdir(), "attend-digits-"));
const options = { cwd: directory, env: { ATTEND_CACHE: join(directory, "cache") } };
beforeAll(async () => {
  for (const [name, samples] of Object.entries({ noise: noise(2), silence: silence(2) })) {
    await writeWav(join(directory, `${name}.wav`), { samples, sampleRate: 16_000 });
  }
  writeFileSync(join(directory, "text.wav"), "this is not a recording\n");
});
afterAll(() => rmSync(directory, { recursive: true }));

test("silence and noise have no words, and a file that is no recording does not stop the others", async () => {
  const files = ["noise.wav", "text.wav", "silence.wav"];
  const args = ["recognize", ...files, "--engine", "digits", "--json"];
  const { code, stdout, stderr } = await interpret(args, options);
  const rows = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const nothing = { text: "", segments: [], engine: "digits", seconds: expect.any(Number) };
  expect(rows).toEqual([
    { audio: "noise.wav", ...nothing },
    { audio: "text.wav", error: expect.stringContaining("text.wav") },
    { audio: "silence.wav", ...nothing },
  ]);
  expect({ code, lines: stderr.trimEnd().split("\n").length }).toEqual({ code: 1, lines: 1 });
});

test("without speech, no file is written, and a line says why", async () => {
  const before = readdirSync(directory);
  const args = ["silence.wav", "--engine", "digits", "--to", "de", "--subtitles", "talk.srt"];
  const { code, stdout, stderr } = await interpret([...args, "--no-speech"], options);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  expect(stderr).toContain("no speech was found in silence.wav");
  expect(readdirSync(directory)).toEqual(before);
});

test("Ctrl-C ends it, also while it waits for sound", async () => {
  const cli = join(import.meta.dirname, "../src/cli.ts");
  const args = ["-", "--engine", "digits", "--to", "de", "--no-speech"];
  const child = spawn(process.execPath, [...nodeArguments(cli), ...args], {
    ...{ cwd: directory, env: { ...process.env, ...options.env } },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const wav = join(directory, "long.wav");
  await writeWav(wav, { samples: silence(5), sampleRate: 16_000 });
  // More is announced than comes.
  child.stdin.write(readFileSync(wav).subarray(0, 44 + 64_000));
  child.stderr.once("data", () => child.kill("SIGINT"));
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  child.stdin.destroy();
  expect({ code, stderr }).toMatchObject({ code: 130, stderr: expect.stringContaining("stopped") });
});
