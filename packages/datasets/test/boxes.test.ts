import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeWithData, temporaryDirectory } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { cocoClassesIn, readBoxes } from "../src/index.ts";

const classesIn = (text: string) =>
  cocoClassesIn(text.split(" ")).map(({ name, at }) => `${at} ${name}`);

describe("cocoClassesIn", () => {
  test.each([
    ["two men with a tennis racket", ["1 person", "5 tennis racket"]],
    ["a hot dog beside a dog", ["2 hot dog", "5 dog"]],
    ["the women and children feed geese", ["1 person", "3 person", "5 bird"]],
    ["buses and sandwiches with knives", ["0 bus", "2 sandwich", "4 knife"]],
    ["ladies with puppies and cell phones", ["0 person", "2 dog", "5 cell phone"]],
    ["a basketball player beside polar bears", ["2 person", "5 bear"]],
  ])("%s", (text, expected) => {
    expect(classesIn(text)).toEqual(expected);
  });

  test("a compound that names another thing is no class, nor is a word within a word", () => {
    expect(classesIn("train stations near a bus stop")).toEqual([]);
    expect(classesIn("a catalog of carpets")).toEqual([]);
    expect(classesIn("")).toEqual([]);
  });
});

describe("readBoxes", () => {
  const header = "image\tclass\tx1\ty1\tx2\ty2";
  const read = (text: string) => {
    const file = join(temporaryDirectory(), "boxes.tsv");
    writeFileSync(file, text);
    return readBoxes(file);
  };

  test("gives the objects of each photo, by its file's name, in order", async () => {
    const rows = ["b.webp\twine_glass\t0\t0.5\t0.25\t1", "photos/a.webp\tdog\t0\t0\t1\t1"];
    expect(await read([header, ...rows, "b.webp\tcat\t0.1\t0.2\t0.3\t0.4", ""].join("\n"))).toEqual(
      new Map([
        [
          "b.webp",
          [
            { name: "wine glass", x1: 0, y1: 0.5, x2: 0.25, y2: 1 },
            { name: "cat", x1: 0.1, y1: 0.2, x2: 0.3, y2: 0.4 },
          ],
        ],
        ["a.webp", [{ name: "dog", x1: 0, y1: 0, x2: 1, y2: 1 }]],
      ]),
    );
  });

  test.each([
    ["image\tclass\n", /line 1 is .* expected the columns image, class, x1, y1, x2, y2/],
    [`${header}\na\tdog\t0\t0\t1\t1\na\tdgo\t0\t0\t1\t1`, /line 3: "dgo" is not one of COCO's/],
    [`${header}\na\tdog\t10\t20\t30\t40`, /line 2: the box is 10, 20, 30, 40; give fractions/],
    [`${header}\na\tdog\t0.5\t0\t0.4\t1`, /line 2: the box is 0.5, 0, 0.4, 1/],
    [`${header}\na\tdog\t0\t0\t1`, /line 2: the box is 0, 0, 1/],
    [`${header}\na\tdog\tx\t0\t1\t1`, /line 2: the box is x, 0, 1, 1/],
  ])("rejects %j", async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });
});

describeWithData("COCO's boxes", ["coco8k", "boxes.tsv"], (path) => {
  test("are those of 620 photos", async () => {
    const boxes = await readBoxes(path);
    expect(boxes.size).toBe(620);
    expect([...boxes.values()].flat().length).toBe(4592);
  });
});
