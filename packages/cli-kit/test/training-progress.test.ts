import { expect, test, vi } from "vitest";
import { createTrainingProgress, type ShownTrainingEvent } from "../src/index.ts";

/** What is written to stderr while the events come. */
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

test("a training's steps, of the number that is known by then, and its validations", () => {
  expect(shown(events).split("\n")).toEqual([
    "training: 1/90 steps, 10.0 s each, 14m50s left, loss 2.500",
    "training: 2/100 steps, 10.0 s each, 16m20s left, loss 2.500, accuracy 0.5000",
    "epoch 1, step 2: bleu 0.2500, loss 2.0000 (best so far)",
    "training: 2/100 steps, 30.0 s each, 49m00s left, loss 2.500, accuracy 0.5000",
    "",
  ]);
});

test("nothing where it is to be quiet", () => {
  expect(shown(events, true)).toBe("");
});
