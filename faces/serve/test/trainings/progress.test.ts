import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { expect, test } from "vitest";
import { identityOf } from "../../src/process-identity.ts";
import { LogReader, lastLine, latestOf, thinned } from "../../src/trainings/progress.ts";
import { isRunning, type TrainingRecord } from "../../src/trainings/record.ts";

const step = (number: number) => ({
  type: "step",
  step: number,
  epoch: 1,
  loss: 1 / number,
  learningRate: 0.1,
  gradientNorm: 1,
  itemsPerSecond: 1,
  metrics: {},
});
const validation = (number: number) => ({
  type: "validation",
  step: number,
  epoch: 1,
  metrics: { bleu: 0.5, loss: null },
});
const lines = (...entries: object[]) => entries.map((each) => `${JSON.stringify(each)}\n`).join("");
const stepsOf = (entries: readonly { step: number }[]) => entries.map((each) => each.step);

test("a log is read as it grows, line by line", () => {
  const folder = temporaryDirectory();
  const log = join(folder, "log.jsonl");
  const reader = new LogReader(folder);
  expect(reader.read()).toEqual([]);
  writeFileSync(log, `${lines(step(1), step(2))}{"type":"st`);
  expect(stepsOf(reader.read())).toEqual([1, 2]);
  appendFileSync(log, `ep"}\n${lines(validation(2), step(3))}`);
  expect(reader.read()).toMatchObject([
    { type: "validation", step: 2, metrics: { bleu: 0.5, loss: null } },
    { type: "step", step: 3 },
  ]);
  expect(reader.read()).toEqual([]);
});

test("what a resumed training does again is not told twice", () => {
  const folder = temporaryDirectory();
  const log = join(folder, "log.jsonl");
  const reader = new LogReader(folder);
  writeFileSync(log, lines(step(1), step(2), step(3)));
  reader.read();
  writeFileSync(log, lines(step(1)));
  expect(reader.read()).toEqual([]);
  appendFileSync(log, lines(step(2), step(3), step(4)));
  expect(stepsOf(reader.read())).toContain(4);
});

test("steps count through the stages", () => {
  const folder = temporaryDirectory();
  const write = (stage: string, ...entries: object[]) => {
    mkdirSync(join(folder, stage));
    writeFileSync(join(folder, stage, "log.jsonl"), lines(...entries));
  };
  write("1-words", step(1), step(2), validation(2));
  const reader = new LogReader(folder);
  expect(stepsOf(reader.read())).toEqual([1, 2, 2]);
  write("2-reward", step(1));
  expect(stepsOf(reader.read())).toEqual([3]);
  expect(latestOf(folder)).toMatchObject({ step: { step: 3 }, validation: { step: 2 } });
});

test("a long log is thinned, but for its validations and its end", () => {
  const folder = temporaryDirectory();
  const steps = Array.from({ length: 1000 }, (_, i) => step(i + 1));
  writeFileSync(join(folder, "log.jsonl"), lines(validation(0), ...steps, validation(1000)));
  const shown = thinned(new LogReader(folder).read(), 10);
  expect(shown.filter(({ type }) => type === "validation")).toHaveLength(2);
  expect(shown.filter(({ type }) => type === "step")).toHaveLength(10);
  expect(shown.at(-2)).toMatchObject({ type: "step", step: 1000 });
});

test("the last line of an output, however long it is", () => {
  const file = join(temporaryDirectory(), "output.txt");
  expect(lastLine(file)).toBe(undefined);
  writeFileSync(file, `${"first\n".repeat(10_000)}error: no data; give some\n`);
  expect(lastLine(file)).toBe("error: no data; give some");
});

test("a process is told from a later one with its id", () => {
  const identity = identityOf(process.pid);
  expect(identity).toBe(identityOf(process.pid));
  const record: TrainingRecord = { kind: "chat", created: "", args: [], wanted: "running" };
  const running = (id: string) =>
    isRunning({ ...record, process: { pid: process.pid, identity: id } });
  expect(running(identity ?? "")).toBe(true);
  expect(running("an earlier start")).toBe(false);
  expect(isRunning(record)).toBe(false);
  expect(identityOf(2 ** 30)).toBe(undefined);
});
