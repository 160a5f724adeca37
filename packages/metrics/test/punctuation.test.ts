import { expect, test } from "vitest";
import { scorePunctuation } from "../src/index.ts";

const marks = ["comma", "period"] as const;

test("counts each mark, and all together", () => {
  const found = ["comma", "none", "period", "comma", "period", "dash"];
  const expected = ["comma", "comma", "period", "period", "none", "none"];
  const { marks: each, micro } = scorePunctuation(found, expected, marks);
  expect(each.comma).toEqual({ precision: 1 / 2, recall: 1 / 2, f1: 1 / 2 });
  expect(each.period).toEqual({ precision: 1 / 2, recall: 1 / 2, f1: 1 / 2 });
  expect(micro).toEqual({ precision: 2 / 4, recall: 2 / 4, f1: 2 / 4 });
});

test("is 1 for what is the same, and 0 without marks", () => {
  expect(scorePunctuation(["comma"], ["comma"], marks).micro.f1).toBe(1);
  expect(scorePunctuation(["none"], ["none"], marks).micro).toEqual({
    precision: 0,
    recall: 0,
    f1: 0,
  });
  expect(scorePunctuation(["comma"], ["none"], marks).micro.f1).toBe(0);
});
