import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { cacheFolder, findEntry, makeEntry, removeEntry } from "../../src/install/cache.ts";
import { scratchCache } from "./support/scratch.ts";

describe("cacheFolder", () => {
  it("is ATTEND_CACHE, otherwise the user's cache folder, otherwise ~/.cache", () => {
    vi.stubEnv("ATTEND_CACHE", "/somewhere");
    vi.stubEnv("XDG_CACHE_HOME", "/caches");
    expect(cacheFolder()).toBe("/somewhere");
    vi.stubEnv("ATTEND_CACHE", "");
    expect(cacheFolder()).toBe(path.join("/caches", "attend"));
    vi.stubEnv("XDG_CACHE_HOME", undefined);
    expect(cacheFolder()).toBe(path.join(os.homedir(), ".cache", "attend"));
  });
});

describe("makeEntry", () => {
  it("creates an entry that can be found and removed", async () => {
    const cache = scratchCache();
    expect(findEntry("key")).toBeUndefined();
    const entry = await makeEntry("key", async (folder) => {
      expect(findEntry("key")).toBeUndefined();
      writeFileSync(path.join(folder, "file"), "content");
    });
    expect(findEntry("key")).toBe(entry);
    expect(readFileSync(path.join(entry, "file"), "utf8")).toBe("content");
    await removeEntry("key");
    expect(readdirSync(cache)).toEqual([]);
  });

  it("leaves nothing when filling fails", async () => {
    const cache = scratchCache();
    const failing = makeEntry("key", async (folder) => {
      writeFileSync(path.join(folder, "half"), "");
      throw new Error("no compiler");
    });
    await expect(failing).rejects.toThrow("no compiler");
    expect(readdirSync(cache)).toEqual([]);
  });

  it("keeps the first of two concurrent entries", async () => {
    const cache = scratchCache();
    const make = (content: string, milliseconds: number) =>
      makeEntry("key", async (folder) => {
        await sleep(milliseconds);
        writeFileSync(path.join(folder, "file"), content);
      });
    const [first, second] = await Promise.all([make("first", 5), make("second", 50)]);
    expect(second).toBe(first);
    expect(readFileSync(path.join(first, "file"), "utf8")).toBe("first");
    expect(readdirSync(cache)).toEqual(["key"]);
  });

  it("removes leftovers of killed set-ups, but not the folder of a running one", async () => {
    const cache = scratchCache();
    const [old, young] = [path.join(cache, ".key-old"), path.join(cache, ".key-young")];
    for (const folder of [old, young]) mkdirSync(path.join(folder, "deps"), { recursive: true });
    const twoHoursAgo = Date.now() / 1000 - 7200;
    utimesSync(old, twoHoursAgo, twoHoursAgo);
    await makeEntry("key", async () => {});
    expect([old, young].map((folder) => existsSync(folder))).toEqual([false, true]);
  });

  it.each([
    { signal: "SIGKILL", leftovers: 1 },
    { signal: "SIGTERM", leftovers: 0 },
  ] as const)("has no entry after $signal while filling it", async ({ signal, leftovers }) => {
    const cache = scratchCache();
    const source = new URL("../../src/install/cache.ts", import.meta.url).href;
    const script = `
      import { makeEntry } from ${JSON.stringify(source)};
      process.once("SIGTERM", () => process.exit(130));
      await makeEntry("key", async () => {
        console.log("filling");
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      });`;
    const tsx = import.meta.resolve("tsx");
    const child = spawn(process.execPath, ["--import", tsx, "--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    await new Promise((resolve) => child.stdout.once("data", resolve));
    child.kill(signal);
    await ended;
    expect(findEntry("key")).toBeUndefined();
    expect(readdirSync(cache)).toHaveLength(leftovers);
  });
});
