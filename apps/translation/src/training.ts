import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { batchesByLength } from "@attend/datasets";
import { type BleuTokenizer, scoreSacreBleu } from "@attend/metrics";
import { loadWeights } from "@attend/nn";
import { AttendError, createRandom, tf } from "@attend/runtime";
import { writeFileAtomic } from "@attend/runtime/files";
import { readLog, type TrainingResult, train } from "@attend/training";
import { plotCurvesPng } from "@attend/training/plot";
import {
  createNetwork,
  maxLengthOf,
  type Network,
  sourceBatch,
  translators,
  type Vocabularies,
} from "@attend/translator";
import type { TranslationTraining } from "./config.ts";
import { type Example, encodePairs } from "./dataset.ts";
import { tokenizerFor } from "./evaluate.ts";
import { openRun, type TranslationTrainingRun } from "./run-folder.ts";
import { lossOf, translationTask } from "./task.ts";

/**
 * Trains a translation model, and writes the folder of the best weights, `out/model`.
 *
 * @throws AttendError as `train` does; BAD_DATA, BAD_ARGUMENT where the pairs do not suffice; BAD_CONFIG
 *   where the training in `out` was begun with something else
 */
export async function trainTranslator(run: TranslationTrainingRun): Promise<TrainingResult> {
  const { config, out, say } = run;
  const begun = run.init === undefined ? undefined : await translators.read(run.init);
  const networkConfig = begun?.config.network ?? config.model.network;
  const vocabularies = await openRun(run, begun?.tokens);
  const { maxTokens } = config.model;
  const training = encodePairs(run.pairs, vocabularies, maxTokens);
  const dev = encodePairs(run.dev, vocabularies, maxTokens);
  if (training.overlong > 0) {
    say(`${training.overlong} pairs have more than ${maxTokens} tokens on a side; left out`);
  }
  if (training.examples.length === 0 || dev.examples.length === 0) {
    const message = `no pair ${training.examples.length === 0 ? "to train" : "to validate"} on has at most ${maxTokens} tokens on each side; raise "maxTokens" in the --config`;
    throw new AttendError("BAD_DATA", message);
  }
  const network = createNetwork(networkConfig, vocabularies, createRandom(config.training.seed));
  const task = {
    ...translationTask(network, training.examples, config),
    async validate() {
      const tokenizer = tokenizerFor(run.to);
      const bleu = await greedyBleu(network, dev.examples, vocabularies, tokenizer);
      return { bleu, loss: lossOf(network, dev.examples) };
    },
  };
  try {
    if (begun !== undefined) await loadWeights(network, begun.weights);
    const { resume, signal, onEvent } = run;
    const result = await train(task, config.training, { out, resume, signal, onEvent });
    await loadWeights(network, result.paths.best);
    const { from, to } = run;
    const { best } = result;
    const reached = best === undefined ? "" : `, ${best.metric} ${best.value.toFixed(1)} on others`;
    const model = {
      about: `${from} to ${to}, learned from ${training.examples.length} pairs${reached}`,
      ...config.model,
      ...{ network: networkConfig, from, to },
      confidence: config.model.confidence ?? leastConfidence(network, dev.examples, config),
    };
    await translators.save({ config: model, tokens: vocabularies, network }, join(out, "model"));
    const curves = await plotCurvesPng(await readLog(result.paths.log), { title: out });
    await writeFileAtomic(join(out, "curves.png"), curves);
    return result;
  } finally {
    network.dispose();
  }
}

/**
 * What 97 of 100 translations of the dev sources reach as mean log-probability a token: what lies below is further
 * from what was learned.
 *
 * @returns nothing where the dev sources are too few to tell
 */
function leastConfidence(
  network: Network,
  examples: readonly Example[],
  { model: { decoding } }: TranslationTraining,
): number | undefined {
  const sources = examples.slice(0, 512).map(({ source }) => source);
  if (sources.length < 33) return undefined;
  const lengths = sources.map(({ length }) => length);
  const { batches } = batchesByLength(lengths, { batchSize: 64 });
  const means = batches.flatMap((batch) => {
    const rows = batch.map((index) => sources[index] ?? []);
    const source = sourceBatch(rows);
    const found = network.translate(source, { ...decoding, maxLength: rows.map(maxLengthOf) });
    tf.dispose([source.tokens, source.lengths]);
    return found.flatMap(([best]) =>
      best === undefined ? [] : best.logProbability / (best.tokens.length + 1),
    );
  });
  means.sort((a, b) => a - b);
  return Number(means[Math.floor(0.03 * means.length)]?.toFixed(2));
}

/** BLEU (with case) of what greedy search says. */
async function greedyBleu(
  network: Network,
  examples: readonly Example[],
  { target }: Vocabularies,
  tokenizer: BleuTokenizer,
): Promise<number> {
  const lengths = examples.map(({ source }) => source.length);
  const plan = batchesByLength(lengths, { batchSize: 128 });
  const said: string[][] = [];
  for (const batch of plan.batches) {
    await setImmediate(); // Ctrl-C gets its turn.
    const sources = batch.map((index) => examples[index]?.source ?? []);
    const source = sourceBatch(sources);
    const maxLength = sources.map(maxLengthOf);
    const found = network.translate(source, { beamWidth: 1, maxLength });
    tf.dispose([source.tokens, source.lengths]);
    said.push(found.map(([best]) => target.decode(best?.tokens ?? [])));
  }
  const references = examples.map((example) => target.decode(example.target));
  return scoreSacreBleu(plan.restore(said), references, { tokenizer }).score;
}
