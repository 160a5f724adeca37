import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { expect, test } from "vitest";
import { appendLog, type LogEntry, readLog, truncateLog } from "../src/log.ts";
import { plotCurves, plotCurvesPng } from "../src/plot.ts";

function entry(step: number): LogEntry {
  const rest = {
    learningRate: 1e-3,
    gradientNorm: 2,
    itemsPerSecond: 10,
    metrics: { ppl: 1 / step },
  };
  return { type: "step", step, epoch: 1, loss: 1 / step, ...rest };
}
const validation: LogEntry = {
  type: "validation",
  step: 2,
  epoch: 1,
  metrics: { bleu: 0.2, "a<b": null },
};

test("reads appended entries; resuming drops later ones and half a line", async () => {
  const path = join(temporaryDirectory(), "log.jsonl");
  const entries = [entry(1), entry(2), validation, entry(3)];
  for (const each of entries) appendLog(path, each);
  expect(await readLog(path)).toEqual(entries);
  appendFileSync(path, '{"type":"step","st');
  await truncateLog(path, 2);
  expect(await readLog(path)).toEqual(entries.slice(0, 3));
  expect(readFileSync(path, "utf8")).toMatch(/\}\n$/);
  await truncateLog(path, 0);
  expect(await readLog(path)).toEqual([]);
});

test("names an invalid line", async () => {
  const path = join(temporaryDirectory(), "log.jsonl");
  writeFileSync(path, `${JSON.stringify(entry(1))}\n{"step":1}\n`);
  await expect(readLog(path)).rejects.toMatchObject({
    code: "BAD_DATA",
    message: expect.stringMatching(/log\.jsonl line 2: /),
  });
});

test("the plot has a panel for each curve, and only numbers in its paths", async () => {
  const log = [...Array.from({ length: 900 }, (_, i) => entry(i + 1)), validation];
  const svg = plotCurves(log, { title: "Ten & more" });
  for (const title of ["loss", "ppl", "bleu", "learning rate", "gradient norm", "Ten &amp; more"]) {
    expect(svg).toContain(`aria-label="${title}"`);
  }
  expect(svg).not.toContain("a<b");
  const lines = [...svg.matchAll(/points="([^"]*)"/g)].map(
    ([, points]) => points?.split(" ") ?? [],
  );
  expect(lines.flat().filter((point) => !/^(-?[\d.]+,-?[\d.]+)?$/.test(point))).toEqual([]);
  // At most 400 points per line, however long the log.
  expect(Math.max(...lines.map((points) => points.length))).toBeLessThanOrEqual(400);
  expect(Math.max(...lines.map((points) => points.length))).toBeGreaterThan(200);
  // Text is drawn as outlines, independent of installed fonts.
  expect(svg).not.toMatch(/<text|font/);
  const png = await plotCurvesPng(log);
  expect(png.subarray(1, 4).toString()).toBe("PNG");
});

test("draws a single point, but not an empty log", () => {
  expect(plotCurves([entry(1)])).not.toMatch(/NaN|Infinity/);
  expect(() => plotCurves([])).toThrow(expect.objectContaining({ code: "BAD_ARGUMENT" }));
});
