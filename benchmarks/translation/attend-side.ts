/** Our side of main.ts: answers its requests. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findData, readParallel } from "@attend/datasets";
import { saveWeights } from "@attend/nn";
import { createRandom, loadEngine, tf } from "@attend/runtime";
import { parseTrainingConfig, train as trainModule } from "@attend/training";
import {
  createNetwork,
  encodeSource,
  learnTokenizers,
  networkSchema,
  special,
  Translator,
  translators,
} from "@attend/translator";
import {
  type Batch,
  encodePairs,
  planEpoch,
  trainingBatch,
} from "../../apps/translation/src/dataset.ts";
import { translationTask } from "../../apps/translation/src/task.ts";
import { defaultTraining } from "../../apps/translation/src/training-config.ts";
import { Gate } from "../support/gate.ts";
import { peakMemory } from "../support/peak-memory.mjs";
import { serve } from "../support/serve.ts";

const { library } = await loadEngine({ engine: "native" });
const labelSmoothing = 0.1;
const tokensPerBatch = 4096;

const networks = {
  transformer: defaultTraining().model.network,
  lstm: networkSchema.parse({
    kind: "seq2seq",
    embeddingSize: 256,
    hiddenSize: 256,
    encoder: { layers: 2 },
    decoder: { layers: 2, start: "copy" },
    attention: { kind: "luong", score: "general" },
    dropout: 0.2,
  }),
};

const gate = new Gate();
/** Target tokens of each requested step. */
const tokens: number[] = [];

/** Starts training, waits for `steps`, and returns what the PyTorch side needs for the same training. */
async function train({ kind, out }: { kind: "transformer" | "lstm"; out: string }) {
  const folder = findData("multi30k", ["train.en.gz", "train.de.gz"]);
  const [source, target] = [join(folder, "train.en.gz"), join(folder, "train.de.gz")];
  const { pairs } = await readParallel({ source, target });
  const tokenizers = learnTokenizers(pairs, defaultTraining().vocabulary);
  const { examples } = encodePairs(pairs, tokenizers, 100);
  const plan = planEpoch(examples, { tokensPerBatch, random: createRandom(1) }).slice(0, 60);
  const batches = plan.map((batch) => batch.flatMap((index) => examples[index] ?? []));
  const network = createNetwork(networks[kind], tokenizers, createRandom(1));
  const [weights, file] = [join(out, `${kind}.safetensors`), join(out, `${kind}.json`)];
  await saveWeights(network, weights);
  await writeFile(file, JSON.stringify(batches));
  const loss = tf.tidy(() => {
    const { source, target } = trainingBatch(batches[0] ?? []);
    return tf.mean(network.losses(source, target, { labelSmoothing }).losses).dataSync()[0];
  });
  const config = parseTrainingConfig(
    {
      maxSteps: 1e6,
      optimizer: { name: "adam", learningRate: 1e-4, beta2: 0.98 },
      ...{ clipNorm: 1, tensorboard: false, checkpointEvery: {} },
    },
    "the benchmark",
  );
  const task = translationTask(network, examples, { tokensPerBatch, labelSmoothing });
  const gated = {
    ...task,
    plan: () => plan,
    prepare: (batch: Batch) => {
      tokens.push(batch.target.targets.size);
      return gate.wait(batch);
    },
  };
  void trainModule(network, gated, config, {
    out: join(out, kind),
    onEvent: ({ type }) => type === "step" && gate.stepped(),
  });
  const { kind: _, ...shape } = networks[kind];
  return {
    ...{ kind, loss, weights, batches: file, labelSmoothing, special, config: shape },
    vocabularySize: tokenizers.source.size,
    parameters: network.parameterCount(),
  };
}

/** Target tokens per second of each step. */
async function steps({ count }: { count: number }) {
  const times = await gate.pass(count);
  const stepTokens = tokens.splice(0).slice(-count);
  return { rates: times.map((ms, i) => (1000 * (stepTokens[i] ?? Number.NaN)) / ms) };
}

let decoding: { translator: Translator; lines: string[] } | undefined;

async function prepare({ model: folder }: { model: string }) {
  const data = findData("multi30k", ["test_2016_flickr.en.gz", "test_2016_flickr.de.gz"]);
  const [source, target] = ["en", "de"].map((side) => join(data, `test_2016_flickr.${side}.gz`));
  const { pairs } = await readParallel({ source: source ?? "", target: target ?? "" });
  const lines = pairs.map((pair) => pair.source);
  const model = await translators.load(folder);
  decoding = { translator: new Translator(model), lines };
  const sources = lines.map((line) => encodeSource(line, model.tokens));
  return { lines: lines.length, sources, special };
}

async function decode() {
  if (decoding === undefined) throw new Error("prepare comes first");
  const begin = performance.now();
  const found = await decoding.translator.translateAll(decoding.lines);
  const seconds = (performance.now() - begin) / 1000;
  return { seconds, translations: found.map(({ ids }) => ids) };
}

await serve({
  versions: () => ({ versions: [library] }),
  train,
  steps,
  prepare,
  decode,
  peak: () => ({ bytes: peakMemory() }),
});
