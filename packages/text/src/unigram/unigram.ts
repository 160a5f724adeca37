import { AttendError } from "@attend/runtime/errors";
import type { Random } from "@attend/runtime/random";
import { Subwords, type SubwordsJson } from "../subwords/subwords.ts";
import { Lattice } from "./lattice.ts";
import { Trie } from "./trie.ts";

/** What `Unigram.toJSON` writes and `parseTokenizer` reads. */
export interface UnigramJson extends SubwordsJson {
  readonly kind: "unigram";
  /** The logarithm of each token's probability. */
  readonly scores: readonly number[];
}

/** How `Unigram.sample` chooses. */
export interface SampleOptions {
  /** The same state gives the same tokens. */
  readonly random: Random;
  /**
   * From 0, where every way to cut the text is as likely, to 1, where each is as likely as the vocabulary
   * has it; above that the best becomes surer. Default 0.2 (Kudo 2018, table 2).
   */
  readonly alpha?: number | undefined;
}

/** A character that is no token is this much less likely than the rarest token. */
const unknownPenalty = 10;

/**
 * The unigram language model of subwords (Kudo 2018): every token has a probability, and a text is cut
 * where the product is greatest, by Viterbi's algorithm. On raw text with the space as part of a token and
 * bytes for what is no token, as SentencePiece does it (Kudo & Richardson 2018). `decode(encode(text))` is
 * `text`, in the form that was asked for, whatever the text. Immutable. Made by `learnUnigram` or
 * `parseTokenizer`.
 */
export class Unigram extends Subwords {
  readonly #json: UnigramJson;
  readonly #lattice: Lattice;

  /** @throws AttendError BAD_DATA where a token occurs twice, or there are more or fewer scores than tokens */
  constructor(json: UnigramJson) {
    super(json);
    const [tokens, scores] = [json.tokens.length, json.scores.length];
    if (tokens !== scores) {
      const message = `there are ${tokens} tokens but ${scores} scores; copy the file again, or learn the tokens again`;
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

  /** What `parseTokenizer` reads. */
  override toJSON(): UnigramJson {
    return this.#json;
  }

  /**
   * Cuts a text at random, each way with a probability that is proportional to that of its tokens to the
   * power of `alpha` (subword regularisation: Kudo 2018, section 3.3, over all ways). Decoded, it is the
   * text as ever.
   *
   * @throws AttendError BAD_ARGUMENT where `alpha` is negative or not finite
   */
  override sample(text: string, { random, alpha = 0.2 }: SampleOptions): number[] {
    if (!(alpha >= 0 && alpha < Number.POSITIVE_INFINITY)) {
      const message = `alpha is a number of at least 0, but ${alpha} was given; 0.2 is usual`;
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

  /** The path that the lattice has found, with bytes for what is no token. */
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
