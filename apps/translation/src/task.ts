import { coverageLoss, lengthMask } from "@attend/attention";
import { batchesByLength } from "@attend/datasets";
import { type BeamOptions, type Hypothesis, meanLoss } from "@attend/decoding";
import { type BleuTokenizer, scoreSacreBleu } from "@attend/metrics";
import { type Random, tf, yieldTurn } from "@attend/runtime";
import type { ShowExamples, TrainingTask } from "@attend/training";
import {
  maxLengthOf,
  meanLogProbability,
  type Network,
  sourceBatch,
  type Tokenizers,
} from "@attend/translator";
import { type Batch, type Example, planEpoch, trainingBatch } from "./dataset.ts";
import type { TranslationTraining } from "./training-config.ts";

/** How a network is trained. */
interface TaskOptions
  extends Pick<TranslationTraining, "tokensPerBatch" | "labelSmoothing" | "coverageLoss"> {
  readonly rDrop?: number;
  /** Creates a variant of an example each time it is read. */
  readonly vary?: (example: Example, random: Random) => Example;
}

/**
 * Teacher forcing over batches of about the same number of tokens (Vaswani et al. 2017, section 5.1), with the coverage
 * loss of See et al. 2017 (eq. 13) if it has a weight.
 */
export function translationTask(
  network: Network,
  examples: readonly Example[],
  {
    tokensPerBatch,
    labelSmoothing,
    rDrop,
    coverageLoss: weight,
    vary = (example) => example,
  }: TaskOptions,
): TrainingTask<number[], Batch> {
  return {
    plan: (_epoch, random) => planEpoch(examples, { tokensPerBatch, random }),
    async load(plan, random) {
      const batch = plan.flatMap((index) => examples[index] ?? []);
      return trainingBatch(batch.map((example) => vary(example, random)));
    },
    loss({ source, target }, random) {
      const { losses, attention } = network.losses(source, target, {
        labelSmoothing,
        rDrop,
        random,
      });
      const [loss, items] = [meanLoss(losses, target), target.targets.size];
      if (weight === undefined || attention === undefined) return { loss, items };
      const mask = lengthMask(target.lengths, target.inputs.shape[1]);
      return { loss: tf.add(loss, tf.mul(weight, coverageLoss(attention, mask))), items };
    },
    release: ({ source, target }) => tf.dispose([source.tokens, target]),
  };
}

/** Work that throws INTERRUPTED if its signal is aborted. */
interface Interruptible {
  readonly signal?: AbortSignal | undefined;
}

/** Mean loss per token, without dropout and label smoothing, in nats. */
export async function lossOf(
  network: Network,
  examples: readonly Example[],
  { signal }: Interruptible,
): Promise<number> {
  const rows = 64;
  let [sum, tokens] = [0, 0];
  for (let from = 0; from < examples.length; from += rows) {
    await yieldTurn(signal);
    sum += tf.tidy(() => {
      const { source, target } = trainingBatch(examples.slice(from, from + rows));
      tokens += target.targets.size;
      return tf.sum(network.losses(source, target).losses).dataSync()[0] ?? Number.NaN;
    });
  }
  return sum / tokens;
}

/** BLEU (with case) of greedy search. @param options.show receives the translations */
export async function greedyBleu(
  network: Network,
  examples: readonly Example[],
  { source, target }: Tokenizers,
  {
    tokenizer,
    signal,
    show,
  }: Interruptible & {
    readonly tokenizer: BleuTokenizer;
    readonly show?: ShowExamples;
  },
): Promise<number> {
  const options = { beamWidth: 1, batchSize: 128, signal };
  const found = await translateEach(network, examples, options);
  const hypotheses = found.map((best) => target.decode(best?.tokens ?? []));
  const references = examples.map((example) => target.decode(example.target));
  show?.(
    examples.map((example, i) => ({
      input: source.decode(example.source),
      expected: references[i] ?? "",
      output: hypotheses[i] ?? "",
    })),
  );
  return scoreSacreBleu(hypotheses, references, { tokenizer }).score;
}

/**
 * The mean log-probability per token that 97 of 100 translations of the validation sources reach. A lower one is
 * far from the training data.
 *
 * @returns undefined if there are too few validation sources
 */
export async function leastConfidence(
  network: Network,
  validation: readonly Example[],
  options: Interruptible & Omit<BeamOptions, "maxLength">,
): Promise<number | undefined> {
  const examples = validation.slice(0, 512);
  if (examples.length < 33) return undefined;
  const found = await translateEach(network, examples, { ...options, batchSize: 64 });
  const means = found.flatMap((best) => (best === undefined ? [] : meanLogProbability(best)));
  means.sort((a, b) => a - b);
  return Number(means[Math.floor(0.03 * means.length)]?.toFixed(2));
}

/** The best translation of each source, in batches of similar length. */
async function translateEach(
  network: Network,
  examples: readonly Example[],
  {
    batchSize,
    signal,
    ...options
  }: Interruptible & Omit<BeamOptions, "maxLength"> & { readonly batchSize: number },
): Promise<(Hypothesis | undefined)[]> {
  const lengths = examples.map(({ source }) => source.length);
  const plan = batchesByLength(lengths, { batchSize });
  const found: (Hypothesis | undefined)[][] = [];
  for (const batch of plan.batches) {
    await yieldTurn(signal);
    const sources = batch.map((index) => examples[index]?.source ?? []);
    const source = sourceBatch(sources);
    const maxLength = sources.map(maxLengthOf);
    const hypotheses = network.translate(source, { ...options, maxLength });
    source.tokens.dispose();
    found.push(hypotheses.map(([best]) => best));
  }
  return plan.restore(found);
}
