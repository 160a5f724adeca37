import { join } from "node:path";
import { loadWeights } from "@attend/nn";
import { AttendError, createRandom } from "@attend/runtime";
import { writeFileAtomic } from "@attend/runtime/files";
import { readLog, type TrainingResult, type TrainingTask, train } from "@attend/training";
import { plotCurvesPng } from "@attend/training/plot";
import { type Chunk, encodeText, splitText } from "./dataset.ts";
import { measure, measuredTokens } from "./measure.ts";
import { languageModels } from "./model.ts";
import { buildVocabulary } from "./read-vocabulary.ts";
import { type LanguageModelTrainingRun, noteOrigin } from "./run-folder.ts";
import { type Batch, CarriedState, chunkTask } from "./task.ts";
import { countCharacters, type Vocabulary } from "./vocabulary.ts";

export interface LanguageModelTrainingResult extends TrainingResult {
  /** The loss of the best weights on what was held out, which `best` has as nats a token. */
  readonly natsPerCharacter: number;
  readonly unit: Vocabulary["unit"];
}

/**
 * Trains a language model by truncated back-propagation through time: the text is read in streams side
 * by side, chunk by chunk, and a chunk begins with the state that the one before ended with. Writes the
 * folder of the best weights, `out/model`.
 *
 * @throws AttendError as `train` does, and as `Models.read` does of the model to start from; BAD_WEIGHTS
 *   where the config asks for another one; BAD_DATA where the text is too short; BAD_CONFIG where the
 *   training in `out` was begun with something else
 */
export async function trainLanguageModel(
  run: LanguageModelTrainingRun,
): Promise<LanguageModelTrainingResult> {
  const { config, text, out, source, startFrom } = run;
  const [training, validation] =
    run.validation === undefined ? splitText(text, run.heldOut) : [text, run.validation];
  const whole = training + validation;
  const begun = startFrom === undefined ? undefined : await languageModels.read(startFrom);
  const vocabulary =
    begun?.tokens ?? buildVocabulary(config.vocabulary, { whole, training, source });
  const { unit } = vocabulary;
  const encode = (part: string) => {
    const options = { source, skipUnknown: begun !== undefined };
    const { ids, skipped } = encodeText(vocabulary, part, options);
    if (skipped > 0)
      run.warn(`${startFrom} does not know ${skipped} characters of ${source}; they are left out`);
    return ids;
  };
  const [ofTraining, heldOut] = [encode(training), encode(validation)];
  checkLength(run, { training: ofTraining, validation: heldOut, unit });
  await noteOrigin(run, begun?.weights);
  const random = createRandom(config.training.seed);
  const model = languageModels.create(config.model, vocabulary, random);
  const { network } = model;
  const state = new CarriedState(network, config.streams);
  const validated = validation === "" ? ofTraining : heldOut;
  // Each long enough that what it is not told at its beginning hardly counts.
  const streams = Math.min(32, Math.ceil(validated.length / 2000));
  const task: TrainingTask<Chunk, Batch> = {
    ...chunkTask(network, state, ofTraining, config),
    async validate() {
      return { loss: (await measure(network, vocabulary, validated, { streams })).natsPerToken };
    },
  };
  try {
    if (begun !== undefined) await loadWeights(network, begun.weights);
    const { resume, signal, onEvent } = run;
    const result = await train(task, config.training, { out, resume, signal, onEvent });
    await loadWeights(network, result.paths.best);
    await languageModels.save(model, join(out, "model"));
    const curves = await plotCurvesPng(await readLog(result.paths.log), { title: out });
    await writeFileAtomic(join(out, "curves.png"), curves);
    const measured = measuredTokens(validated, streams);
    const tokensPerCharacter = measured.length / countCharacters(vocabulary, measured);
    const natsPerCharacter = (result.best?.value ?? Number.NaN) * tokensPerCharacter;
    return { ...result, natsPerCharacter, unit };
  } finally {
    network.dispose();
    state.dispose();
  }
}

function checkLength(
  run: LanguageModelTrainingRun,
  {
    training,
    validation,
    unit,
  }: { training: Int32Array; validation: Int32Array; unit: Vocabulary["unit"] },
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
