import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadGolden, temporaryDirectory } from "@attend/test-kit";
import { expect, test } from "vitest";
import { EventFile, eventRecord, fileVersion, sessionStart, summary } from "../src/event-file.ts";
import { readCurves } from "./support/read-curves.ts";

const golden = loadGolden<{ times: number[]; records: string[] }>(
  new URL("./golden/events.golden.json", import.meta.url),
);

test("records equal those of TensorBoard's writer", () => {
  const curves = { "train/loss": 0.1, "train/learningRate": 1e-9, "validation/bleu é": Number.NaN };
  const events: [step: number, content: Buffer][] = [
    [0, fileVersion()],
    [17, sessionStart()],
    [1, summary({ "train/loss": 2.5 })],
    [300, summary(curves)],
    [2 ** 40 + 5, summary({ ["a".repeat(200)]: -3e38 })],
  ];
  const records = events.map(([step, content], i) =>
    eventRecord(golden.times[i] ?? 0, step, content).toString("hex"),
  );
  expect(records).toEqual(golden.records);
});

test("a run replaces the points of earlier runs from its first step on", () => {
  const folder = join(temporaryDirectory(), "tensorboard");
  const steps = (from: number, to: number, value: number) => {
    const file = new EventFile(folder, from);
    for (let step = from; step <= to; step++) file.append(step, { loss: value, norm: -value });
  };
  steps(1, 7, 1);
  steps(5, 6, 2);
  steps(6, 9, 3);
  const values = [1, 1, 1, 1, 2, 3, 3, 3, 3];
  expect(readCurves(folder)).toEqual({
    loss: values.map((value, i) => [i + 1, value]),
    norm: values.map((value, i) => [i + 1, -value]),
  });
});

test("a run without points writes no file; points are on disk immediately", () => {
  const folder = temporaryDirectory();
  const file = new EventFile(folder, 1);
  expect(readdirSync(folder)).toEqual([]);
  file.append(1, { loss: 1 });
  const [name = ""] = readdirSync(folder);
  expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\.\d{3}$/);
  expect(readFileSync(join(folder, name), "latin1")).toContain("loss");
});
