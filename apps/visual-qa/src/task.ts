import { encodingOf, type ImageEncoding } from "@attend/cnn-encoder";
import { shuffledBatches } from "@attend/datasets";
import { crossEntropy } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { TrainingTask } from "@attend/training";
import type { Question } from "@attend/vqa-fusion";
import { type Example, type Examples, questionBatch } from "./dataset.ts";
import { photosOf, readPhotos } from "./images.ts";
import type { AnsweringNetwork } from "./network.ts";

/** Reads the feature maps of photos by index, `[photos, positions, channels]`; the caller disposes them. */
export type ReadMaps = (photos: readonly number[], random?: Random) => Promise<tf.Tensor3D>;

interface Batch<Photos extends tf.Tensor> {
  /** Of each photo of the batch once. */
  readonly photos: Photos;
  /** Which of them each question is about. */
  readonly photoOf: readonly number[];
  readonly question: Question;
  /** `[rows]` int32 */
  readonly answers: tf.Tensor1D;
}

type Plan = readonly Example[];

/** Cross-entropy of the answers over the feature maps of a frozen encoder. */
export function fusionTask(
  network: AnsweringNetwork,
  { examples }: Examples,
  readMaps: ReadMaps,
  batchSize: number,
): TrainingTask<Plan, Batch<tf.Tensor3D>> {
  return {
    plan: (_, random) => shuffled(examples, batchSize, random),
    load: (plan, random) => batchOf(plan, (photos) => readMaps(photos, random)),
    loss: (batch, random) => answerLoss(network, encodingOf(batch.photos), batch, random),
    release,
  };
}

/** Cross-entropy of the answers through encoder and fusion. */
export function endToEndTask(
  network: AnsweringNetwork,
  { examples, files }: Examples,
  imageSize: number,
  { batchSize, batchStatistics }: { batchSize: number; batchStatistics: boolean },
): TrainingTask<Plan, Batch<tf.Tensor4D>> {
  const read = (photos: readonly number[]) =>
    readPhotos(
      photos.map((photo) => files[photo] ?? ""),
      imageSize,
    );
  return {
    plan: (_, random) => shuffled(examples, batchSize, random),
    load: (plan) => batchOf(plan, read),
    loss: (batch, random) =>
      answerLoss(network, network.encoder.encode(batch.photos, { batchStatistics }), batch, random),
    release,
  };
}

function shuffled(examples: readonly Example[], batchSize: number, random: Random): Plan[] {
  return shuffledBatches(examples.length, batchSize, random).map((batch) =>
    batch.flatMap((index) => examples[index] ?? []),
  );
}

async function batchOf<Photos extends tf.Tensor>(
  plan: Plan,
  read: (photos: readonly number[]) => Promise<Photos>,
): Promise<Batch<Photos>> {
  const photos = [...new Set(plan.map(({ photo }) => photo))];
  const positions = new Map(photos.map((photo, position) => [photo, position]));
  return {
    photos: await read(photos),
    photoOf: plan.map(({ photo }) => positions.get(photo) ?? 0),
    question: questionBatch(plan.map(({ words }) => words)),
    answers: tf.tensor1d(
      plan.map(({ answer }) => answer),
      "int32",
    ),
  };
}

function answerLoss(
  network: AnsweringNetwork,
  encoding: ImageEncoding,
  { photoOf, question, answers }: Omit<Batch<tf.Tensor>, "photos">,
  random: Random,
) {
  const { logits } = network.score(question, photosOf(encoding, photoOf), random);
  return { loss: tf.mean<tf.Scalar>(crossEntropy(logits, answers)), items: answers.size };
}

function release({ photos, question, answers }: Batch<tf.Tensor>): void {
  tf.dispose([photos, question.tokens, answers]);
}
