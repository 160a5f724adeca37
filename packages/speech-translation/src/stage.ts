/** What a stage is given besides its inputs. */
export interface StageContext {
  /** Aborted when the chain is stopped: a stage then throws, and ends what it started. */
  readonly signal: AbortSignal;
}

/**
 * A step of a chain: reads inputs as they come, and yields each output as soon as it is ready. A stage may have more or
 * fewer outputs than inputs: a detector of speech has one for many pieces of sound, a repairer several sentences for one
 * stretch of speech.
 */
export interface Stage<In, Out, Name extends string = string> {
  readonly name: Name;
  /**
   * Yields outputs as soon as they are ready, until the inputs end.
   *
   * @throws AttendError INTERRUPTED if the signal is aborted
   */
  // A property, since the inputs of methods are compared less strictly.
  /** Outputs in order; an error ends the chain. */
  readonly run: (inputs: AsyncIterable<In>, context: StageContext) => AsyncIterable<Out>;
  /** How sure the stage is of an output, from 0 to 1; undefined if it does not know. */
  readonly confidence?: (output: Out) => number | undefined;
  /** Ends every process and frees everything that the stage owns. */
  readonly close: () => Promise<void>;
}

/** A stage that has one output for each input, in order. */
export function stageOf<In, Out, Name extends string>({
  convert,
  ...stage
}: Omit<Stage<In, Out, Name>, "run"> & {
  readonly convert: (input: In, context: StageContext) => Promise<Out>;
}): Stage<In, Out, Name> {
  return {
    ...stage,
    async *run(inputs, context) {
      for await (const input of inputs) yield await convert(input, context);
    },
  };
}
