import { fingerprint, loadWeights } from "@attend/nn";
import { AttendError, createRandom } from "@attend/runtime";
import type { Tokenizer } from "@attend/text";
import {
  contentHash,
  type RunEvent,
  type RunResult,
  requireFreeFolder,
  runTraining,
} from "@attend/training";
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

/** A training, and everything it is made of. */
export interface LanguageModelTrainingRun {
  readonly config: LanguageModelTraining;
  readonly text: string;
  /** Names the text in errors. */
  readonly source: string;
  /** Chooses the best weights and is not trained on; absent: the end of the text does. */
  readonly validation?: string | undefined;
  /** Without `validation`: how many characters, or which share, of the text; 0: all is trained on, and measured. */
  readonly heldOut: number;
  /** The folder of a model to go on from, whose vocabulary is kept; the config's model must be the same. */
  readonly startFrom?: string | undefined;
  /** The folder of everything the training writes. */
  readonly out: string;
  readonly resume: boolean;
  readonly signal: AbortSignal;
  /** Called for stages, steps, validations, notes and warnings, as they happen. */
  readonly onEvent: (event: RunEvent) => void;
}

export interface LanguageModelTrainingResult extends RunResult {
  /** The loss of the best weights on what was held out, which `best` has as nats a token. */
  readonly natsPerCharacter: number;
  readonly unit: Tokenizer["unit"];
}

/**
 * Trains a language model by truncated back-propagation through time: the text is read in streams side
 * by side, chunk by chunk, and a chunk begins with the state that the one before ended with. Writes the
 * folder of the best weights, `out/model`.
 *
 * @throws AttendError as `runTraining` does, and as `Models.read` does of the model to start from;
 *   BAD_WEIGHTS where the config asks for another one; BAD_DATA where the text is too short
 */
export async function trainLanguageModel(
  run: LanguageModelTrainingRun,
): Promise<LanguageModelTrainingResult> {
  const { config, text, source, startFrom, out, resume, signal, onEvent } = run;
  await requireFreeFolder(out, resume); // Learning a vocabulary takes its time.
  const [training, validation] =
    run.validation === undefined ? splitText(text, run.heldOut) : [text, run.validation];
  const whole = training + validation;
  const start = startFrom === undefined ? undefined : await languageModels.read(startFrom);
  const tokens = start?.tokens ?? learnTokenizer(config.vocabulary, { whole, training, source });
  const { unit } = tokens;
  const encode = (part: string) => {
    const { ids, skipped } = encodeText(tokens, part, {
      source,
      skipUnknown: start !== undefined,
    });
    if (skipped > 0) {
      const message = `${startFrom} does not know ${skipped} characters of ${source}; they are left out`;
      onEvent({ type: "warning", message });
    }
    return ids;
  };
  const [ofTraining, heldOut] = [encode(training), encode(validation)];
  checkLength(run, { training: ofTraining, validation: heldOut, unit });
  const validated = validation === "" ? ofTraining : heldOut;
  // Each long enough that what it is not told at its beginning hardly counts.
  const streams = Math.min(32, Math.ceil(validated.length / 2000));
  const { training: trainer, ...rest } = config;
  const model = languageModels.create(config.model, tokens, createRandom(trainer.seed));
  const { network } = model;
  const state = new CarriedState(network, config.streams);
  try {
    if (start !== undefined) await loadWeights(network, start.weights);
    const result = await runTraining({
      ...{ out, resume, signal, onEvent },
      origin: originOf(run, rest, network),
      stages: [
        {
          module: network,
          config: trainer,
          start: () => ({
            task: chunkTask(network, state, ofTraining, config),
            async validate() {
              const options = { streams, signal };
              const { natsPerToken } = await measure(network, tokens, validated, options);
              return { loss: natsPerToken };
            },
          }),
        },
      ],
      save: (folder) => languageModels.save(model, folder),
    });
    const measured = measuredTokens(validated, streams);
    const tokensPerCharacter = measured.length / countCharacters(tokens, measured);
    return { ...result, natsPerCharacter: result.best.value * tokensPerCharacter, unit };
  } finally {
    network.dispose();
    state.dispose();
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
      `${source} has ${training.length} ${unit} to train on, but ${streams} streams of ${steps} steps take ${needed}; give more text, or lower "streams" or "steps" in the --config`,
    );
  }
  if ((run.validation !== undefined || run.heldOut > 0) && validation.length < 2) {
    throw new AttendError(
      "BAD_DATA",
      `${source}: too few ${unit} to validate on (${validation.length}); give more text by --validation, a larger --held-out, or 0 to hold nothing out`,
    );
  }
}
