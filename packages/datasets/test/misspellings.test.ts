import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { expect, test } from "vitest";
import { readMisspellings } from "../src/index.ts";

test("reads words and their misspellings; every tenth word is for measuring", async () => {
  const file = join(temporaryDirectory(), "errors.txt");
  const lines = [
    "for: fore*5, four, for",
    "a lot: alot",
    "they're: theyre, they are",
    "Monday: mondey",
  ];
  const others = Array.from({ length: 9 }, (_, i) => `z${"abcdefghi"[i]}: zz`);
  await writeFile(file, [...lines, ...others].join("\n"));
  const { training, validation } = await readMisspellings(file);
  // In order: Monday, a lot, for, they're, za to zi.
  expect(validation).toEqual([
    ["monday", "mondey"],
    ["zg", "zz"],
  ]);
  expect(training.slice(0, 4)).toEqual([
    ["for", "fore"],
    ["for", "four"],
    ["they're", "theyre"],
    ["za", "zz"],
  ]);
});
