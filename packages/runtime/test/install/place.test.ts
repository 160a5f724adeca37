import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { place } from "../../src/install/place.ts";
import { scratchFolder } from "./support/scratch.ts";

const addon = path.join("lib", "napi-v8", "tfjs_binding.node");
const library = path.join("deps", "lib", "libtensorflow.so.2");
const shortName = path.join("deps", "lib", "libtensorflow.so");

function makeEntry(): string {
  const entry = scratchFolder();
  for (const file of [addon, library]) {
    mkdirSync(path.dirname(path.join(entry, file)), { recursive: true });
    writeFileSync(path.join(entry, file), `content of ${file}`);
  }
  symlinkSync("libtensorflow.so.2", path.join(entry, shortName));
  return entry;
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => !statSync(path.join(folder, name)).isDirectory())
    .sort();

describe("place", () => {
  it("links the files and links of an entry into the package, and leaves no other files", async () => {
    const [entry, folder] = [makeEntry(), scratchFolder()];
    await place(entry, folder, addon);
    expect(filesIn(folder)).toEqual([addon, library, shortName].sort());
    expect(readFileSync(path.join(folder, addon), "utf8")).toBe(`content of ${addon}`);
    expect(readlinkSync(path.join(folder, shortName))).toBe("libtensorflow.so.2");
    expect(statSync(path.join(folder, library)).ino).toBe(statSync(path.join(entry, library)).ino);
  });

  it("can be repeated, and replaces another version's files", async () => {
    const [entry, folder] = [makeEntry(), scratchFolder()];
    mkdirSync(path.dirname(path.join(folder, library)), { recursive: true });
    writeFileSync(path.join(folder, library), "older");
    await place(entry, folder, addon);
    await place(entry, folder, addon);
    expect(filesIn(folder)).toEqual([addon, library, shortName].sort());
    expect(readFileSync(path.join(folder, library), "utf8")).toBe(`content of ${library}`);
  });

  it("does not follow links to folders, which may point outside the entry", async () => {
    const [entry, folder, outside] = [makeEntry(), scratchFolder(), scratchFolder()];
    writeFileSync(path.join(outside, "file"), "");
    symlinkSync(outside, path.join(entry, "linked"));
    await place(entry, folder, addon);
    expect(readlinkSync(path.join(folder, "linked"))).toBe(outside);
    expect(readdirSync(outside)).toEqual(["file"]);
  });

  it("places the addon last, so that a failed library leaves no addon", async () => {
    const [entry, folder] = [makeEntry(), scratchFolder()];
    mkdirSync(path.join(folder, library, "in the way"), { recursive: true });
    await expect(place(entry, folder, addon)).rejects.toThrow();
    expect(existsSync(path.join(folder, addon))).toBe(false);
  });

  const memory = "/dev/shm";
  const otherDevice = existsSync(memory) && statSync(memory).dev !== statSync(".").dev;

  it.skipIf(!otherDevice)("copies if a hard link is impossible", async () => {
    const folder = scratchFolder();
    const entry = path.join(memory, path.basename(folder));
    const { cpSync, rmSync } = await import("node:fs");
    try {
      cpSync(makeEntry(), entry, { recursive: true, verbatimSymlinks: true });
      await place(entry, folder, addon);
    } finally {
      rmSync(entry, { recursive: true, force: true });
    }
    expect(readFileSync(path.join(folder, addon), "utf8")).toBe(`content of ${addon}`);
    expect(filesIn(folder)).toEqual([addon, library, shortName].sort());
  });
});
