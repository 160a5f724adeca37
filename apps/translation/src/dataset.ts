import { teacherForcing, tokenBatches } from "@attend/datasets";
import type { SourceBatch } from "@attend/decoding";
import type { Random } from "@attend/runtime";
import { tf } from "@attend/runtime";
import { encodeSource, padId, sourceBatch, special, type Vocabularies } from "@attend/translator";

/** A pair of sentences as tokens, the target without start and end. */
export interface Example {
  /** The end is its last token, so that no source is empty. */
  readonly source: readonly number[];
  readonly target: readonly number[];
}

/** Pairs as tokens; those with a side of more than `maxTokens` are left out. */
export function encodePairs(
  pairs: readonly { readonly source: string; readonly target: string }[],
  vocabularies: Vocabularies,
  maxTokens: number,
): { examples: Example[]; overlong: number } {
  const all = pairs.map(({ source, target }) => ({
    source: encodeSource(source, vocabularies),
    target: vocabularies.target.encode(target),
  }));
  const examples = all.filter(
    ({ source, target }) => source.length <= maxTokens && target.length < maxTokens,
  );
  return { examples, overlong: all.length - examples.length };
}

/** A batch of training; see `Network.logits`. */
export interface Batch {
  readonly source: SourceBatch;
  readonly inputs: tf.Tensor2D;
  readonly counting: tf.Tensor1D;
  /** Of the places that count, `[tokens]` int32. */
  readonly targets: tf.Tensor1D;
}

export function trainingBatch(examples: readonly Example[]): Batch {
  const sequences = examples.map(({ target }) => target);
  const ids = { padId, startId: special.start, endId: special.end };
  const { inputs, targets, mask, steps } = teacherForcing(sequences, ids);
  const places = [...mask.keys()].filter((place) => mask[place] === 1);
  return {
    source: sourceBatch(examples.map(({ source }) => source)),
    inputs: tf.tensor2d(inputs, [examples.length, steps], "int32"),
    counting: tf.tensor1d(places, "int32"),
    targets: tf.tensor1d(
      places.map((place) => targets[place] ?? padId),
      "int32",
    ),
  };
}

/** An epoch's batches, as indices into `examples`. */
export function planEpoch(
  examples: readonly Example[],
  { tokensPerBatch, random }: { tokensPerBatch: number; random: Random },
): number[][] {
  const lengths = examples.map(({ source, target }) => ({
    source: source.length,
    target: target.length + 1,
  }));
  return tokenBatches(lengths, { tokensPerBatch, random });
}
