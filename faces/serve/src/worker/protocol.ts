import type { ErrorCode } from "@attend/runtime/errors";
import type { TaskName } from "./tasks.ts";

/** Inputs that go together, since they share a task, a model and options. */
export interface Job {
  readonly job: number;
  readonly task: TaskName;
  readonly model: unknown;
  readonly options: unknown;
  readonly inputs: readonly unknown[];
}

/** From the server to an engine process. Nobody waits for a canceled job anymore. */
export type ToWorker = Job | { readonly cancel: number };

/** Why an input failed; without a code, it is a fault of ours. */
export interface Failure {
  readonly code?: ErrorCode;
  readonly message: string;
}

/** What an engine process tells about the input `at` of a job, in the order of `Happening`. */
export type FromWorker =
  | { readonly job: number; readonly at: number; readonly event: unknown }
  | { readonly job: number; readonly at: number; readonly output: unknown }
  | { readonly job: number; readonly at: number; readonly failure: Failure }
  /** The job has ended; whatever inputs had no outcome failed. */
  | { readonly job: number; readonly end: Failure | undefined }
  /** The models that are loaded now, as {@link modelOf} names them. */
  | { readonly models: readonly string[] };
