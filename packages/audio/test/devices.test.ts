import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { microphone, play, readAudio, writeWav } from "../src/index.ts";
import { distance, sine } from "./signals.ts";

let folder: string;
beforeEach(() => {
  folder = temporaryDirectory();
  vi.stubEnv("PATH", folder);
});
afterEach(() => vi.unstubAllEnvs());

/** Puts a program of our own on the PATH, which writes its process id to the file `pid`. */
function install(program: string, script: string): void {
  const head = `#!/bin/sh\nPATH=/usr/bin:/bin\ncd ${folder}\necho $$ > pid\n`;
  writeFileSync(join(folder, program), `${head}${script}\n`);
  chmodSync(join(folder, program), 0o755);
}

function isRunning(): boolean {
  try {
    return process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), 0);
  } catch {
    return false;
  }
}

const second = { samples: sine(440, 16_000, 16_000), sampleRate: 16_000 };

describe("microphone", () => {
  const record = "cat heard.wav; exec sleep 600";
  beforeEach(() => writeWav(join(folder, "heard.wav"), second));

  test("what the recorder hears comes in chunks, and it ends when the loop is left", async () => {
    install("arecord", record);
    const chunks: Float32Array[] = [];
    for await (const chunk of microphone()) {
      expect(isRunning()).toBe(true);
      chunks.push(chunk);
      if (chunks.length === 5) break;
    }
    expect(isRunning()).toBe(false);
    expect(chunks.map(({ length }) => length)).toEqual([1600, 1600, 1600, 1600, 1600]);
    const heard = Float32Array.from(chunks.flatMap((chunk) => [...chunk]));
    expect(distance(heard, second.samples.subarray(0, 8000))).toBeLessThanOrEqual(2 ** -15);
  });

  test("nothing is lost while the loop is busy", async () => {
    await writeWav(join(folder, "long.wav"), { ...second, samples: new Float32Array(480_000) });
    install("arecord", "cat long.wav; touch written; exec sleep 600");
    const heard = microphone();
    await heard.next();
    await vi.waitFor(() => expect(existsSync(join(folder, "written"))).toBe(true), 30_000);
    await heard.return(undefined);
    expect(isRunning()).toBe(false);
  });

  test("it ends when the signal aborts", async () => {
    install("rec", record);
    const stop = new AbortController();
    let length = 0;
    for await (const chunk of microphone({ signal: stop.signal })) {
      length += chunk.length;
      if (length > 8000) stop.abort();
    }
    expect(length).toBeGreaterThan(8000);
    expect(isRunning()).toBe(false);
  });

  test("it ends when the signal aborts before anything was heard", async () => {
    install("arecord", "exec sleep 600");
    const chunks: Float32Array[] = [];
    for await (const chunk of microphone({ signal: AbortSignal.timeout(100) })) chunks.push(chunk);
    expect(chunks).toEqual([]);
    expect(isRunning()).toBe(false);
  });

  test("it ends when the loop fails", async () => {
    install("ffmpeg", record);
    const listen = async () => {
      for await (const _ of microphone()) throw new Error("stop");
    };
    await expect(listen()).rejects.toThrow("stop");
    expect(isRunning()).toBe(false);
  });

  test("its complaint is passed on", async () => {
    install("arecord", "echo 'arecord: main:852: audio open error: No such device' >&2; exit 1");
    await expect(microphone().next()).rejects.toMatchObject({
      code: "READ_FAILED",
      message: "arecord failed: arecord: main:852: audio open error: No such device",
    });
  });

  test("a recorder that cannot be started is one clear error", async () => {
    writeFileSync(join(folder, "arecord"), "#!/none\n");
    chmodSync(join(folder, "arecord"), 0o755);
    await expect(microphone().next()).rejects.toMatchObject({
      code: "READ_FAILED",
      message: "arecord failed: spawn arecord ENOENT",
    });
  });

  test("without a recorder, the remedy is given", async () => {
    const remedy = "install alsa-utils (apt install alsa-utils), SoX or ffmpeg, or give a file";
    await expect(microphone().next()).rejects.toMatchObject({
      code: "DATA_MISSING",
      message: `no program that records is installed; ${remedy}`,
    });
  });
});

describe("play", () => {
  beforeEach(() => vi.stubEnv("TMPDIR", folder));
  const leftovers = () => readdirSync(folder).filter((name) => name.startsWith("attend-play-"));

  test("the player gets the recording", async () => {
    install("aplay", '[ "$1" = -q ] && cp "$2" played.wav');
    expect(await play(second)).toBe(true);
    const { samples } = await readAudio(join(folder, "played.wav"));
    expect(distance(samples, second.samples)).toBeLessThanOrEqual(2 ** -15);
    expect(leftovers()).toEqual([]);
  });

  test("where one has no device, the next plays", async () => {
    install("aplay", "exit 1");
    install("ffplay", "touch played");
    expect(await play(second)).toBe(true);
    expect(existsSync(join(folder, "played"))).toBe(true);
  });

  test("without a player that can, it is false", async () => {
    expect(await play(second)).toBe(false);
    install("paplay", "exit 1");
    expect(await play(second)).toBe(false);
    expect(leftovers()).toEqual([]);
  });

  test("it ends when the signal aborts", async () => {
    install("aplay", "exec sleep 600");
    await expect(play(second, { signal: AbortSignal.timeout(100) })).rejects.toMatchObject({
      code: "INTERRUPTED",
      message: "the recording was not played to its end",
    });
    expect(isRunning()).toBe(false);
    expect(leftovers()).toEqual([]);
  });
});
