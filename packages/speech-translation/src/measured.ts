import type { Stage, StageContext } from "./stage.ts";

/**
 * Runs a stage, and reports each output with the seconds that the stage took for it: those in which it waited for its
 * inputs are not counted.
 *
 * @param report called before an output is passed on, and without one when the stage ends
 */
export async function* measured<In, Out>(
  stage: Stage<In, Out>,
  inputs: AsyncIterable<In>,
  context: StageContext,
  report: (seconds: number, output?: { readonly value: Out }) => void,
): AsyncGenerator<Out> {
  let waited = 0;
  async function* awaited(): AsyncGenerator<In> {
    const iterator = inputs[Symbol.asyncIterator]();
    try {
      for (;;) {
        const start = performance.now();
        const next = await iterator.next();
        waited += performance.now() - start;
        if (next.done) return;
        context.signal.throwIfAborted();
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  const outputs = stage.run(awaited(), context)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const start = performance.now();
      waited = 0;
      const next = await outputs.next();
      const seconds = (performance.now() - start - waited) / 1000;
      if (next.done) return report(seconds);
      report(seconds, { value: next.value });
      yield next.value;
    }
  } finally {
    await outputs.return?.();
  }
}
