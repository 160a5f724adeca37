import { expect, test } from "vitest";
import { formatTable } from "../src/index.ts";

const rows = [
  { model: "soft attention", "BLEU-4": 0.27, note: "long" },
  { model: "none", "BLEU-4": 0.2 },
];

test("columns are aligned, numbers on the right", () => {
  expect(formatTable(rows).split("\n")).toEqual([
    "model           BLEU-4  note",
    "soft attention    0.27  long",
    "none               0.2",
  ]);
});

test("no rows give no table", () => {
  expect(formatTable([])).toBe("");
});
