import { setTimeout as sleep } from "node:timers/promises";
import type { Training, TrainingEvents } from "../schemas/trainings.ts";
import { type LogEntry, LogReader, thinned } from "./progress.ts";
import type { Trainings } from "./trainings.ts";

/** An event by its name, as it is sent. */
export type TrainingEvent = {
  readonly [Name in keyof TrainingEvents]: {
    readonly event: Name;
    readonly data: TrainingEvents[Name];
  };
}[keyof TrainingEvents];

const pollMs = 500;
/** Steps of the past; a curve has no more points than that. */
const shownSteps = 500;

/**
 * The training's steps and validations so far, and those to come until it does not run anymore; its state when it has
 * changed. At most one step in half a second.
 *
 * @throws AttendError FILE_NOT_FOUND
 */
export async function* watchTraining(
  trainings: Trainings,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<TrainingEvent, void> {
  const reader = new LogReader(trainings.folderOf(name));
  let shown = "";
  for (let count = shownSteps; !signal.aborted; count = 1) {
    // Before the log: whoever reads that it has ended has read all of the log.
    const training = await trainings.get(name);
    for (const entry of thinned(reader.read(), count)) yield eventOf(entry);
    const now = JSON.stringify(training);
    if (now !== shown) yield { event: "state", data: training };
    shown = now;
    if (!isUnderWay(training)) return;
    await sleep(pollMs, undefined, { signal }).catch(() => {});
  }
}

function isUnderWay({ state }: Training): boolean {
  return state === "running" || state === "waiting" || state === "stopping";
}

function eventOf({ type, ...data }: LogEntry): TrainingEvent {
  return "loss" in data ? { event: "step", data } : { event: "validation", data };
}
