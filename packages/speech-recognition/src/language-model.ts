import { z } from "zod";

/** The JSON of a {@link LanguageModel}: how often each label follows the labels before it. */
export const languageModelSchema = z.strictObject({
  /** Labels that are looked at, the predicted one included. */
  order: z.number().int().min(1).max(8),
  labels: z.number().int().positive(),
  /** By the labels before, joined by spaces: the count of each label, and of the end as label `labels`. */
  counts: z.record(z.string(), z.record(z.string(), z.number().int().positive())),
});

/**
 * An n-gram model of labels, smoothed by interpolation with shorter contexts (Witten & Bell 1991, method C; Chen & Goodman
 * 1999, section 2.5). It is for short texts, such as commands.
 */
export class LanguageModel {
  readonly order: number;
  readonly labels: number;
  readonly #counts: ReadonlyMap<string, ReadonlyMap<number, number>>;

  constructor({ order, labels, counts }: z.output<typeof languageModelSchema>) {
    this.order = order;
    this.labels = labels;
    this.#counts = new Map(
      Object.entries(counts).map(([context, following]) => [
        context,
        new Map(Object.entries(following).map(([label, count]) => [Number(label), count])),
      ]),
    );
  }

  /** Counts texts, given as labels from 0 to `labels - 1`. */
  static of(
    texts: readonly (readonly number[])[],
    { order, labels }: { readonly order: number; readonly labels: number },
  ): LanguageModel {
    const counts: Record<string, Record<string, number>> = {};
    for (const text of texts) {
      const ended = [...text, labels];
      for (const [i, label] of ended.entries()) {
        for (let length = 0; length < order && length <= i; length++) {
          const context = text.slice(i - length, i).join(" ");
          counts[context] ??= {};
          const following = counts[context];
          following[label] = (following[label] ?? 0) + 1;
        }
      }
    }
    return new LanguageModel({ order, labels, counts });
  }

  /** The log-probability of each label, and last of the end, after the labels before: `[labels + 1]`. */
  next(before: readonly number[]): Float64Array {
    const size = this.labels + 1;
    let probabilities = new Float64Array(size).fill(1 / size);
    for (let length = 0; length < this.order && length <= before.length; length++) {
      const following = this.#counts.get(before.slice(before.length - length).join(" "));
      if (following === undefined) break;
      const total = [...following.values()].reduce((sum, count) => sum + count, 0);
      const kinds = following.size;
      probabilities = probabilities.map(
        (shorter, label) => ((following.get(label) ?? 0) + kinds * shorter) / (total + kinds),
      );
    }
    return probabilities.map(Math.log);
  }

  toJSON(): z.output<typeof languageModelSchema> {
    const counts = [...this.#counts].map(([context, following]) => [
      context,
      Object.fromEntries(following),
    ]);
    return { order: this.order, labels: this.labels, counts: Object.fromEntries(counts) };
  }
}
