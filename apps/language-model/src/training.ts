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
 * @throws AttendError as `train` does; BAD_DATA where the text is too short; BAD_CONFIG where the
 *   training in `out` was begun with something else
 */
export async function trainLanguageModel(
  run: LanguageModelTrainingRun,
): Promise<LanguageModelTrainingResult> {
  const { config, text, validationFraction, out, source } = run;
  const [training, end] = splitText(text, validationFraction);
  const vocabulary = buildVocabulary(config.vocabulary, { whole: text, training, source });
  const { unit } = vocabulary;
  const { ids: ofTraining } = encodeText(vocabulary, training, { source });
  const { ids: heldOut } = encodeText(vocabulary, end, { source });
  checkLength(run, { training: ofTraining, validation: heldOut, unit });
  await noteOrigin(run);
  const random = createRandom(config.training.seed);
  const model = languageModels.create(config.model, vocabulary, random);
  const { network } = model;
  const state = new CarriedState(network, config.streams);
  const validated = validationFraction === 0 ? ofTraining : heldOut;
  // Each long enough that what it is not told at its beginning hardly counts.
  const streams = Math.min(32, Math.ceil(validated.length / 2000));
  const task: TrainingTask<Chunk, Batch> = {
    ...chunkTask(network, state, ofTraining, config),
    async validate() {
      return { loss: (await measure(network, vocabulary, validated, { streams })).natsPerToken };
    },
  };
  try {
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
  { config: { streams, steps }, validationFraction, source }: LanguageModelTrainingRun,
  {
    training,
    validation,
    unit,
  }: { training: Int32Array; validation: Int32Array; unit: Vocabulary["unit"] },
): void {
  const needed = streams * steps + 1;
  if (training.length < needed) {
    throw new AttendError(
      "BAD_DATA",
      `${source} has ${training.length} ${unit} to train on, but ${streams} streams of ${steps} steps take ${needed}; give more text, or lower "streams" or "steps" in the --config`,
    );
  }
  if (validationFraction > 0 && validation.length < 2) {
    throw new AttendError(
      "BAD_DATA",
      `${source}: the last ${validationFraction * 100} % are too few ${unit} (${validation.length}) to validate on; give more text, a larger --validation-fraction, or 0 to hold nothing out`,
    );
  }
}
