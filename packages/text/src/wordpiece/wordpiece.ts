import { AttendError } from "@attend/runtime/errors";
import type { WordPieceJson } from "./json.ts";
import { type BertNormalization, normalize, splitWords } from "./normalize.ts";

/** Marks a piece that continues a word. */
const continuing = "##";

/** The vocabulary and settings of a {@link WordPiece}. */
export interface WordPieceOptions {
  /** The id of each piece. */
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly normalization: BertNormalization;
  /** Pieces that are recognized in a text before it is normalized, such as `[SEP]`. */
  readonly special: readonly string[];
  /** Longer words are unknown. In characters. */
  readonly maxWordLength: number;
}

/**
 * The tokenizer of BERT (Devlin et al. 2019): words are split into the longest pieces of the vocabulary, from left to
 * right (Wu et al. 2016, section 4.1). For encoders of text; it cannot decode. Created by `parseWordPiece`.
 */
export class WordPiece {
  /** Ids of the tokens around a text, of padding, and of words without pieces. */
  readonly special: {
    readonly start: number;
    readonly end: number;
    readonly pad: number;
    readonly unknown: number;
  };
  readonly #options: WordPieceOptions;
  readonly #specialPattern: RegExp | undefined;

  /** @throws AttendError BAD_DATA without the pieces `[CLS]`, `[SEP]`, `[PAD]` and `[UNK]` */
  constructor(options: WordPieceOptions) {
    this.#options = options;
    this.special = {
      start: this.#idOf("[CLS]"),
      end: this.#idOf("[SEP]"),
      pad: this.#idOf("[PAD]"),
      unknown: this.#idOf("[UNK]"),
    };
    const names = options.special.map((name) => name.replace(/[[\]\\^$.*+?(){}|-]/g, "\\$&"));
    this.#specialPattern = names.length > 0 ? new RegExp(`(${names.join("|")})`) : undefined;
  }

  /** The number of pieces. */
  get size(): number {
    return this.#options.vocabulary.size;
  }

  /**
   * The pieces of a text between start and end.
   *
   * @param options.maxTokens longer texts are cut off before the end token; at least 2
   */
  encode(text: string, options?: { readonly maxTokens?: number | undefined }): number[] {
    const maxTokens = options?.maxTokens ?? Number.POSITIVE_INFINITY;
    const { start, end } = this.special;
    return [start, ...this.pieces(text).slice(0, maxTokens - 2), end];
  }

  /** The pieces of a text, without start and end. */
  pieces(text: string): number[] {
    const pattern = this.#specialPattern;
    // With a group, every second part is a special piece.
    const parts = pattern === undefined ? [text] : text.split(pattern);
    return parts.flatMap((part, index) =>
      index % 2 === 1
        ? [this.#idOf(part)]
        : splitWords(normalize(part, this.#options.normalization)).flatMap((word) =>
            this.#split(word),
          ),
    );
  }

  /** What `parseWordPiece` reads. */
  toJSON(): WordPieceJson {
    const { vocabulary, normalization, special, maxWordLength } = this.#options;
    return {
      added_tokens: special.map((content) => ({ content })),
      normalizer: {
        type: "BertNormalizer",
        clean_text: normalization.cleanText,
        handle_chinese_chars: normalization.splitChinese,
        strip_accents: normalization.stripAccents,
        lowercase: normalization.lowerCase,
      },
      pre_tokenizer: { type: "BertPreTokenizer" },
      model: {
        type: "WordPiece",
        unk_token: "[UNK]",
        continuing_subword_prefix: continuing,
        max_input_chars_per_word: maxWordLength,
        vocab: Object.fromEntries(vocabulary),
      },
    };
  }

  #split(word: string): number[] {
    const { vocabulary, maxWordLength } = this.#options;
    const characters = [...word];
    if (characters.length > maxWordLength) return [this.special.unknown];
    const ids: number[] = [];
    for (let from = 0; from < characters.length; ) {
      let to = characters.length;
      let id: number | undefined;
      for (; to > from; to--) {
        const piece = characters.slice(from, to).join("");
        id = vocabulary.get(from === 0 ? piece : continuing + piece);
        if (id !== undefined) break;
      }
      if (id === undefined) return [this.special.unknown];
      ids.push(id);
      from = to;
    }
    return ids;
  }

  #idOf(piece: string): number {
    const id = this.#options.vocabulary.get(piece);
    if (id !== undefined) return id;
    throw new AttendError("BAD_DATA", `the vocabulary has no ${piece}; use that of a BERT model`);
  }
}
