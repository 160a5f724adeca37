import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { beforeEach, describe, expect, test } from "vitest";
import { expandInputs } from "../src/index.ts";

const photos = { extensions: [".jpg", ".png"] };
let root: string;
beforeEach(() => {
  root = temporaryDirectory();
});
const add = (...parts: string[]) => {
  const path = join(root, ...parts);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, "");
  return path;
};

describe("expandInputs", () => {
  test("lists a file whatever its name, and a folder's photos recursively in order", async () => {
    const note = add("note.txt");
    const expected = ["a.JPG", "b/1.png", "b/c/0.jpg", "c.jpg"].map((path) => add("album", path));
    add("album", "b", "note.txt");
    add("album", ".hidden.jpg");
    add("album", ".thumbnails", "a.jpg");
    const paths = (await expandInputs([note, join(root, "album")], photos)).map(
      (each) => each.path,
    );
    expect(paths).toEqual([note, ...expected]);
  });

  test("follows a link to a file, but not a circular one", async () => {
    const photo = add("photo.jpg");
    mkdirSync(join(root, "album"));
    symlinkSync(photo, join(root, "album", "link.jpg"));
    symlinkSync(root, join(root, "album", "circle"));
    const inputs = await expandInputs([join(root, "album")], photos);
    expect(inputs).toEqual([{ path: join(root, "album", "link.jpg") }]);
  });

  test("turns a missing path into an item with its error, and lists the others", async () => {
    const photo = add("photo.jpg");
    const missing = join(root, "absent.jpg");
    const below = join(photo, "below.jpg");
    const inputs = await expandInputs([missing, below, photo], photos);
    expect(inputs.map(({ path, error }) => [path, error?.code])).toEqual([
      [missing, "FILE_NOT_FOUND"],
      [below, "FILE_NOT_FOUND"],
      [photo, undefined],
    ]);
    expect(inputs[0]?.error?.message).toBe(`${missing} does not exist; check the path`);
  });

  test("names the extensions that a folder has no file of", async () => {
    add("texts", "note.txt");
    const folder = join(root, "texts");
    const [input] = await expandInputs([folder], photos);
    expect(input?.error?.message).toBe(`folder ${folder} holds no file ending in .jpg, .png`);
  });

  test("an unreadable folder does not hide its neighbors", async (context) => {
    if (process.getuid?.() === 0) context.skip("root can read every folder");
    add("album", "closed", "a.jpg");
    const open = add("album", "open.jpg");
    chmodSync(join(root, "album", "closed"), 0);
    const inputs = await expandInputs([join(root, "album")], photos);
    chmodSync(join(root, "album", "closed"), 0o700);
    expect(inputs.map(({ path, error }) => [path, error?.code])).toEqual([
      [join(root, "album", "closed"), "READ_FAILED"],
      [open, undefined],
    ]);
  });

  test("does not block on a pipe in a folder, whatever its name", async () => {
    const photo = add("album", "a.jpg");
    const pipe = join(root, "album", "pipe.jpg");
    execFileSync("mkfifo", [pipe]);
    const link = (to: string, name: string) => {
      symlinkSync(to, join(root, "album", name));
      return join(root, "album", name);
    };
    const skipped: string[] = [];
    const others = [pipe, link(pipe, "to-a-pipe.jpg"), link(root, "to-a-folder.jpg")];
    const broken = [link("nowhere", "broken.jpg"), link("circle.jpg", "circle.jpg")];
    const inputs = await expandInputs([join(root, "album")], {
      ...photos,
      onSkip: (path) => skipped.push(path),
    });
    // Broken links are reported by whoever reads them.
    expect(inputs.map(({ path }) => path)).toEqual([photo, ...broken]);
    expect(skipped.sort()).toEqual(others.sort());
  });

  test("reports a folder's other files, except hidden ones", async () => {
    add("album", "a.jpg");
    add("album", ".hidden");
    const others = ["b.txt", "more/c.MP4", "more/no-ending"].map((path) => add("album", path));
    symlinkSync(root, join(root, "album", "round"));
    const skipped: string[] = [];
    await expandInputs([join(root, "album"), add("note.txt")], {
      ...photos,
      onSkip: (path) => skipped.push(path),
    });
    expect(skipped).toEqual([...others, join(root, "album", "round")]);
  });

  test("accepts names that are not UTF-8, given or found in a folder", async () => {
    const path = Buffer.from(join(root, "alt\xe9.jpg"), "latin1");
    writeFileSync(path, "");
    const input = { path: join(root, "alt\xe9.jpg"), bytesOfPath: path };
    expect(await expandInputs([root, path], photos)).toEqual([input, input]);
  });

  test("gives the remedy if a name that is not UTF-8 does not exist", async () => {
    const absent = Buffer.from(join(root, "alt\xe9.jpg"), "latin1");
    const inputs = await expandInputs([absent, join(root, "alt\uFFFD.jpg")], photos);
    expect(inputs.map(({ error }) => error?.code)).toEqual(["FILE_NOT_FOUND", "FILE_NOT_FOUND"]);
    for (const { path, error } of inputs) {
      expect(error?.message).toBe(
        `${path} does not exist; its name is not in UTF-8: give its folder, or write the list in UTF-8`,
      );
    }
  });
});
