import sharp from "sharp";
import { expect, test } from "vitest";
import { drawAlignment } from "../src/present/alignment-picture.ts";
import { formatAlignment } from "../src/present/alignment-text.ts";

const alignment = {
  source: ["A", " dog", "<end>"],
  target: ["Ein", " Hund"],
  weights: [
    [1, 0, 0],
    [0.1, 0.6, 0.3],
    [0, 0, 1],
  ],
};

test("on the terminal, has a row for each output token", () => {
  expect(formatAlignment(alignment)).toBe(
    [
      "           <",
      "         ▁ e",
      "         d n",
      "         o d",
      "       A g >",
      "  Ein │██    │",
      "▁Hund │  ▓▓░░│",
    ].join("\n"),
  );
});

test("aligns wide characters", () => {
  const text = formatAlignment({ source: ["犬", "a"], target: ["走る"], weights: [[1, 0]] });
  expect(text).toBe(["      犬a", "走る │██  │"].join("\n"));
});

test("as a picture, is dark where the attention is", async () => {
  const png = await drawAlignment(alignment);
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  expect(info.format).toBe("raw");
  // From the bottom right: a border of 24 pixels, then cells of 30 pixels.
  const at = (column: number, row: number) => {
    const x = info.width - 24 - (3 - column) * 30 + 15;
    const y = info.height - 24 - (2 - row) * 30 + 15;
    return data[(y * info.width + x) * 3] ?? 0;
  };
  expect(at(0, 0)).toBeLessThan(20);
  expect(at(1, 0)).toBe(255);
  expect(at(1, 1)).toBeLessThan(at(2, 1));
  await expect(drawAlignment({ source: ["a"], target: [], weights: [] })).rejects.toThrow(
    "nothing was translated",
  );
});
