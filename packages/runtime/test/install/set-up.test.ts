import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { loadAddon } from "../../src/install/addon.ts";
import { makeEntry } from "../../src/install/cache.ts";
import { place } from "../../src/install/place.ts";
import { logFile } from "../../src/install/run-command.ts";
import { setUpEngine } from "../../src/install/set-up.ts";
import type { TfjsNode } from "../../src/install/tfjs-node.ts";
import { wheel } from "../../src/install/wheel.ts";
import {
  freshTfjsNode,
  hasAddon,
  installed,
  scratchCache,
  scratchFolder,
} from "./support/scratch.ts";

const linux = process.platform === "linux" && process.arch === "x64";
const key = (source: string, { version, napi }: TfjsNode) =>
  `tfjs-node-${version}-${source}-${process.platform}-${process.arch}-napi${napi}`;

/** A PATH with nothing on it but these programs, each a script that prints a line. */
function pathOf(programs: Record<string, string>): void {
  const folder = scratchFolder();
  for (const [name, line] of Object.entries(programs)) {
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${line}\n`);
    chmodSync(path.join(folder, name), 0o755);
  }
  vi.stubEnv("PATH", folder);
}

const compiler = { "g++": "echo g++" };

describe("setUpEngine by choice", () => {
  it.each([
    ["skip", "engine set-up skipped (ATTEND_ENGINE_SETUP=skip)"],
    ["wasm", "wasm engine: asked for by ATTEND_ENGINE_SETUP=wasm"],
    ["fast", 'engine set-up skipped: ATTEND_ENGINE_SETUP is "fast"; expected auto, installer'],
  ])("%s", async (choice, line) => {
    const cache = scratchCache();
    expect(await setUpEngine(choice, freshTfjsNode())).toContain(line);
    expect(existsSync(path.join(cache, "engine-setup.log"))).toBe(false);
  });
});

describe.skipIf(!hasAddon)("setUpEngine where there is an addon", () => {
  it.runIf(linux)("says so at once and writes nothing", async () => {
    vi.stubEnv("ATTEND_CACHE", path.join(scratchFolder(), "never made"));
    expect(await setUpEngine("auto")).toMatch(
      /^native engine ready \(libtensorflow [\d.]+, already in place\), with fused kernels$/,
    );
    expect(existsSync(process.env["ATTEND_CACHE"] ?? "")).toBe(false);
  });

  it("takes a cached build of any tier before it builds one, in place of a broken addon", async () => {
    scratchCache();
    pathOf({});
    const tfjsNode = freshTfjsNode();
    await makeEntry(key(`wheel-${wheel.version}`, tfjsNode), async (folder) => {
      const original = installed?.folder ?? "";
      const libraries = path.join("deps", "lib");
      const [library = ""] = readdirSync(path.join(original, libraries));
      await place(path.join(original, libraries), path.join(folder, libraries), library);
      mkdirSync(path.dirname(path.join(folder, tfjsNode.addon)), { recursive: true });
      copyFileSync(path.join(original, tfjsNode.addon), path.join(folder, tfjsNode.addon));
    });
    mkdirSync(path.dirname(path.join(tfjsNode.folder, tfjsNode.addon)), { recursive: true });
    writeFileSync(path.join(tfjsNode.folder, tfjsNode.addon), "broken");
    expect(await setUpEngine("auto", tfjsNode)).toMatch(
      /^native engine ready \(libtensorflow [\d.]+, from the cache, [\d.]+ s\), without fused kernels: /,
    );
    await expect(loadAddon(path.join(tfjsNode.folder, tfjsNode.addon))).resolves.toMatch(/^2\./);
  });
});

describe("setUpEngine where the native engine cannot be had", () => {
  it("gives each tier's reason, the remedy and the log in one line, and leaves nothing half done", async () => {
    const cache = scratchCache();
    const tfjsNode = freshTfjsNode();
    vi.stubEnv("CXX", "no-such-compiler");
    const manifest = readFileSync(path.join(tfjsNode.folder, "package.json"), "utf8");
    const line = await setUpEngine("auto", tfjsNode);
    expect(line).toMatch(/^wasm engine, since the native one failed \(installer: .*ECONNREFUSED/);
    expect(line).toContain(linux ? "CXX=no-such-compiler does not run" : "it is for Linux");
    expect(line).toContain("to try again run `pnpm -w run engine`");
    expect(line).not.toContain("\n");
    expect(readFileSync(logFile(), "utf8")).toContain("Downloading libtensorflow");
    expect(readFileSync(path.join(tfjsNode.folder, "package.json"), "utf8")).toBe(manifest);
    expect(existsSync(path.join(tfjsNode.folder, "deps"))).toBe(false);
    expect(readdirSync(cache)).toEqual(["engine-setup.log"]);
  });

  it.runIf(linux)("says that there is no compiler, before it downloads anything", async () => {
    scratchCache();
    vi.stubEnv("CXX", undefined);
    pathOf({ python3: "echo pip" });
    expect(await setUpEngine("wheel", freshTfjsNode())).toContain(
      "(wheel: no g++ (Debian, Ubuntu: apt install g++))",
    );
    expect(readFileSync(logFile(), "utf8")).not.toContain("pip download");
  });

  it.runIf(linux)("says that there is no python3 with pip", async () => {
    scratchCache();
    pathOf({ ...compiler, python3: "echo 'No module named pip' >&2; exit 1" });
    expect(await setUpEngine("wheel", freshTfjsNode())).toContain("(wheel: no python3 with pip");
  });

  it.runIf(linux)("passes on what pip says", async () => {
    scratchCache();
    pathOf({
      ...compiler,
      python3: `case "$*" in *download*) echo "ERROR: No matching distribution found"; exit 1;; esac`,
    });
    expect(await setUpEngine("wheel", freshTfjsNode())).toContain("No matching distribution found");
  });

  it("tells a cache that cannot be written", async () => {
    scratchCache();
    const file = path.join(scratchFolder(), "file");
    writeFileSync(file, "");
    vi.stubEnv("ATTEND_CACHE", path.join(file, "cache"));
    expect(await setUpEngine("wheel", freshTfjsNode())).toMatch(
      /^wasm engine: the cache cannot be written \(ENOTDIR.*; name another folder by ATTEND_CACHE/,
    );
  });

  it("removes a cached build that does not load", async () => {
    const cache = scratchCache();
    pathOf({});
    const tfjsNode = freshTfjsNode();
    const broken = await makeEntry(key("installer", tfjsNode), async (folder) => {
      mkdirSync(path.dirname(path.join(folder, tfjsNode.addon)), { recursive: true });
      writeFileSync(path.join(folder, tfjsNode.addon), "half an addon");
    });
    expect(await setUpEngine("wheel", tfjsNode)).toContain("wasm engine");
    expect(existsSync(broken)).toBe(true); // Another tier's is left alone.
    expect(await setUpEngine("installer", tfjsNode)).toContain("wasm engine");
    expect(existsSync(broken)).toBe(false);
    expect(cache).toBe(path.dirname(broken));
  });
});

/** pip finds only what lies in `folder`. */
function onlyFrom(folder: string): void {
  vi.stubEnv("PIP_NO_INDEX", "1");
  vi.stubEnv("PIP_FIND_LINKS", folder);
  vi.stubEnv("PIP_CONFIG_FILE", "/dev/null");
}

describe.runIf(linux)("the wheel", () => {
  it("is refused when its content is not what was pinned", async ({ skip }) => {
    scratchCache();
    vi.stubEnv("CXX", "true");
    const folder = scratchFolder();
    writeFileSync(path.join(folder, wheel.file), "another wheel under the same name");
    onlyFrom(folder);
    const line = await setUpEngine("wheel", freshTfjsNode());
    skip(line.includes("no python3"), "there is no python3 with pip here");
    expect(line).toContain("the wheel that pip got has another SHA-256 than the pinned one");
  });

  const whole = process.env["ATTEND_TEST_INSTALL"] === "1";

  // 207 MB and a compiler run: only where ATTEND_TEST_INSTALL=1 asks for it.
  it.runIf(whole)(
    "gives the engine; a reinstall takes it from the cache",
    { timeout: 900_000 },
    async () => {
      scratchCache();
      const line = await setUpEngine("wheel", freshTfjsNode());
      expect(line).toMatch(
        /^native engine ready \(libtensorflow 2\.15\.1, from the PyPI wheel, \d+ s\), with fused kernels$/,
      );
      expect(await setUpEngine("auto", freshTfjsNode())).toContain("from the cache");
    },
  );
});
