import { execFile } from "node:child_process";
import { constants } from "node:fs";
import {
  access,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  ensureWritableDirectory,
  readFileLimited,
  writeFileAtomic,
  writeFilesAtomic,
} from "../src/files.ts";

const run = promisify(execFile);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "attend-files-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("writeFilesAtomic", () => {
  test("writes all files, or leaves all unchanged", async () => {
    const [one, two] = [join(folder, "one"), join(folder, "two")];
    await writeFilesAtomic([
      [one, "1"],
      [two, "2"],
    ]);
    const broken = (function* () {
      yield new Uint8Array([3]);
      throw new Error("no more");
    })();
    const writing = writeFilesAtomic([
      [one, "3"],
      [two, broken],
    ]);
    await expect(writing).rejects.toMatchObject({
      code: "WRITE_FAILED",
      message: `cannot write ${two}: no more`,
    });
    expect(await readFile(one, "utf8")).toBe("1");
    expect(await readFile(two, "utf8")).toBe("2");
    expect((await readdir(folder)).sort()).toEqual(["one", "two"]);
  });
});

describe("writeFileAtomic", () => {
  test("writes text, bytes and chunks, and leaves no other files", async () => {
    await writeFileAtomic(join(folder, "text"), "één");
    await writeFileAtomic(join(folder, "bytes"), new Uint8Array([0, 255]));
    await writeFileAtomic(join(folder, "pieces"), [new Uint8Array([1, 2]), new Uint8Array([3])]);
    expect(await readFile(join(folder, "text"), "utf8")).toBe("één");
    expect([...(await readFile(join(folder, "bytes")))]).toEqual([0, 255]);
    expect([...(await readFile(join(folder, "pieces")))]).toEqual([1, 2, 3]);
    expect((await readdir(folder)).sort()).toEqual(["bytes", "pieces", "text"]);
  });

  test("replaces a file, keeping its mode, and follows a symbolic link", async () => {
    const file = join(folder, "file");
    await writeFile(file, "old");
    await chmod(file, 0o600);
    await symlink(file, join(folder, "link"));
    await writeFileAtomic(join(folder, "link"), "new");
    expect(await readFile(file, "utf8")).toBe("new");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).sort()).toEqual(["file", "link"]);
  });

  test("concurrent writers leave the complete content of one", async () => {
    const file = join(folder, "file");
    const contents = Array.from({ length: 20 }, (_, i) => String(i % 10).repeat(50_000 + i));
    await Promise.all(contents.map((content) => writeFileAtomic(file, content)));
    expect(contents).toContain(await readFile(file, "utf8"));
    expect(await readdir(folder)).toEqual(["file"]);
  });

  test("a failure midway leaves the old file and no temporary one", async () => {
    const file = join(folder, "file");
    await writeFile(file, "old");
    function* pieces() {
      yield new Uint8Array(100_000);
      throw new Error("out of tensors");
    }
    await expect(writeFileAtomic(file, pieces())).rejects.toMatchObject({
      code: "WRITE_FAILED",
      message: `cannot write ${file}: out of tensors`,
    });
    expect(await readFile(file, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["file"]);
  });

  test("names a missing folder, and a folder with the file's name", async () => {
    const missing = join(folder, "absent", "file");
    await expect(writeFileAtomic(missing, "x")).rejects.toThrow(/absent does not exist; create/);
    await expect(writeFileAtomic(folder, "x")).rejects.toThrow(/it is a folder/);
  });

  test("a name of the maximum length, and a longer one", async () => {
    await writeFileAtomic(join(folder, "n".repeat(255)), "x");
    expect(await readdir(folder)).toEqual(["n".repeat(255)]);
    await expect(writeFileAtomic(join(folder, "n".repeat(256)), "x")).rejects.toThrow(
      "the name is too long for this disk; choose a shorter one",
    );
  });

  test("a full device gives the remedy", async (context) => {
    await access("/dev/full", constants.W_OK).catch(() => context.skip("no /dev/full"));
    await expect(writeFileAtomic("/dev/full", "x")).rejects.toThrow(
      "cannot write /dev/full: the disk is full; free some space",
    );
    await writeFileAtomic("/dev/null", "x");
    expect((await stat("/dev/null")).isCharacterDevice()).toBe(true);
  });

  test("a disk that becomes full leaves the old file intact", async (context) => {
    try {
      await run("mount", ["-t", "tmpfs", "-o", "size=64k", "attend-test", folder]);
    } catch {
      context.skip("cannot mount a small disk (needs root)");
    }
    try {
      const file = join(folder, "checkpoint");
      await writeFileAtomic(file, "old");
      await expect(writeFileAtomic(file, new Uint8Array(200_000))).rejects.toMatchObject({
        code: "WRITE_FAILED",
        message: expect.stringContaining(`${file}: the disk is full; free some space`),
      });
      expect(await readFile(file, "utf8")).toBe("old");
      expect(await readdir(folder)).toEqual(["checkpoint"]);
      await writeFileAtomic(file, "fits");
      expect(await readFile(file, "utf8")).toBe("fits");
    } finally {
      await run("umount", [folder]);
    }
  });
});

