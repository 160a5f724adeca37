import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import { microphone, writeWav } from "@attend/audio";
import { temporaryDirectory } from "@attend/test-kit";
import { afterEach, expect, test, vi } from "vitest";
import { loadInterpreter } from "../src/index.ts";
import { recognizerOf } from "./support/engines.ts";
import { babble, join, silence } from "./support/sound.ts";

afterEach(() => vi.unstubAllEnvs());

/** Puts a recorder on the PATH that hears `samples`, and then nothing until it is ended. */
async function installRecorder(folder: string, samples: Float32Array): Promise<void> {
  const file = joinPath(folder, "heard.wav");
  await writeWav(file, { samples, sampleRate: 16_000 });
  const bytes = readFileSync(file);
  bytes.writeUInt32LE(0xffff_ffff, 40); // A recorder does not know how long it will record.
  writeFileSync(file, bytes);
  const script = `PATH=/usr/bin:/bin\ncd ${folder}\necho $$ > pid\ncat heard.wav\ntouch all\nexec sleep 600\n`;
  writeFileSync(joinPath(folder, "arecord"), `#!/bin/sh\n${script}`);
  chmodSync(joinPath(folder, "arecord"), 0o755);
  vi.stubEnv("PATH", folder);
}

function isRunning(folder: string): boolean {
  try {
    return process.kill(Number(readFileSync(joinPath(folder, "pid"), "utf8")), 0);
  } catch {
    return false;
  }
}

test("what is said into a microphone is interpreted as it comes, and to its end when it is stopped", async () => {
  const folder = temporaryDirectory();
  vi.stubEnv("ATTEND_CACHE", folder); // Without engines, the energy tells what is speech.
  await installRecorder(folder, join(silence(1), babble(2), silence(2), babble(1)));
  const engine = recognizerOf(["A man is riding a bicycle.", "Two dogs play."]);
  const interpreter = await loadInterpreter({ to: "de", engine, synthesizer: false });
  const stop = new AbortController();
  const texts: string[] = [];
  try {
    const sound = microphone({ signal: stop.signal });
    for await (const { translation } of interpreter.interpret(sound)) {
      texts.push(translation.text);
      expect(isRunning(folder)).toBe(!stop.signal.aborted);
      await vi.waitFor(() => expect(existsSync(joinPath(folder, "all"))).toBe(true), 60_000);
      stop.abort();
    }
  } finally {
    await interpreter.close();
  }
  expect(texts).toEqual(["Ein Mann fährt Fahrrad.", "Zwei Hunde spielen."]);
  expect(isRunning(folder)).toBe(false);
});
