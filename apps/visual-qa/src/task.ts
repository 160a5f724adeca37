import { encodingOf, freezeBefore, type ImageEncoding } from "@attend/cnn-encoder";
import type { ReadFeatures } from "@attend/cnn-encoder/features";
import { shuffledBatches } from "@attend/datasets";
import { type Random, tf } from "@attend/runtime";
import type { TrainingTask } from "@attend/training";
import type { Question } from "@attend/vqa-fusion";
import type { BatchTargets } from "./answers/answer-head.ts";
import type { BatchWords } from "./caption-words.ts";
import { disposeQuestions, type Example, type Examples, questionBatch } from "./dataset.ts";
import { photosOf, readPhotos } from "./images.ts";
import type { AnsweringNetwork } from "./network.ts";
import type { Sentences } from "./sentences.ts";
import type { AnswererTraining } from "./training-config.ts";

interface Batch<Photos extends tf.Tensor> {
  /** Of each photo of the batch once. */
  readonly photos: Photos;
  /** Which of them each question is about. */
  readonly photoOf: readonly number[];
  readonly question: Question;
  readonly answers: BatchTargets;
  /** What captions say of the photos, if that is learned. */
  readonly said: BatchWords | undefined;
}

/** What is learned from, besides questions and photos. */
interface Beside {
  /** Prepares what captions say of photos by index, see `wordLoader`. */
  readonly loadWords?: ((photos: readonly number[]) => BatchWords | undefined) | undefined;
  /** For a model that reads questions as sentences. */
  readonly sentences?: Sentences | undefined;
}

type Plan = readonly Example[];

/** The loss of the answers over the feature maps of a frozen encoder. */
export function fusionTask(
  network: AnsweringNetwork,
  examples: Examples,
  config: AnswererTraining,
  read: ReadFeatures,
  beside: Beside = {},
): TrainingTask<Plan, Batch<tf.Tensor3D>> {
  return answerTask(network, examples, config, { ...beside, read, encode: encodingOf });
}

/**
 * The loss of the answers through encoder and fusion.
 *
 * @param options.batchStatistics for an encoder that is trained from scratch, see `EncodeOptions`
 */
export function endToEndTask(
  network: AnsweringNetwork,
  examples: Examples,
  config: AnswererTraining,
  { batchStatistics, ...beside }: Beside & { readonly batchStatistics: boolean },
): TrainingTask<Plan, Batch<tf.Tensor4D>> {
  const { model, augmentation, trainableFrom } = config;
  freezeBefore(network.encoder, trainableFrom);
  return answerTask(network, examples, config, {
    ...beside,
    read(photos, random) {
      const files = photos.map((photo) => examples.files[photo] ?? "");
      return readPhotos(files, model.imageSize, augmentation && { augmentation, random });
    },
    encode: (photos) => network.encoder.encode(photos, { trainableFrom, batchStatistics }),
  });
}

/** @param given `read` reads photos by index, `encode` encodes what was read */
function answerTask<Photos extends tf.Tensor>(
  network: AnsweringNetwork,
  { examples }: Examples,
  { batchSize, photosPerBatch }: Pick<AnswererTraining, "batchSize" | "photosPerBatch">,
  given: Beside & {
    read(photos: readonly number[], random: Random): Promise<Photos>;
    encode(photos: Photos): ImageEncoding;
  },
): TrainingTask<Plan, Batch<Photos>> {
  const units = photosPerBatch === undefined ? examples.map((one) => [one]) : byPhoto(examples);
  return {
    plan: (_, random) =>
      shuffledBatches(units.length, photosPerBatch ?? batchSize, random).map((batch) =>
        batch.flatMap((index) => units[index] ?? []),
      ),
    async load(plan, random) {
      const distinct = [...new Set(plan.map(({ photo }) => photo))];
      const positions = new Map(distinct.map((photo, position) => [photo, position]));
      const sentences = await given.sentences?.encode(plan.map(({ question }) => question));
      return {
        photos: await given.read(distinct, random),
        photoOf: plan.map(({ photo }) => positions.get(photo) ?? 0),
        question: questionBatch(
          plan.map(({ words }) => words),
          sentences,
        ),
        answers: network.answers.load(plan.map(({ answer }) => answer)),
        said: given.loadWords?.(distinct),
      };
    },
    loss(batch, random) {
      const { question, answers, photoOf, said } = batch;
      const image = photosOf(given.encode(batch.photos), photoOf);
      const { joint, shown } = network.fusion.fuse(question, image, { random });
      const loss = answers.loss(joint, image, random);
      const ofWords = shown && said?.loss(shown);
      return { loss: ofWords ? tf.add(loss, ofWords) : loss, items: answers.items };
    },
    release({ photos, question, answers, said }) {
      photos.dispose();
      disposeQuestions(question);
      answers.dispose();
      said?.dispose();
    },
  };
}

function byPhoto(examples: readonly Example[]): Example[][] {
  const groups = new Map<number, Example[]>();
  for (const example of examples) {
    const group = groups.get(example.photo);
    if (group === undefined) groups.set(example.photo, [example]);
    else group.push(example);
  }
  return [...groups.values()];
}
