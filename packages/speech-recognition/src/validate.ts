import { characterErrorRate, fitTemperature, wordErrorRate } from "@attend/metrics";
import { ctcLoss } from "@attend/nn";
import { tf, yieldTurn } from "@attend/runtime";
import { batched } from "./batched.ts";
import { type Example, lengthened } from "./example.ts";
import type { RecognizerModel } from "./model.ts";
import { type Reading, readingsOf } from "./readings.ts";
import { inputOf } from "./recognizer.ts";

const batchSize = 32;

/** What a model makes of recordings that it was not trained on. */
export interface Validation {
  readonly wer: number;
  readonly cer: number;
  /** Of connectionist temporal classification, in nats: the mean over the recordings. */
  readonly loss: number;
}

/** @throws AttendError INTERRUPTED */
export async function validate(
  model: RecognizerModel,
  examples: readonly Example[],
  signal?: AbortSignal,
): Promise<Validation> {
  const { found, losses } = await hearAll(model, examples, signal);
  const { labels } = model.tokens;
  const texts = found.map(([best]) => labels.decode(best?.labels ?? []));
  const references = examples.map(({ text }) => text);
  return {
    wer: wordErrorRate(texts, references).rate,
    cer: characterErrorRate(texts, references).rate,
    loss: losses.reduce((sum, each) => sum + each, 0) / losses.length,
  };
}

/** The model with the temperature by which its confidences are right most often (Guo et al. 2017, section 4.2). */
export async function calibrated(
  model: RecognizerModel,
  examples: readonly Example[],
  signal?: AbortSignal,
): Promise<RecognizerModel> {
  const { found } = await hearAll(model, examples, signal);
  const { labels } = model.tokens;
  const rows = found.flatMap((readings, row) => {
    const right = readings.findIndex((each) => labels.decode(each.labels) === examples[row]?.text);
    return right === -1 ? [] : [{ scores: readings.map(({ score }) => score), right }];
  });
  if (rows.length === 0) return model;
  const temperature = fitTemperature(
    rows.map(({ scores }) => scores),
    rows.map(({ right }) => right),
  );
  return { ...model, config: { ...model.config, temperature: Math.max(1, temperature) } };
}

async function hearAll(
  model: RecognizerModel,
  examples: readonly Example[],
  signal: AbortSignal | undefined,
): Promise<{ found: Reading[][]; losses: number[] }> {
  const { network, config, tokens } = model;
  const found: Reading[][] = [];
  const losses: number[] = [];
  for (let from = 0; from < examples.length; from += batchSize) {
    await yieldTurn(signal);
    const part = examples.slice(from, from + batchSize);
    tf.tidy(() => {
      const spelled = part.map(({ text }) =>
        tokens.labels.knows(text) ? tokens.labels.encode(text) : [],
      );
      const inputs = part.map(({ features }, row) =>
        lengthened(inputOf(features, config.features), spelled[row] ?? [], network),
      );
      const { features, lengths } = batched(inputs);
      const heard = network.hear(features, lengths);
      found.push(...readingsOf(model, heard));
      const loss = ctcLoss(network.logits(heard), spelled, { lengths: heard.lengths });
      losses.push(...loss.dataSync());
    });
  }
  return { found, losses };
}
