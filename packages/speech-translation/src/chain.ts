import { AttendError } from "@attend/runtime/errors";
import { buffered } from "./buffered.ts";
import { measured } from "./measured.ts";
import type { Stage } from "./stage.ts";

/** An output of a stage, as it is reported. */
export interface Step<Name extends string, Out> {
  readonly stage: Name;
  readonly output: Out;
  /** How sure the stage is, from 0 to 1, if it knows. */
  readonly confidence?: number;
  /** How long the stage took for it. */
  readonly seconds: number;
}

/** What a stage did in a run. */
export interface StageReport {
  readonly stage: string;
  /** The number of its outputs. */
  readonly outputs: number;
  /** The mean of the confidences that it stated, if any. */
  readonly confidence?: number;
  readonly seconds: number;
}

/** How a chain is run. */
export interface RunOptions<Steps> {
  /** Stops every stage when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each output of each stage, before the next stage reads it. */
  readonly onStep?: ((step: Steps) => void) | undefined;
}

/** What the stages of one run share. */
interface Run<Steps> {
  readonly signal: AbortSignal;
  readonly onStep: (step: Steps) => void;
  readonly reports: StageReport[];
  /** Connects a stage's outputs with the next one's inputs. */
  readonly link: <T>(outputs: AsyncIterable<T>) => AsyncIterable<T>;
}

/**
 * Stages in a row, each reading what the one before yields:
 *
 *     const chain = chainOf(recognize).pipe(repair).pipe(translate).pipe(say);
 *
 * It does not compile unless the types of neighbors meet. The chain owns its stages: `close` closes them.
 */
export class Chain<In, Out, Steps> {
  readonly #connect: (inputs: AsyncIterable<In>, run: Run<Steps>) => AsyncIterable<Out>;
  readonly #closes: readonly (() => Promise<void>)[];

  /** Chains start with {@link chainOf}. */
  constructor(
    connect: (inputs: AsyncIterable<In>, run: Run<Steps>) => AsyncIterable<Out>,
    closes: readonly (() => Promise<void>)[],
  ) {
    this.#connect = connect;
    this.#closes = closes;
  }

  /** A chain that continues with another stage. */
  pipe<Next, Name extends string>(
    stage: Stage<Out, Next, Name>,
  ): Chain<In, Next, Steps | Step<Name, Next>> {
    return new Chain(
      (inputs, run) => through(stage, run.link(this.#connect(inputs, run)), run),
      [...this.#closes, stage.close],
    );
  }

  /** Runs one stage at a time, and returns all outputs and what each stage took. Throws like {@link stream}. */
  async run(
    inputs: Iterable<In> | AsyncIterable<In>,
    options: RunOptions<Steps> = {},
  ): Promise<{ outputs: Out[]; report: StageReport[] }> {
    const outputs: Out[] = [];
    const report: StageReport[] = [];
    const link = <T>(values: AsyncIterable<T>) => values;
    for await (const output of this.#start(inputs, options, report, link)) outputs.push(output);
    return { outputs, report };
  }

  /**
   * Yields outputs as they are ready. All stages work at the same time, each at most one output ahead of the next stage,
   * so that memory stays the same however long the inputs are. Leaving the loop stops all of them.
   *
   * @throws AttendError INTERRUPTED if `signal` is aborted; whatever a stage throws, after all outputs before it
   */
  stream(
    inputs: Iterable<In> | AsyncIterable<In>,
    options: RunOptions<Steps> = {},
  ): AsyncGenerator<Out, void> {
    const works: Promise<void>[] = [];
    const link = <T>(values: AsyncIterable<T>) => buffered(values, 1, (work) => works.push(work));
    return this.#start(inputs, options, [], link, works);
  }

  /**
   * Closes every stage, the last one first, also if one of them fails.
   *
   * @throws the first failure
   */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#closes.toReversed()) {
      await close().catch((thrown: unknown) => failures.push(thrown));
    }
    if (failures.length > 0) throw failures[0];
  }

  async *#start(
    inputs: Iterable<In> | AsyncIterable<In>,
    { signal, onStep = () => {} }: RunOptions<Steps>,
    reports: StageReport[],
    link: Run<Steps>["link"],
    works: readonly Promise<void>[] = [],
  ): AsyncGenerator<Out, void> {
    const stop = new AbortController();
    const abort = () =>
      stop.abort(
        new AttendError("INTERRUPTED", "stopped before the end, as its signal was aborted"),
      );
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort);
    const run = { signal: stop.signal, onStep, reports, link };
    const outputs = this.#connect(until(stop.signal, inputs), run)[Symbol.asyncIterator]();
    try {
      for (;;) {
        stop.signal.throwIfAborted();
        const next = await outputs.next();
        if (next.done) return;
        yield next.value;
      }
    } finally {
      abort(); // Before anything is waited for: the other stages are at work.
      signal?.removeEventListener("abort", abort);
      await outputs.return?.();
      await Promise.all(works);
    }
  }
}

/** A chain of one stage. */
export function chainOf<In, Out, Name extends string>(
  stage: Stage<In, Out, Name>,
): Chain<In, Out, Step<Name, Out>> {
  return new Chain((inputs, run) => through(stage, inputs, run), [stage.close]);
}

/** A stage's outputs, each reported. */
function through<In, Out, Name extends string>(
  stage: Stage<In, Out, Name>,
  inputs: AsyncIterable<In>,
  { signal, onStep, reports }: Run<Step<Name, Out>>,
): AsyncIterable<Out> {
  const index = reports.push({ stage: stage.name, outputs: 0, seconds: 0 }) - 1;
  const confidences: number[] = [];
  let [outputs, total] = [0, 0];
  return measured(stage, inputs, { signal }, (seconds, output) => {
    total += seconds;
    const confidence = output && stage.confidence?.(output.value);
    if (confidence !== undefined) confidences.push(confidence);
    const stated = confidence === undefined ? {} : { confidence };
    if (output !== undefined) outputs++;
    reports[index] = {
      ...{ stage: stage.name, outputs, seconds: total },
      ...(confidences.length > 0 && { confidence: mean(confidences) }),
    };
    if (output !== undefined)
      onStep({ stage: stage.name, output: output.value, seconds, ...stated });
  });
}

/** Inputs until a signal is aborted, also while one is waited for. @throws the signal's reason */
async function* until<T>(
  signal: AbortSignal,
  inputs: Iterable<T> | AsyncIterable<T>,
): AsyncGenerator<T> {
  const iterator =
    Symbol.asyncIterator in inputs ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]();
  try {
    for (;;) {
      const next = await orAborted(signal, iterator.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a source that ignores the signal may never answer.
    void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

function orAborted<T>(signal: AbortSignal, value: T | Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
    const release = () => signal.removeEventListener("abort", abort);
    Promise.resolve(value).then(resolve, reject).finally(release);
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
