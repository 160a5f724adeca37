import { createRandom, loadEngine } from "@attend/runtime";
import { AttendError } from "@attend/runtime/errors";
import {
  contentHash,
  type RunArguments,
  type RunResult,
  requireFreeFolder,
  runTraining,
} from "@attend/training";
import { type Example, readExamples } from "./example.ts";
import { Labels, spokenForm } from "./labels.ts";
import { LanguageModel } from "./language-model.ts";
import { recognizers } from "./model.ts";
import { recognitionTask } from "./task.ts";
import type { RecognizerTraining } from "./training-config.ts";
import type { Recording } from "./transcripts.ts";
import { calibrated, type Validation, validate } from "./validate.ts";

export {
  defaultRecognizerTraining,
  type RecognizerTraining,
  readRecognizerTraining,
} from "./training-config.ts";
export { type Recording, readTranscripts } from "./transcripts.ts";

/** The arguments of a training run. */
export interface RecognizerTrainingRun extends RunArguments {
  readonly config: RecognizerTraining;
  readonly recordings: readonly Recording[];
  /** Never trained on; chooses the best weights and calibrates the confidences. */
  readonly validation: readonly Recording[];
}

/**
 * Trains a recognizer on recordings, and writes the best weights to the folder `out/model`.
 *
 * @returns also how the best weights did on the recordings to validate on
 * @throws AttendError like `runTraining`; BAD_DATA without a text or recordings to validate on; the errors of `readAudio`
 */
export async function trainRecognizer(
  run: RecognizerTrainingRun,
): Promise<RunResult & { readonly scores: Validation }> {
  const { config, out, resume, signal, onEvent } = run;
  await requireFreeFolder(out, resume); // Reading all recordings takes a while.
  const [recordings, validation] = [heardForms(run.recordings), heardForms(run.validation)];
  const texts = recordings.map(({ text }) => text);
  const labels = Labels.of(config.unit, texts);
  if (labels.size === 0 || validation.length === 0) {
    const message = `${recordings.length} recordings to train on have ${labels.size} different ${config.unit}, and there are ${validation.length} to validate on; give recordings with texts for both`;
    throw new AttendError("BAD_DATA", message);
  }
  onEvent({ type: "note", message: `${labels.size} different ${config.unit}` });
  await loadEngine();
  const language = LanguageModel.of(
    texts.map((text) => labels.encode(text)),
    { order: config.languageOrder, labels: labels.size },
  );
  const { training, model: settings, ...rest } = config;
  const random = createRandom(training.seed);
  const model = recognizers.create(settings, { labels, language }, random);
  const read = (part: readonly Recording[]) =>
    readExamples(part, settings.features, {
      signal,
      onProgress: (done, total) =>
        onEvent({ type: "progress", label: "reading", unit: "recordings", done, total }),
    });
  try {
    const [examples, measured] = [await read(recordings), await read(validation)];
    const measure = () => validate(model, measured, signal);
    const result = await runTraining({
      ...{ out, resume, signal, onEvent },
      origin: {
        content: { recordings: hashOf(examples), "recordings to validate on": hashOf(measured) },
        config: { ...settings, ...rest },
      },
      stages: [
        {
          module: model.network,
          config: training,
          start: () => ({
            task: recognitionTask(model.network, labels, examples, {
              ...{ ...config, features: settings.features },
            }),
            validate: async () => ({ ...(await measure()) }),
          }),
        },
      ],
      save: async (folder) => recognizers.save(await calibrated(model, measured, signal), folder),
    });
    return { ...result, scores: await measure() };
  } finally {
    model.network.dispose();
  }
}

function heardForms(recordings: readonly Recording[]): Recording[] {
  return recordings.map((each) => ({ ...each, text: spokenForm(each.text) }));
}

function hashOf(examples: readonly Example[]): string {
  return contentHash(
    examples.map(({ text, speaker, features }) => [text, speaker, features.frames].join("\t")),
  );
}
