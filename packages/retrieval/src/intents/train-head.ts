import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assignWeights, crossEntropy, readWeights, setParameter } from "@attend/nn";
import { tf } from "@attend/runtime";
import { parseTrainingConfig, type TrainingTask, train } from "@attend/training";
import { roundToFloat16 } from "../float16.ts";
import { isRefusal } from "../text/refusal.ts";
import { matrixOf } from "../vector-index.ts";
import type { Encoded } from "./examples.ts";
import type { IntentNetwork } from "./intent-network.ts";

const batchSize = 128;
/** Few examples are seen oftener. */
const [minEpochs, maxEpochs, minSteps] = [15, 200, 1000];

interface Batch {
  readonly inputs: tf.Tensor2D;
  readonly targets: tf.Tensor1D;
}

/** Trains a network on all examples, and stores what is known of each intent. */
export async function trainHead(
  network: IntentNetwork,
  intents: readonly string[],
  examples: readonly Encoded[],
  { seed, signal }: { readonly seed: number; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const places = new Map(intents.map((intent, i) => [intent, i]));
  const targets = examples.map(({ intent }) => places.get(intent) ?? 0);
  const batches = Math.ceil(examples.length / batchSize);
  const task: TrainingTask<readonly number[], Batch> = {
    plan(_epoch, random) {
      const order = random.shuffle([...examples.keys()]);
      return Array.from({ length: batches }, (_, i) =>
        order.slice(i * batchSize, (i + 1) * batchSize),
      );
    },
    async load(rows) {
      const vectors = rows.flatMap((row) => examples[row]?.vector ?? []);
      return {
        inputs: matrixOf(vectors, network.centroids.shape[1]),
        targets: tf.tensor1d(
          rows.map((row) => targets[row] ?? 0),
          "int32",
        ),
      };
    },
    loss: ({ inputs, targets: expected }, random) => ({
      loss: tf.mean(crossEntropy(network.logits(inputs, random), expected)),
    }),
    release: (batch) => tf.dispose([batch.inputs, batch.targets]),
  };
  const config = {
    seed,
    epochs: Math.min(Math.max(minEpochs, Math.ceil(minSteps / batches)), maxEpochs),
    optimizer: { name: "adamw", learningRate: 0.001, weightDecay: 0.01 },
    schedule: { name: "linear" },
    logEvery: 1000,
    tensorboard: false,
  };
  const out = await mkdtemp(join(tmpdir(), "attend-intents-"));
  try {
    await train(network, task, parseTrainingConfig(config, "intents"), { out, signal });
  } finally {
    await rm(out, { recursive: true, force: true });
  }
  describeIntents(network, intents, examples);
  const rounded = [...readWeights(network)].map(
    ([name, { shape, data }]) =>
      [name, { shape, data: roundToFloat16(Float32Array.from(data)) }] as const,
  );
  assignWeights(network, new Map(rounded), "the trained network");
}

function describeIntents(
  network: IntentNetwork,
  intents: readonly string[],
  examples: readonly Encoded[],
): void {
  const dimension = network.centroids.shape[1];
  const centroids = new Float32Array(intents.length * dimension);
  const refusals = new Float32Array(intents.length);
  for (const [i, intent] of intents.entries()) {
    const own = examples.filter((example) => example.intent === intent);
    const centroid = centroids.subarray(i * dimension, (i + 1) * dimension);
    for (const { vector } of own)
      for (let k = 0; k < dimension; k++) centroid[k] = (centroid[k] ?? 0) + (vector[k] ?? 0);
    const length = Math.hypot(...centroid) || 1;
    for (let k = 0; k < dimension; k++) centroid[k] = (centroid[k] ?? 0) / length;
    refusals[i] = own.filter(({ text }) => isRefusal(text)).length / Math.max(own.length, 1);
  }
  setParameter(network.centroids, centroids);
  setParameter(network.refusals, refusals);
}
