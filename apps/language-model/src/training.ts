import { fingerprint } from "@attend/nn";
import { AttendError, createRandom } from "@attend/runtime";
import type { Tokenizer } from "@attend/text";
import {
  contentHash,
  type RunArguments,
  type RunResult,
  requireFreeFolder,
  runTraining,
} from "@attend/training";
import { continuations } from "./continuations.ts";
import { encodeText, splitText } from "./dataset.ts";
import { measure, measuredTokens } from "./evaluate.ts";
import { languageModels } from "./model.ts";
import type { LanguageNetwork } from "./network.ts";
import { CarriedState, chunkTask } from "./task.ts";
import { countCharacters, learnTokenizer } from "./tokenizer.ts";
import type { LanguageModelTraining } from "./training-config.ts";

export {
  defaultTraining,
  type LanguageModelTraining,
  readTrainingConfig,
} from "./training-config.ts";

/** The arguments of a training run. */
export interface LanguageModelTrainingRun extends RunArguments {
  readonly config: LanguageModelTraining;
  readonly text: string;
  /** The text's name in errors. */
  readonly source: string;
  /** Used to choose the best weights, and not trained on; default: the end of the text. */
  readonly validation?: string | undefined;
  /** Without `validation`: the number or fraction of characters to hold out; 0: train on and measure everything. */
  readonly heldOut: number;
  /** The folder of a model to start from, whose vocabulary is kept; the config's model must match. */
  readonly startFrom?: string | undefined;
}

export interface LanguageModelTrainingResult extends RunResult {
  /** The held-out loss of the best weights, which `best` has in nats per token. */
  readonly natsPerCharacter: number;
  readonly unit: Tokenizer["unit"];
}

/**
 * Trains a language model by truncated backpropagation through time: the text is read in parallel streams,
 * chunk by chunk, and each chunk starts with the final state of the previous one. Writes the best weights to the
 * folder `out/model`.
 *
 * @throws AttendError like `runTraining`, and like `Models.read` for the model to start from;
 *   BAD_WEIGHTS if that model does not match the config; BAD_DATA if the text is too short
 */
export async function trainLanguageModel(
  run: LanguageModelTrainingRun,
): Promise<LanguageModelTrainingResult> {
  const { config, text, source, startFrom, out, resume, signal, onEvent } = run;
  await requireFreeFolder(out, resume); // Learning a vocabulary takes a while.
  const [training, validation] =
    run.validation === undefined ? splitText(text, run.heldOut) : [text, run.validation];
  const all = training + validation;
  const start = startFrom === undefined ? undefined : await languageModels.read(startFrom);
  const tokens = start?.tokens ?? learnTokenizer(config.vocabulary, { all, training, source });
  const { unit } = tokens;
  const encode = (part: string) => {
    const { ids, skipped } = encodeText(tokens, part, {
      source,
      skipUnknown: start !== undefined,
    });
    if (skipped > 0) {
      const message = `${startFrom} does not know ${skipped} characters of ${source}; they are skipped`;
      onEvent({ type: "warning", message });
    }
    return ids;
  };
  const [trainingIds, validationIds] = [encode(training), encode(validation)];
  checkLength(run, { training: trainingIds, validation: validationIds, unit });
  const validated = validation === "" ? trainingIds : validationIds;
  // Long enough that the missing context at the start of each stream hardly matters.
  const streams = Math.min(32, Math.ceil(validated.length / 2000));
  const { training: trainer, ...rest } = config;
  const model = languageModels.create(config.model, tokens, createRandom(trainer.seed));
  const { network } = model;
  try {
    if (start !== undefined) await languageModels.loadWeights(network, start.weights);
    const result = await runTraining({
      ...{ out, resume, signal, onEvent },
      origin: originOf(run, rest, network),
      stages: [
        {
          module: network,
          config: trainer,
          start(place) {
            const state = new CarriedState(network, config.streams, place);
            return {
              task: chunkTask(network, state, trainingIds, config),
              async validate(show) {
                const options = { streams, signal };
                const { natsPerToken } = await measure(network, tokens, validated, options);
                show(await continuations(network, tokens, validation || training, { signal }));
                return { loss: natsPerToken };
              },
              close: () => state.dispose(),
            };
          },
        },
      ],
      save: (folder) => languageModels.save(model, folder),
    });
    const measured = measuredTokens(validated, streams);
    const tokensPerCharacter = measured.length / countCharacters(tokens, measured);
    return { ...result, natsPerCharacter: result.best.value * tokensPerCharacter, unit };
  } finally {
    network.dispose();
  }
}

function originOf(
  { text, validation, heldOut, startFrom }: LanguageModelTrainingRun,
  config: object,
  network: LanguageNetwork,
) {
  const content = {
    text: contentHash([text]),
    ...(validation !== undefined && { "text to validate on": contentHash([validation]) }),
    ...(startFrom !== undefined && { "starting weights": fingerprint(network) }),
  };
  return { content, config: { ...config, ...(validation === undefined && { heldOut }) } };
}

function checkLength(
  run: LanguageModelTrainingRun,
  {
    training,
    validation,
    unit,
  }: { training: Int32Array; validation: Int32Array; unit: Tokenizer["unit"] },
): void {
  const { config, source } = run;
  const { streams, steps } = config;
  const needed = streams * steps + 1;
  if (training.length < needed) {
    throw new AttendError(
      "BAD_DATA",
      `${source} has ${training.length} ${unit} to train on, but ${streams} streams of ${steps} steps need ${needed}; give more text, or lower "streams" or "steps" in the --config`,
    );
  }
  if ((run.validation !== undefined || run.heldOut > 0) && validation.length < 2) {
    throw new AttendError(
      "BAD_DATA",
      `${source}: too few ${unit} to validate on (${validation.length}); give more text with --validation, a larger --held-out, or 0 to hold nothing out`,
    );
  }
}