describe("readFileLimited", () => {
  test("reads up to the limit and no further", async () => {
    const file = join(folder, "file");
    await writeFile(file, "12345");
    expect((await readFileLimited(file, { maxBytes: 5 })).toString()).toBe("12345");
    await expect(readFileLimited(file, { maxBytes: 4 })).rejects.toMatchObject({
      code: "READ_FAILED",
      message: `${file} is too large: at most 4 bytes are allowed; give a smaller file`,
    });
    await writeFile(file, "");
    expect(await readFileLimited(file, { maxBytes: 5 })).toHaveLength(0);
  });

  test("an endless device stops at the limit", async (context) => {
    await access("/dev/zero").catch(() => context.skip("no /dev/zero"));
    await expect(readFileLimited("/dev/zero", { maxBytes: 9999 })).rejects.toThrow(/too large/);
  });

  test("distinguishes a missing file from a folder", async () => {
    const missing = join(folder, "absent");
    await expect(readFileLimited(missing, { maxBytes: 9 })).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
      message: `${missing} does not exist; check the path`,
    });
    for (const path of ["", "a\0b", "x".repeat(5000), join(folder, "x".repeat(300))]) {
      await expect(readFileLimited(path, { maxBytes: 9 })).rejects.toMatchObject({
        code: "FILE_NOT_FOUND",
      });
    }
    await expect(readFileLimited(folder, { maxBytes: 9 })).rejects.toMatchObject({
      code: "READ_FAILED",
      message: `${folder} is a folder; give a file`,
    });
  });
});

describe("ensureWritableDirectory", () => {
  test("creates the folder with its parents and leaves it empty", async () => {
    const nested = join(folder, "a", "b");
    await ensureWritableDirectory(nested);
    await ensureWritableDirectory(nested);
    expect(await readdir(nested)).toEqual([]);
  });

  test("a file as a parent folder gives a clear error", async () => {
    await writeFile(join(folder, "file"), "");
    for (const path of [join(folder, "file"), join(folder, "file", "below")]) {
      await expect(ensureWritableDirectory(path)).rejects.toMatchObject({
        code: "WRITE_FAILED",
        message: expect.stringContaining(`cannot write into folder ${path}: a part of the path`),
      });
    }
  });

  test("a dangling link, as the path or a parent, is reported as such", async () => {
    const link = join(folder, "link");
    await symlink(join(folder, "nowhere"), link);
    for (const path of [link, join(link, "below")]) {
      await expect(ensureWritableDirectory(path)).rejects.toThrow(
        `cannot write into folder ${path}: ${link} is a link to ${join(folder, "nowhere")}, which does not exist; remove it`,
      );
    }
    await expect(writeFileAtomic(join(link, "file"), "x")).rejects.toThrow("is a link to");
    await expect(readFileLimited(link, { maxBytes: 9 })).rejects.toThrow("is a link to");
  });

  test("a file system without folders, and an empty path", async (context) => {
    await expect(ensureWritableDirectory("")).rejects.toThrow("the folder's path is empty");
    await access("/proc/self").catch(() => context.skip("no /proc"));
    await expect(ensureWritableDirectory("/proc/attend/run")).rejects.toMatchObject({
      code: "WRITE_FAILED",
      message:
        "cannot write into folder /proc/attend/run: nothing can be created in /proc; choose another path",
    });
  });

  test("a read-only folder is reported immediately", async (context) => {
    if (process.getuid?.() === 0) context.skip("root can write anywhere");
    await mkdir(join(folder, "closed"), { mode: 0o500 });
    await expect(ensureWritableDirectory(join(folder, "closed"))).rejects.toThrow(/permission/);
  });
});
