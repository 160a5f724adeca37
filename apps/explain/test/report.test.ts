import { expect, test } from "vitest";
import { type Measured, summarize } from "../src/index.ts";
import { startRow, summaryRow } from "../src/present/report.ts";

const measured: Measured = {
  task: "adding",
  length: 3,
  network: "GRU",
  clipNorm: 1,
  before: [1, 2, 4],
  after: [1e-30, 1e-15, 0.5],
  losses: Array.from({ length: 20 }, (_, i) => (i < 18 ? 100 : i - 17)),
  gradientNorms: Array.from({ length: 20 }, (_, i) => (i < 5 ? 3 + i : 0.5)),
  divergedAt: null,
  baseline: 1 / 6,
};

test("summarizes a training run", () => {
  expect(summarize(measured)).toEqual({
    task: "adding",
    length: 3,
    network: "GRU",
    clipNorm: 1,
    before: { first: 1, last: 4, ratio: 0.25 },
    after: { first: 1e-30, last: 0.5, ratio: 2e-30 },
    largestGradientNorm: 7,
    clippedShare: 0.25,
    loss: 1.5,
    baseline: 1 / 6,
    divergedAt: null,
  });
  expect(summaryRow(summarize(measured))).toMatchObject({
    clipped: "25 %",
    "ratio before": "2.5e-1",
    "ratio after": "2.0e-30",
    "largest norm": "7.0e+0",
    loss: "1.5000",
    baseline: "0.1667",
  });
});

test("summarizes runs without clipping, with growing loss, and that diverge at once", () => {
  const row = (changes: Partial<Measured>) => summaryRow(summarize({ ...measured, ...changes }));
  expect(row({ clipNorm: null })["clipped"]).toBe("no");
  expect(row({ losses: [4e17] })["loss"]).toBe("4.0e+17");
  const ended = { losses: [], gradientNorms: [], divergedAt: 1 };
  expect(row(ended)).toMatchObject({ loss: "not finite at 1", clipped: "0 %" });
});

test("formats an untrained network as a row", () => {
  expect(startRow({ task: "copy", length: 20, scale: 1.5, norms: [6, 3] })).toEqual({
    task: "copy",
    length: 20,
    "recurrent weights": "orthogonal x 1.5",
    "|dL/dh_1|": "6.0e+0",
    "|dL/dh_T|": "3.0e+0",
    ratio: "2.0e+0",
  });
});
