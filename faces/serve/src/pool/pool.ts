import { AttendError } from "@attend/runtime/errors";
import { HttpError } from "../http-error.ts";
import { tasks } from "../worker/tasks.ts";
import { EngineProcess } from "./engine-process.ts";
import { Queue } from "./queue.ts";
import { groupOf, modelNameOf, type Request, type Waiting } from "./request.ts";

/** Limits of a {@link Pool}. */
export interface PoolOptions {
  /** Engine processes at a time. */
  readonly processes: number;
  /** Requests that may wait. */
  readonly queue: number;
  /** Seconds for a request, from its arrival to its output. */
  readonly timeoutSeconds: number;
  /** Seconds until a model that is not used is dropped. */
  readonly idleSeconds: number;
  /** Seconds until a process is killed that works on what nobody waits for anymore; default 15. */
  readonly graceSeconds?: number;
  /** Milliseconds that a request waits for others to go together with; default 4. */
  readonly batchDelay?: number;
  /** What the processes run; default: the engine. */
  readonly program?: URL;
  /** Called with the task of a job and the number of its requests. */
  readonly onJob?: (task: string, size: number) => void;
}

/** Who waits for a request, and until when. */
export interface RunOptions {
  readonly signal: AbortSignal;
  /** Told what happens on the way to the output. */
  readonly onEvent?: (event: unknown) => void;
  /** Seconds from its arrival to its output; default: the pool's. */
  readonly timeoutSeconds?: number | undefined;
}

/** The module that a process runs, from the sources or built, as this one is. */
const engine = new URL(`../worker/main${import.meta.url.slice(-3)}`, import.meta.url);

/**
 * Engine processes, which start when they are needed and are replaced when they die: the engine blocks its thread, and the
 * server has to answer meanwhile.
 */
export class Pool {
  readonly #options: PoolOptions;
  readonly #queue: Queue;
  #processes: EngineProcess[] = [];
  /** Requests that have no outcome yet. */
  readonly #open = new Set<Promise<unknown>>();
  #isClosing = false;
  /** How long the last request took, which those that arrive with a full queue will, too. */
  #lastSeconds = 1;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#queue = new Queue(options.queue);
  }

  /** Requests in the queue, and those that processes work on. */
  get load(): { readonly waiting: number; readonly running: number } {
    return { waiting: this.#queue.length, running: this.#open.size - this.#queue.length };
  }

  /** The processes that run, and the models that each has loaded. */
  get processes(): { readonly pid: number | undefined; readonly models: readonly string[] }[] {
    return this.#processes.map(({ pid, models }) => ({ pid, models }));
  }

  /** Starts a process, so that the first request need not wait for it. */
  warm(): void {
    if (this.#processes.length === 0) this.#startProcess();
  }

  /** Loads a model, so that what is wrong with it is known before the first input. @throws what `run` does */
  async loadModel(model: Omit<Request, "input" | "alone">, options: RunOptions): Promise<void> {
    await this.run({ ...model, input: undefined, alone: true }, options);
  }

  /**
   * Runs a task.
   *
   * @throws HttpError 429 if too many requests wait, 503 if the process dies or the pool is closing, 504 after the time
   *   limit; AttendError of the task; INTERRUPTED if `signal` is aborted
   */
  async run(request: Request, options: RunOptions): Promise<unknown> {
    if (this.#isClosing) {
      throw new HttpError(503, "ENDING", "the server is ending; send the request to another");
    }
    const started = performance.now();
    const output = this.#enqueue(request, options);
    this.#open.add(output);
    try {
      return await output;
    } finally {
      this.#open.delete(output);
      this.#lastSeconds = (performance.now() - started) / 1000;
    }
  }

  /** Takes no further requests, waits for the open ones, at most `withinSeconds`, and ends the processes. */
  async close({ withinSeconds = 30 } = {}): Promise<void> {
    this.#isClosing = true;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise((resolve) => {
      timer = setTimeout(resolve, 1000 * withinSeconds);
    });
    await Promise.race([Promise.allSettled(this.#open), limit]);
    clearTimeout(timer);
    for (const process of [...this.#processes]) process.kill();
  }

  #enqueue(
    request: Request,
    { signal, onEvent = () => {}, timeoutSeconds = this.#options.timeoutSeconds }: RunOptions,
  ): Promise<unknown> {
    const { batchDelay = 4 } = this.#options;
    const stop = new AbortController();
    const onAbort = () => stop.abort(interrupted());
    const timer = setTimeout(() => stop.abort(tooLate(timeoutSeconds)), 1000 * timeoutSeconds);
    const output = new Promise((onOutput, onFailure) => {
      const { signal } = stop;
      const group = groupOf(request);
      const waiting: Waiting = { request, group, signal, onEvent, onOutput, onFailure };
      this.#queue.add(waiting, Math.min(60, Math.ceil(this.#lastSeconds)));
      stop.signal.addEventListener("abort", () => {
        this.#queue.remove(waiting);
        onFailure(stop.signal.reason);
      });
      if (tasks[request.task].batch > 1) setTimeout(() => this.#startJobs(), batchDelay);
      else this.#startJobs();
    });
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort);
    return output.finally(() => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    });
  }

  #startJobs(): void {
    for (let first = this.#queue.first; first !== undefined; first = this.#queue.first) {
      const process = this.#freeProcess(first.request);
      if (process === undefined) return;
      const { task, alone } = first.request;
      const batch = this.#queue.takeBatch(alone ? 1 : tasks[task].batch);
      this.#options.onJob?.(task, batch.length);
      process.start(first.request, batch);
    }
  }

  /** One that has the model if there is one; undefined if all are busy. */
  #freeProcess(request: Request): EngineProcess | undefined {
    const name = modelNameOf(request);
    const free = this.#processes.filter(({ isBusy }) => !isBusy);
    const found = free.find(({ models }) => models.includes(name)) ?? free[0];
    if (found !== undefined) return found;
    return this.#processes.length < this.#options.processes ? this.#startProcess() : undefined;
  }

  #startProcess(): EngineProcess {
    const { program = engine, ...patience } = this.#options;
    const process = new EngineProcess(program, patience, () => {
      this.#processes = this.#processes.filter(({ pid }) => pid !== undefined);
      this.#startJobs();
    });
    this.#processes.push(process);
    return process;
  }
}

function tooLate(seconds: number): HttpError {
  const message = `it took longer than ${seconds} s; send less at a time, or start the server with a longer --timeout`;
  return new HttpError(504, "TIMEOUT", message);
}

function interrupted(): AttendError {
  return new AttendError("INTERRUPTED", "the request was canceled");
}
