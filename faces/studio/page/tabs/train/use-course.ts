import type { Training, TrainingEvents } from "@attend/serve/schemas";
import { useEffect, useState } from "react";
import { ApiError } from "../../api/client.ts";
import { streamOf } from "../../api/events.ts";

/** What a training has told so far. */
export interface Course {
  readonly steps: readonly TrainingEvents["step"][];
  readonly validations: readonly TrainingEvents["validation"][];
  readonly state: Training | undefined;
  readonly error: unknown;
}

const empty: Course = { steps: [], validations: [], state: undefined, error: undefined };

/** Milliseconds between two drawings, and before another attempt to reach a server that is gone. */
const drawEvery = 200;
const retryAfter = 2000;

/** Follows a training from its first step; from the start again when `run` changes, or the server was away. */
export function useCourse(name: string, run: number): Course {
  const [course, setCourse] = useState(empty);
  // Another run is followed anew.
  useEffect(() => {
    const controller = new AbortController();
    setCourse(empty);
    follow(name, setCourse, controller.signal).catch((error: unknown) => {
      if (!controller.signal.aborted) setCourse((before) => ({ ...before, error }));
    });
    return () => controller.abort();
  }, [name, run]);
  return course;
}

async function follow(
  name: string,
  show: (course: Course) => void,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      return await followOnce(name, show, signal);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 0) throw error;
      show({ ...empty, error });
      await new Promise((resolve) => setTimeout(resolve, retryAfter));
      if (signal.aborted) return;
    }
  }
}

/** There may be thousands of steps at once: they are gathered between two drawings. */
async function followOnce(
  name: string,
  show: (course: Course) => void,
  signal: AbortSignal,
): Promise<void> {
  let course = empty;
  const steps: TrainingEvents["step"][] = [];
  const validations: TrainingEvents["validation"][] = [];
  const draw = () => show({ ...course, steps: [...steps], validations: [...validations] });
  const timer = setInterval(draw, drawEvery);
  try {
    const path = `trainings/${encodeURIComponent(name)}/events`;
    for await (const { event, data } of streamOf<TrainingEvents>(path, { signal })) {
      if (event === "step") steps.push(data);
      else if (event === "validation") validations.push(data);
      else course = { ...course, state: data };
    }
    draw();
  } finally {
    clearInterval(timer);
  }
}
