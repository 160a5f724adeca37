import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { absentMessage } from "../src/files.ts";
import { nearestName, nearestPath } from "../src/nearest.ts";

describe("nearestName", () => {
  const commands = ["train", "evaluate", "average"];

  test.each([
    ["trian", "train"],
    ["evluate", "evaluate"],
    ["EVALUATE", "evaluate"],
    ["avarege", "average"],
    ["brian", undefined],
    ["a", undefined],
    ["", undefined],
    ["translate", undefined],
  ])("%j means %j", (typed, meant) => {
    expect(nearestName(typed, commands)).toBe(meant);
  });

  test("is undefined for no names, and the closest of several", () => {
    expect(nearestName("train", [])).toBeUndefined();
    expect(nearestName("beach2.jpg", ["beach.jpg", "beach1.jpg", "beach20.jpg"])).toBe("beach.jpg");
  });
});

describe("nearestPath", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "attend-names-"));
    mkdirSync(join(folder, "photos"));
    for (const name of ["beach.jpg", "Cat.png", ".hidden.jpg"]) {
      writeFileSync(join(folder, "photos", name), "");
    }
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ["photos/beech.jpg", "photos/beach.jpg"],
    ["photos/beach.jpeg", "photos/beach.jpg"],
    ["photos/cat.PNG", "photos/Cat.png"],
    ["fotos/beach.jpg", "photos/beach.jpg"],
    ["./photos//beach", "photos/beach.jpg"],
    ["photos/hidden.jpg", undefined],
    ["photos/mountain.jpg", undefined],
    ["photos/beach.jpg/more", undefined],
    ["elsewhere/beach.jpg", undefined],
  ])("%s means %s", (typed, meant) => {
    const expected = meant && join(folder, meant);
    expect(nearestPath(`${folder}/${typed}`)).toBe(expected);
  });

  test("a relative path stays relative", () => {
    expect(nearestPath("pakage.json")).toBe("package.json");
    expect(nearestPath("../runtime/srk/files.ts")).toBe(join("..", "runtime", "src", "files.ts"));
  });

  test("a dangling link is not suggested", () => {
    symlinkSync(join(folder, "gone"), join(folder, "link"));
    expect(nearestPath(join(folder, "link"))).toBeUndefined();
  });

  test("the error message has the suggestion, or the remedy", () => {
    const beech = join(folder, "photos", "beech.jpg");
    const beach = join(folder, "photos", "beach.jpg");
    expect(absentMessage(beech)).toBe(`${beech} does not exist; did you mean ${beach}?`);
    expect(absentMessage("nowhere", "go away")).toBe("nowhere does not exist; go away");
    expect(absentMessage("https://example.org/a.txt")).toBe(
      "https://example.org/a.txt is a URL, but only files can be read here; download it and give its path",
    );
  });
});
