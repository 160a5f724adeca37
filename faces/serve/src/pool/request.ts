import { keyOf, modelOf } from "../worker/model-key.ts";
import type { TaskName } from "../worker/tasks.ts";

/** One input of a task, which waits for its output. */
export interface Request {
  readonly task: TaskName;
  /** Which model: what the task's `load` gets. */
  readonly model: object;
  /** Requests with the same task, model and options go together. */
  readonly options: object;
  /** Undefined: the model is loaded, and that is all. */
  readonly input: unknown;
  /** Whether it goes by itself, so that none fails with it if it ends its process. */
  readonly alone?: boolean;
}

/** A request, and who waits for it. */
export interface Waiting {
  readonly request: Request;
  /** Those with the same go together, see {@link groupOf}. */
  readonly group: string;
  /** Nobody waits anymore once it is aborted. */
  readonly signal: AbortSignal;
  onEvent(event: unknown): void;
  onOutput(output: unknown): void;
  onFailure(error: Error): void;
}

/** What requests that go together have in common. */
export function groupOf({ task, model, options, alone = false }: Request): string {
  return JSON.stringify([task, model, options, alone]);
}

/** The name of a request's model, as engine processes tell it. */
export function modelNameOf({ task, model }: Request): string {
  return modelOf(task, keyOf(model));
}
