import { tokenize } from "@attend/text";

/** Words of a text, the rarer the heavier, scaled to length 1. */
type Weights = ReadonlyMap<string, number>;

/** The cosine of weighted words (Salton & Buckley 1988): `tf * (1 + log((1 + n) / (1 + df)))`. */
export class TfIdf {
  readonly #texts: readonly Weights[];
  readonly #documents = new Map<string, number>();
  readonly #count: number;

  constructor(texts: readonly string[]) {
    this.#count = texts.length;
    for (const text of texts) {
      for (const word of new Set(tokenize(text))) {
        this.#documents.set(word, (this.#documents.get(word) ?? 0) + 1);
      }
    }
    this.#texts = texts.map((text) => this.#weigh(text));
  }

  /** The cosine with each text. */
  scores(query: string): number[] {
    const weights = this.#weigh(query);
    return this.#texts.map((text) => {
      let sum = 0;
      for (const [word, weight] of weights) sum += weight * (text.get(word) ?? 0);
      return sum;
    });
  }

  #weigh(text: string): Weights {
    const weights = new Map<string, number>();
    for (const word of tokenize(text)) {
      const rarity = 1 + Math.log((1 + this.#count) / (1 + (this.#documents.get(word) ?? 0)));
      weights.set(word, (weights.get(word) ?? 0) + rarity);
    }
    const length = Math.hypot(...weights.values());
    return new Map([...weights].map(([word, weight]) => [word, weight / length]));
  }
}
