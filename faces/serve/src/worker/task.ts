import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";
import { keyOf } from "./model-key.ts";
import { type Loading, Models } from "./models.ts";

/** How an engine process does a task. Its inputs come as they are sent, and are validated. */
interface Definition<Model, ModelOptions, Options, Input> extends Loading<Model, ModelOptions> {
  /** Which model: inputs with the same share one. */
  readonly model: z.ZodType<ModelOptions>;
  /** What all inputs of a batch have in common. */
  readonly options: z.ZodType<Options>;
  readonly input: z.ZodType<Input>;
}

/** Aborted when nobody waits for an output anymore. */
interface Stoppable {
  readonly signal: AbortSignal;
}

/** What is to be done. */
interface TaskJob extends Stoppable {
  readonly model: unknown;
  readonly options: unknown;
  readonly inputs: readonly unknown[];
}

/** What happened to the input `at`; the last of an input is its output or why there is none. */
type Happening =
  | { readonly at: number; readonly event: unknown }
  | { readonly at: number; readonly output: unknown }
  | { readonly at: number; readonly error: AttendError };

/** A task; only its own file knows the types of its inputs and models. */
export interface Task {
  run(job: TaskJob): AsyncGenerator<Happening, void, void>;
  /** The keys of the models that are loaded. */
  models(): string[];
  closeUnused(since: number): Promise<void>;
}

/**
 * A task that does several inputs together.
 *
 * @param definition `run` yields an outcome for each input, in order
 */
export function batchTask<Model, ModelOptions, Options, Input>(
  definition: Definition<Model, ModelOptions, Options, Input> & {
    readonly run: (
      model: Model,
      inputs: readonly Input[],
      options: Options & Stoppable,
    ) => AsyncIterable<object>;
  },
): Task {
  return defineTask(definition, async function* (model, inputs, options) {
    let at = 0;
    for await (const outcome of definition.run(model, inputs, options)) {
      yield AttendError.isInstance(outcome) ? { at, error: outcome } : { at, output: outcome };
      at++;
    }
  });
}

/**
 * A task that tells what happens on the way to its output; it gets one input at a time.
 *
 * @param definition `stream` yields events, and returns the output
 */
export function streamTask<Model, ModelOptions, Options, Input>(
  definition: Definition<Model, ModelOptions, Options, Input> & {
    readonly stream: (
      model: Model,
      input: Input,
      options: Options & Stoppable,
    ) => AsyncGenerator<object, object, void>;
  },
): Task {
  return defineTask(definition, async function* (model, inputs, options) {
    for (const [at, input] of inputs.entries()) {
      const steps = definition.stream(model, input, options);
      let step = await steps.next();
      for (; !step.done; step = await steps.next()) yield { at, event: step.value };
      yield { at, output: step.value };
    }
  });
}

function defineTask<Model, ModelOptions, Options, Input>(
  definition: Definition<Model, ModelOptions, Options, Input>,
  run: (
    model: Model,
    inputs: readonly Input[],
    options: Options & Stoppable,
  ) => AsyncGenerator<Happening, void, void>,
): Task {
  const models = new Models(definition);
  const inputsSchema = z.array(definition.input);
  return {
    async *run({ signal, ...job }) {
      const options = { ...definition.options.parse(job.options), signal };
      const inputs = inputsSchema.parse(job.inputs);
      const model = await models.take(keyOf(job.model), definition.model.parse(job.model));
      yield* run(model, inputs, options);
    },
    models: () => models.keys,
    closeUnused: (since) => models.closeUnused(since),
  };
}
