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
  test("takes a file as it is, a folder's photos in order, the deeper ones too", async () => {
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

  test("follows a link to a file, not one that goes round in circles", async () => {
    const photo = add("photo.jpg");
    mkdirSync(join(root, "album"));
    symlinkSync(photo, join(root, "album", "link.jpg"));
    symlinkSync(root, join(root, "album", "round"));
    const inputs = await expandInputs([join(root, "album")], photos);
    expect(inputs).toEqual([{ path: join(root, "album", "link.jpg") }]);
  });

  test("a path without file is an item with its error; the rest goes on", async () => {
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

  test("a folder without photos says what it was searched for", async () => {
    add("texts", "note.txt");
    const folder = join(root, "texts");
    const [input] = await expandInputs([folder], photos);
    expect(input?.error?.message).toBe(`folder ${folder} holds no file ending in .jpg, .png`);
  });

  test("a folder that may not be read does not hide its neighbours", async (context) => {
    if (process.getuid?.() === 0) context.skip("root may read everywhere");
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

  test("waits for no pipe that lies in a folder, however it is called", async () => {
    const photo = add("album", "a.jpg");
    const pipe = join(root, "album", "pipe.jpg");
    execFileSync("mkfifo", [pipe]);
    const link = (to: string, name: string) => {
      symlinkSync(to, join(root, "album", name));
      return join(root, "album", name);
    };
    const passedOver: string[] = [];
    const others = [pipe, link(pipe, "to-a-pipe.jpg"), link(root, "to-a-folder.jpg")];
    const lost = [link("nowhere", "lost.jpg"), link("round.jpg", "round.jpg")];
    const inputs = await expandInputs([join(root, "album")], {
      ...photos,
      onPassedOver: (path) => passedOver.push(path),
    });
    // Links to nowhere are told where they are read.
    expect(inputs.map(({ path }) => path)).toEqual([photo, ...lost]);
    expect(passedOver.sort()).toEqual(others.sort());
  });

  test("tells what a folder has besides, but for hidden files", async () => {
    add("album", "a.jpg");
    add("album", ".hidden");
    const others = ["b.txt", "more/c.MP4", "more/no-ending"].map((path) => add("album", path));
    symlinkSync(root, join(root, "album", "round"));
    const passedOver: string[] = [];
    await expandInputs([join(root, "album"), add("note.txt")], {
      ...photos,
      onPassedOver: (path) => passedOver.push(path),
    });
    expect(passedOver).toEqual([...others, join(root, "album", "round")]);
  });

  test("takes names that are no UTF-8, in a folder and by themselves", async () => {
    const path = Buffer.from(join(root, "alt\xe9.jpg"), "latin1");
    writeFileSync(path, "");
    const input = { path: join(root, "alt\xe9.jpg"), bytesOfPath: path };
    expect(await expandInputs([root, path], photos)).toEqual([input, input]);
  });

  test("says of a name that is no UTF-8 what to do where nothing is there", async () => {
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
