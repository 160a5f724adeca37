import { join } from "node:path";
import { loadWeights } from "@attend/nn";
import { AttendError, createRandom } from "@attend/runtime";
import { writeFileAtomic } from "@attend/runtime/files";
import {
  readLog,
  type TrainingEvent,
  type TrainingResult,
  type TrainingTask,
  train,
} from "@attend/training";
import { plotCurvesPng } from "@attend/training/plot";
import { buildCharacters } from "./characters.ts";
import type { LanguageModelTraining } from "./config.ts";
import { type Chunk, encodeText, splitByPosition } from "./dataset.ts";
import { measure } from "./measure.ts";
import { saveLanguageModel } from "./model.ts";
import { LanguageNetwork } from "./network.ts";
import { noteOrigin } from "./run-folder.ts";
import { type Batch, CarriedState, chunkTask } from "./task.ts";

export interface LanguageModelTrainingRun {
  readonly config: LanguageModelTraining;
  readonly text: string;
  /** Names the text in errors. */
  readonly source: string;
  /** The share of the text, at its end, that chooses the best weights and is not trained on; 0: all is
   * trained on, and measured. */
  readonly validationFraction: number;
  /** The folder of everything the training writes. */
  readonly out: string;
  readonly resume: boolean;
  readonly signal: AbortSignal;
  readonly onEvent: (event: TrainingEvent) => void;
}

/**
 * Trains a language model by truncated back-propagation through time: the text is read in streams side
 * by side, chunk by chunk, and a chunk begins with the state that the one before ended with. Writes the
 * folder of the best weights, `out/model`.
 *
 * @throws AttendError as `train` does; BAD_DATA where the text is too short; BAD_CONFIG where the
 *   training in `out` was begun with something else
 */
export async function trainLanguageModel(run: LanguageModelTrainingRun): Promise<TrainingResult> {
  const { config, text, validationFraction, out } = run;
  const characters = buildCharacters(text, config.vocabulary);
  const { ids } = encodeText(characters, text, { source: run.source });
  const [ofTraining, heldOut] = splitByPosition(ids, validationFraction);
  checkLength(run, ofTraining, heldOut);
  await noteOrigin(run);
  const network = new LanguageNetwork(
    config.model,
    characters.size,
    createRandom(config.training.seed),
  );
  const state = new CarriedState(network, config.streams);
  const validated = validationFraction === 0 ? ids : heldOut;
  // Each long enough that what it is not told at its beginning hardly counts.
  const streams = Math.min(32, Math.ceil(validated.length / 2000));
  const task: TrainingTask<Chunk, Batch> = {
    ...chunkTask(network, state, ofTraining, config),
    async validate() {
      return { loss: (await measure(network, validated, { streams })).natsPerCharacter };
    },
  };
  try {
    const { resume, signal, onEvent } = run;
    const result = await train(task, config.training, { out, resume, signal, onEvent });
    await loadWeights(network, result.paths.best);
    await saveLanguageModel({ network, characters }, join(out, "model"));
    const curves = await plotCurvesPng(await readLog(result.paths.log), { title: out });
    await writeFileAtomic(join(out, "curves.png"), curves);
    return result;
  } finally {
    network.dispose();
    state.dispose();
  }
}

function checkLength(
  { config: { streams, steps }, validationFraction, source }: LanguageModelTrainingRun,
  training: Int32Array,
  validation: Int32Array,
): void {
  const needed = streams * steps + 1;
  if (training.length < needed) {
    throw new AttendError(
      "BAD_DATA",
      `${source} has ${training.length} characters to train on, but ${streams} streams of ${steps} steps take ${needed}; give more text, or lower "streams" or "steps" in the --config`,
    );
  }
  if (validationFraction > 0 && validation.length < 2) {
    throw new AttendError(
      "BAD_DATA",
      `${source}: the last ${validationFraction * 100} % are too few characters (${validation.length}) to validate on; give more text, a larger --validation-fraction, or 0 to hold nothing out`,
    );
  }
}
