import { expect, test, vi } from "vitest";
import { createTrainingProgress, type ShownTrainingEvent } from "../src/index.ts";

/** What is written to stderr during the events. */
function shown(events: readonly ShownTrainingEvent[], quiet = false): string {
  vi.useFakeTimers();
  const written: string[] = [];
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  const progress = createTrainingProgress({ quiet, metrics: ["bleu", "loss"] });
  try {
    for (const event of events) {
      progress.event(event);
      vi.advanceTimersByTime(10_000);
    }
    progress.stop();
  } finally {
    stderr.mockRestore();
    vi.useRealTimers();
  }
  return written.join("");
}

const step = { type: "step", loss: 2.5, metrics: {} } as const;
const validation = {
  type: "validation",
  step: 2,
  epoch: 1,
  metrics: { loss: 2, bleu: 0.25 },
} as const;
const events: ShownTrainingEvent[] = [
  { type: "start", step: 0, totalSteps: Number.POSITIVE_INFINITY },
  { ...step, step: 1, totalSteps: 90 },
  { ...step, step: 2, totalSteps: 100, metrics: { accuracy: 0.5 } },
  { type: "validation-start" },
  { ...validation, isBest: true },
  { type: "checkpoint" },
];

test("shows steps, with the total as known so far, and validations", () => {
  expect(shown(events).split("\n")).toEqual([
    "training: 1/90 steps, 10.0 s each, 14m50s left, loss 2.500",
    "training: 2/100 steps, 10.0 s each, 16m20s left, loss 2.500, accuracy 0.5000",
    "epoch 1, step 2: bleu 0.2500, loss 2.0000 (best so far)",
    "training: 2/100 steps, 30.0 s each, 49m00s left, loss 2.500, accuracy 0.5000",
    "",
  ]);
});

test("shows stages, preparation, and warnings above the bar", () => {
  const counted = { type: "progress", label: "encoding", unit: "photos", total: 3 } as const;
  const before: ShownTrainingEvent[] = [
    { type: "note", message: "a vocabulary of 300 words" },
    { type: "stage", name: "decoder", number: 1, stages: 2 },
    { ...counted, done: 1 },
    { type: "warning", message: "a.jpg\nis broken" },
    { ...counted, done: 3 },
    { type: "start", step: 0, totalSteps: 90 },
    { ...step, step: 1, totalSteps: 90 },
  ];
  const lines = shown(before).split("\n");
  expect(lines.filter((line) => !line.includes(","))).toEqual([
    "a vocabulary of 300 words",
    "stage 1 of 2: decoder",
    expect.stringMatching(/^warning: a\.jpg.*is broken$/),
    "",
  ]);
  expect(lines).toContainEqual(expect.stringMatching(/^encoding: 3\/3 photos, /));
  expect(lines.at(-2)).toMatch(/^decoder: 1\/90 steps, /);
});

test("shows only warnings if quiet", () => {
  expect(shown([...events, { type: "note", message: "one" }], true)).toBe("");
  expect(shown([{ type: "warning", message: "two" }], true)).toBe("warning: two\n");
});
