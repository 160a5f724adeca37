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
import { wheelFor, wheelVersion } from "../../src/install/wheels.ts";
import {
  freshTfjsNode,
  hasAddon,
  installed,
  scratchCache,
  scratchFolder,
} from "./support/scratch.ts";

const linux = process.platform === "linux" && ["x64", "arm64"].includes(process.arch);
const key = (source: string, { version, napi }: TfjsNode) =>
  `tfjs-node-${version}-${source}-${process.platform}-${process.arch}-napi${napi}`;

/** A PATH that contains only these programs, each a script that prints a line. */
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
    ["wasm", "wasm engine: requested by ATTEND_ENGINE_SETUP=wasm"],
    ["fast", 'engine set-up skipped: ATTEND_ENGINE_SETUP is "fast"; expected auto, installer'],
  ])("%s", async (choice, line) => {
    const cache = scratchCache();
    expect(await setUpEngine(choice, freshTfjsNode())).toContain(line);
    expect(existsSync(path.join(cache, "engine-setup.log"))).toBe(false);
  });
});

describe.skipIf(!hasAddon)("setUpEngine with an existing addon", () => {
  it.runIf(linux)("reports it and writes nothing", async () => {
    vi.stubEnv("ATTEND_CACHE", path.join(scratchFolder(), "never made"));
    expect(await setUpEngine("auto")).toMatch(
      /^native engine ready \(libtensorflow [\d.]+, already in place\), with fused kernels$/,
    );
    expect(existsSync(process.env["ATTEND_CACHE"] ?? "")).toBe(false);
  });

  it("prefers a cached build of any tier, and replaces a broken addon", async () => {
    scratchCache();
    pathOf({});
    const tfjsNode = freshTfjsNode();
    await makeEntry(key(`wheel-${wheelVersion}`, tfjsNode), async (folder) => {
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

describe("setUpEngine without access to the native engine", () => {
  it("reports each tier's reason, the remedy and the log on one line, and leaves no partial files", async () => {
    const cache = scratchCache();
    const tfjsNode = freshTfjsNode();
    vi.stubEnv("CXX", "no-such-compiler");
    const manifest = readFileSync(path.join(tfjsNode.folder, "package.json"), "utf8");
    const line = await setUpEngine("auto", tfjsNode);
    expect(line).toMatch(/^wasm engine, because the native one failed \(installer: .*ECONNREFUSED/);
    expect(line).toContain(linux ? "CXX=no-such-compiler does not run" : "it supports only");
    expect(line).toContain("to retry, run `pnpm -w run engine`");
    expect(line).not.toContain("\n");
    expect(readFileSync(logFile(), "utf8")).toContain("Downloading libtensorflow");
    expect(readFileSync(path.join(tfjsNode.folder, "package.json"), "utf8")).toBe(manifest);
    expect(existsSync(path.join(tfjsNode.folder, "deps"))).toBe(false);
    expect(readdirSync(cache)).toEqual(["engine-setup.log"]);
  });

  it.runIf(linux)("reports a missing compiler before downloading anything", async () => {
    scratchCache();
    vi.stubEnv("CXX", undefined);
    pathOf({ python3: "echo pip" });
    expect(await setUpEngine("wheel", freshTfjsNode())).toContain(
      "(wheel: no g++ or clang++ (Debian, Ubuntu: apt install g++; macOS: xcode-select --install))",
    );
    expect(readFileSync(logFile(), "utf8")).not.toContain("pip download");
  });

  it.runIf(linux)("reports a missing python3 with pip", async () => {
    scratchCache();
    pathOf({ ...compiler, python3: "echo 'No module named pip' >&2; exit 1" });
    expect(await setUpEngine("wheel", freshTfjsNode())).toContain("(wheel: no python3 with pip");
  });

  it.runIf(linux)("reports pip's error", async () => {
    scratchCache();
    pathOf({
      ...compiler,
      python3: `case "$*" in *download*) echo "ERROR: No matching distribution found"; exit 1;; esac`,
    });
    expect(await setUpEngine("wheel", freshTfjsNode())).toContain("No matching distribution found");
  });

  it("reports a cache that is not writable", async () => {
    scratchCache();
    const file = path.join(scratchFolder(), "file");
    writeFileSync(file, "");
    vi.stubEnv("ATTEND_CACHE", path.join(file, "cache"));
    expect(await setUpEngine("wheel", freshTfjsNode())).toMatch(
      /^wasm engine: the cache cannot be written \(ENOTDIR.*; set ATTEND_CACHE to another folder/,
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
    expect(existsSync(broken)).toBe(true); // Another tier's entry is kept.
    expect(await setUpEngine("installer", tfjsNode)).toContain("wasm engine");
    expect(existsSync(broken)).toBe(false);
    expect(cache).toBe(path.dirname(broken));
  });
});

/** Makes pip find only the packages in `folder`. */
function onlyFrom(folder: string): void {
  vi.stubEnv("PIP_NO_INDEX", "1");
  vi.stubEnv("PIP_FIND_LINKS", folder);
  vi.stubEnv("PIP_CONFIG_FILE", "/dev/null");
}

describe.runIf(linux)("the wheel", () => {
  it("is rejected if its content does not match the pinned hash", async ({ skip }) => {
    scratchCache();
    vi.stubEnv("CXX", "true");
    const folder = scratchFolder();
    writeFileSync(
      path.join(folder, wheelFor("linux", process.arch).file),
      "another wheel under the same name",
    );
    onlyFrom(folder);
    const line = await setUpEngine("wheel", freshTfjsNode());
    skip(line.includes("no python3"), "no python3 with pip");
    expect(line).toContain("the wheel from pip does not have the pinned SHA-256");
  });

  const whole = process.env["ATTEND_TEST_INSTALL"] === "1";

  // Downloads 200 MB and compiles, so it runs only with ATTEND_TEST_INSTALL=1.
  it.runIf(whole)(
    "installs the engine, and a reinstall uses the cache",
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
