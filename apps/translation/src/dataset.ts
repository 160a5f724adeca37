import { tokenBatches } from "@attend/datasets";
import { type SourceBatch, type TeacherForcing, teacherForcing } from "@attend/decoding";
import type { Random } from "@attend/runtime";
import { encodeSource, sourceBatch, special, type Tokenizers } from "@attend/translator";
import type { Augmentation } from "./training-config.ts";

interface Sides {
  readonly source: string;
  readonly target: string;
}

/** A sentence pair as tokens, the target without start and end tokens. */
export interface Example {
  /** Its last token is the end token, so it is never empty. */
  readonly source: readonly number[];
  readonly target: readonly number[];
  /** The original text. */
  readonly text: Sides;
}

/** Encodes pairs; skips those with more than `maxTokens` on a side. */
export function encodePairs(
  pairs: readonly Sides[],
  tokenizers: Tokenizers,
  maxTokens: number,
): { examples: Example[]; overlong: number } {
  const all = pairs.map((text) => ({
    source: encodeSource(text.source, tokenizers),
    target: tokenizers.target.encode(text.target),
    text,
  }));
  const examples = all.filter(
    ({ source, target }) => source.length <= maxTokens && target.length < maxTokens,
  );
  return { examples, overlong: all.length - examples.length };
}

/**
 * Creates a random variant of a pair: with different subwords, a lowercase source, or no final punctuation on
 * either side.
 *
 * @param maxTokens variants with more tokens on a side are discarded
 */
export function augment(
  example: Example,
  tokenizers: Tokenizers,
  { random, maxTokens, ...rates }: Augmentation & { random: Random; maxTokens: number },
): Example {
  const happens = (rate: number) => random.uniform() < rate;
  const { text } = example;
  const [lowerCase, noFinalMark] = [happens(rates.lowerCase), happens(rates.noFinalMark)];
  if (!lowerCase && !noFinalMark && !rates.sampleSubwords) return example;
  const sides = noFinalMark ? withoutFinalMark(text) : text;
  const segment = (side: Tokenizers["source"], line: string) =>
    (rates.sampleSubwords ? side.sample?.(line, { random }) : undefined) ?? side.encode(line);
  const source = [
    ...segment(tokenizers.source, lowerCase ? sides.source.toLowerCase() : sides.source),
    special.end,
  ];
  const target = segment(tokenizers.target, sides.target);
  return source.length <= maxTokens && target.length < maxTokens
    ? { source, target, text }
    : example;
}

const finalMark = /[.!?。！？]$/u;

/** Removes the final punctuation of both sides, if both have one. */
function withoutFinalMark(text: Sides): Sides {
  const { source, target } = text;
  if (!finalMark.test(source) || !finalMark.test(target)) return text;
  return { source: source.replace(finalMark, ""), target: target.replace(finalMark, "") };
}

/** A batch of training; its owner disposes the tensors. */
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
