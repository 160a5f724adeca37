import { AttendError } from "@attend/runtime/errors";
import type { Random } from "@attend/runtime/random";
import { Subwords, type SubwordsJson } from "../subwords/subwords.ts";
import { Lattice } from "./lattice.ts";
import { Trie } from "./trie.ts";

/** The JSON of a {@link Unigram}. */
export interface UnigramJson extends SubwordsJson {
  readonly kind: "unigram";
  /** The log-probability of each token. */
  readonly scores: readonly number[];
}

/** Options of {@link Unigram.sample}. */
export interface SampleOptions {
  /** The same state gives the same tokens. */
  readonly random: Random;
  /**
   * The exponent of probabilities: with 0, all segmentations are equally likely; with 1, they have the
   * probabilities of the model; above, the best becomes more likely. Default 0.2 (Kudo 2018, table 2).
   */
  readonly alpha?: number | undefined;
}

/** The score of a character without a token is this much below that of the rarest token. */
const unknownPenalty = 10;

/**
 * The unigram language model of subwords (Kudo 2018): every token has a probability, and a text is encoded
 * by its most likely segmentation, found by the Viterbi algorithm. It works on raw text, like SentencePiece
 * (Kudo & Richardson 2018): spaces are part of tokens, and characters without a token are encoded as bytes.
 * `decode(encode(text))` is `text`, normalized if so configured. Immutable. Created by `learnUnigram` or
 * `parseTokenizer`.
 */
export class Unigram extends Subwords {
  readonly #json: UnigramJson;
  readonly #lattice: Lattice;

  /** @throws AttendError BAD_DATA if a token occurs twice, or there are not as many scores as tokens */
  constructor(json: UnigramJson) {
    super(json);
    const [tokens, scores] = [json.tokens.length, json.scores.length];
    if (tokens !== scores) {
      const message = `${tokens} tokens, but ${scores} scores; copy the file again, or learn the tokens again`;
      throw new AttendError("BAD_DATA", message);
    }
    this.#json = json;
    const least = json.scores.reduce((a, b) => Math.min(a, b), 0);
    this.#lattice = new Lattice({
      trie: new Trie(this.ids),
      scores: Float64Array.from(json.scores),
      firstToken: this.firstToken,
      unknownScore: least - unknownPenalty,
    });
  }

  /** The JSON that `parseTokenizer` reads. */
  override toJSON(): UnigramJson {
    return this.#json;
  }

  /**
   * Encodes a text by a random segmentation, with a probability proportional to that of its tokens to the
   * power of `alpha` (subword regularization: Kudo 2018, section 3.3, over all segmentations). It decodes to
   * the same text.
   *
   * @throws AttendError BAD_ARGUMENT if `alpha` is negative or not finite
   */
  override sample(text: string, { random, alpha = 0.2 }: SampleOptions): number[] {
    if (!(alpha >= 0 && alpha < Number.POSITIVE_INFINITY)) {
      const message = `alpha is ${alpha}; give a number of at least 0, such as 0.2`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    const ids: number[] = [];
    for (const word of this.words(text)) {
      this.#lattice.sample(word, { random, alpha });
      for (const id of this.#read(word)) ids.push(id);
    }
    return ids;
  }

  protected override cut(word: string): readonly number[] {
    this.#lattice.best(word);
    return this.#read(word);
  }

  /** The path found by the lattice, with bytes for characters without a token. */
  #read(word: string): number[] {
    const ids: number[] = [];
    for (let end = word.length; end > 0; ) {
      const start = this.#lattice.startOf(end);
      const id = this.#lattice.tokenOf(end);
      if (id >= 0) ids.push(id);
      else ids.push(...this.bytes(word.slice(start, end)).reverse());
      end = start;
    }
    return ids.reverse();
  }
}
