import type { ReadFeatures } from "@attend/cnn-encoder/features";
import { type Module, readWeights } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { temporaryDirectory } from "@attend/test-kit";
import { Words } from "@attend/text";
import {
  parseTrainingConfig,
  type TrainingEvent,
  type TrainingTask,
  train,
} from "@attend/training";
import { captionerConfigSchema } from "../../src/config.ts";
import { type CaptioningModel, captioners } from "../../src/model.ts";
import { captionerTrainingSchema, type StageNamed } from "../../src/training-config.ts";

const words = "a the dog cat man girl ball red blue runs sits".split(" ");
export const tokens = new Words(words);
export const ids = (text: string) => tokens.encode(text);

/** Small images, for speed. */
export const imageSize = 64;

/** Configs of each kind of decoder, without dropout. */
export const decoders: readonly {
  name: string;
  ofSize: (size: number) => object;
  /** How far the first loss may be from that of equally likely words. */
  firstLoss: number;
}[] = [
  {
    name: "LSTM",
    firstLoss: 0.3,
    ofSize: (size) => ({ embeddingSize: size, hiddenSize: size, attentionSize: size, dropout: 0 }),
  },
  {
    name: "Transformer",
    // It expects the word that it has just read, since input and output share a table.
    firstLoss: 1.5,
    ofSize: (size) => ({
      kind: "transformer",
      ...{ size, heads: 2, feedForwardSize: 2 * size, encoderLayers: 1, decoderLayers: 2 },
      ...{ dropout: 0, attentionDropout: 0 },
    }),
  },
];

/** An untrained model, by default with an LSTM. */
export function createModel({
  maxLength = 6,
  decoder = decoders[0]?.ofSize(16),
} = {}): CaptioningModel {
  const config = captionerConfigSchema.parse({
    encoder: { imageSize },
    decoder,
    decoding: { beamWidth: 2, maxLength, lengthPenalty: 0 },
  });
  return captioners.create(config, tokens, createRandom(3));
}

/** A stage with the config's defaults. */
export function stageOf<Name extends "decoder" | "end-to-end" | "self-critical">(
  name: Name,
  fields: Record<string, unknown> = {},
): StageNamed<Name> {
  const training = { maxSteps: 1, optimizer: { name: "adam", learningRate: 1e-3 } };
  const { stages } = captionerTrainingSchema.parse({
    model: { encoder: {}, decoder: {}, decoding: {} },
    vocabulary: {},
    stages: [{ name, training, ...fields }],
  });
  return stages[0] as StageNamed<Name>;
}

/** Reads random features `[3 positions, 1280 channels]` for each photo, mostly 0, without augmentation. */
export function randomFeatures(count: number): ReadFeatures {
  const random = createRandom(8);
  const each = Array.from({ length: count }, () =>
    Float32Array.from({ length: 3 * 1280 }, () => Math.max(0, random.normal() - 1)),
  );
  return async (indices) => {
    const values = new Float32Array(indices.length * 3 * 1280);
    for (const [row, index] of indices.entries()) values.set(each[index] ?? [], row * 3 * 1280);
    return tf.tensor3d(values, [indices.length, 3, 1280]);
  };
}

/** Trains, and returns the event of each step. */
export async function fit<Plan, Batch>(
  module: Module,
  task: TrainingTask<Plan, Batch>,
  config: { steps: number; learningRate: number },
) {
  const steps: Extract<TrainingEvent, { type: "step" }>[] = [];
  const { steps: maxSteps, learningRate } = config;
  const optimizer = { name: "adam", learningRate } as const;
  const training = parseTrainingConfig({ maxSteps, optimizer, tensorboard: false }, "test");
  await train(module, task, training, {
    out: temporaryDirectory(),
    onEvent: (event) => void (event.type === "step" && steps.push(event)),
  });
  return steps;
}

/** The names of the parameters whose values differ. */
export function changed(module: Module, before: ReturnType<typeof readWeights>): string[] {
  return [...readWeights(module)]
    .filter(([name, { data }]) => data.some((value, i) => value !== before.get(name)?.data[i]))
    .map(([name]) => name);
}
