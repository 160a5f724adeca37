import type { ParallelPair } from "@attend/datasets";
import { bleuTokenizerFor } from "@attend/metrics";
import { fingerprint } from "@attend/nn";
import { AttendError, createRandom } from "@attend/runtime";
import {
  contentHash,
  type RunArguments,
  type RunResult,
  requireFreeFolder,
  runTraining,
} from "@attend/training";
import {
  createNetwork,
  defaultVocabularySize,
  learnTokenizers,
  type NetworkConfig,
  networkSchema,
  type Tokenizers,
  tokenizersToJson,
  translators,
} from "@attend/translator";
import { augment, encodePairs } from "./dataset.ts";
import { greedyBleu, leastConfidence, lossOf, translationTask } from "./task.ts";
import type { TranslationTraining } from "./training-config.ts";

export {
  defaultTraining,
  readTrainingConfig,
  type TranslationTraining,
} from "./training-config.ts";

/** The arguments of a training run. */
export interface TranslationTrainingRun extends RunArguments {
  readonly from: string;
  readonly to: string;
  readonly config: TranslationTraining;
  readonly pairs: readonly ParallelPair[];
  /** Used to choose the best weights; not trained on. */
  readonly validation: readonly ParallelPair[];
  /** A model to start from, whose network and vocabulary are kept. */
  readonly startFrom?: string | undefined;
}

/**
 * Trains a translation model and writes the best weights to the folder `out/model`.
 *
 * @throws AttendError like `runTraining`; BAD_DATA or BAD_ARGUMENT if there are too few pairs
 */
export async function trainTranslator(run: TranslationTrainingRun): Promise<RunResult> {
  const { from, to, config, startFrom, out, resume, signal, onEvent } = run;
  await requireFreeFolder(out, resume); // Learning a vocabulary takes a while.
  const start = startFrom === undefined ? undefined : await translators.read(startFrom);
  const tokenizers = start?.tokens ?? learnTokens(run);
  const { examples, validation } = encode(run, tokenizers);
  const { training, model, ...rest } = config;
  const { maxTokens } = model;
  const networkConfig = start ? withDropout(start.config.network, model.network) : model.network;
  const network = createNetwork(networkConfig, tokenizers, createRandom(training.seed));
  try {
    if (start !== undefined) await translators.loadWeights(network, start.weights);
    const initial = [fingerprint(network), JSON.stringify(tokenizersToJson(tokenizers))];
    return await runTraining({
      ...{ out, resume, signal, onEvent },
      origin: {
        content: {
          pairs: hashOf(run.pairs),
          "pairs to validate on": hashOf(run.validation),
          ...(start !== undefined && { "starting weights": contentHash(initial) }),
        },
        config: { from, to, network: networkConfig, maxTokens: model.maxTokens, ...rest },
      },
      stages: [
        {
          module: network,
          config: training,
          start: () => ({
            task: translationTask(network, examples, {
              ...config,
              vary: (example, random) =>
                augment(example, tokenizers, { ...config.augmentation, random, maxTokens }),
            }),
            async validate(show) {
              const options = { tokenizer: bleuTokenizerFor(to), signal, show };
              const bleu = await greedyBleu(network, validation, tokenizers, options);
              return { bleu, loss: await lossOf(network, validation, { signal }) };
            },
          }),
        },
      ],
      async save(folder, { best }) {
        const score = `validation ${best.metric} ${best.value.toFixed(1)}`;
        const about = `${from} to ${to}, trained on ${examples.length} pairs, ${score}`;
        const {
          confidence = await leastConfidence(network, validation, { ...model.decoding, signal }),
        } = model;
        const saved = { about, ...model, network: networkConfig, from, to, confidence };
        await translators.save({ config: saved, tokens: tokenizers, network }, folder);
      },
    });
  } finally {
    network.dispose();
  }
}

function learnTokens({ pairs, config, onEvent }: TranslationTrainingRun): Tokenizers {
  const tokenizers = learnTokenizers(pairs, config.vocabulary);
  const { source, target } = tokenizers;
  const sizes = source === target ? [source.size] : [source.size, target.size];
  const isFitted =
    config.vocabulary.size === undefined && sizes.some((size) => size < defaultVocabularySize);
  const reason = isFitted
    ? ", as many as the pairs allow (--vocabulary-size sets another size)"
    : "";
  onEvent({ type: "note", message: `a vocabulary of ${sizes.join(" and ")} tokens${reason}` });
  return tokenizers;
}

/** @throws AttendError BAD_DATA if every pair is too long */
function encode(run: TranslationTrainingRun, tokenizers: Tokenizers) {
  const { maxTokens } = run.config.model;
  const training = encodePairs(run.pairs, tokenizers, maxTokens);
  const validation = encodePairs(run.validation, tokenizers, maxTokens);
  if (training.overlong > 0) {
    const message = `${training.overlong} pairs have more than ${maxTokens} tokens on a side; they are skipped`;
    run.onEvent({ type: "note", message });
  }
  if (training.examples.length === 0 || validation.examples.length === 0) {
    const message = `no ${training.examples.length === 0 ? "training" : "validation"} pair has at most ${maxTokens} tokens on each side; raise "maxTokens" in the --config`;
    throw new AttendError("BAD_DATA", message);
  }
  return { examples: training.examples, validation: validation.examples };
}

function hashOf(pairs: readonly ParallelPair[]): string {
  return contentHash(pairs.flatMap(({ source, target }) => [source, target]));
}

/** The network of a model to start from, with the dropout rates of the config, if both are of the same kind. */
function withDropout(network: NetworkConfig, given: NetworkConfig): NetworkConfig {
  if (network.kind !== given.kind) return network;
  const rates = Object.entries(given).filter(([key]) => /dropout$/i.test(key));
  return networkSchema.parse({ ...network, ...Object.fromEntries(rates) });
}
