import { tokenBatches } from "@attend/datasets";
import { type SourceBatch, type TeacherForcing, teacherForcing } from "@attend/decoding";
import type { Random } from "@attend/runtime";
import { encodeSource, sourceBatch, special, type Vocabularies } from "@attend/translator";

/** A sentence pair as tokens, the target without start and end tokens. */
export interface Example {
  /** Its last token is the end token, so it is never empty. */
  readonly source: readonly number[];
  readonly target: readonly number[];
}

/** Encodes pairs; skips those with more than `maxTokens` on a side. */
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

/** A training batch; its owner disposes the tensors. */
export interface Batch {
  readonly source: SourceBatch;
  readonly target: TeacherForcing;
}

export function trainingBatch(examples: readonly Example[]): Batch {
  return {
    source: sourceBatch(examples.map(({ source }) => source)),
    target: teacherForcing(
      examples.map(({ target }) => target),
      special,
    ),
  };
}

/** The batches of an epoch, as indices into `examples`. */
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
