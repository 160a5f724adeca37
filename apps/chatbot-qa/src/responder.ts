/** What a model answers from. */
export const kinds = ["faq", "intents", "stories", "dialogue"] as const;
/** What a model answers from: a FAQ, intents, stories, or conversations. */
export type Kind = (typeof kinds)[number];

/** What was said before in a conversation. */
export interface Turn {
  readonly question: string;
  readonly answer: string;
}

/** Where an answer is from. */
export interface Source {
  /** The question as its author wrote it, or the sentences of the story. */
  readonly text: string;
  /** Its path from the current folder. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
}

/** A finished reply. */
export interface Reply {
  /** Without control characters. */
  readonly question: string;
  /** The best answer, even if it is not confident; of a FAQ, word for word. The intent, for intents. */
  readonly answer: string;
  /** Calibrated: of the answers with a confidence of 0.8, about 80 % are right. */
  readonly confidence: number;
  /** Whether the confidence reaches the model's threshold. */
  readonly confident: boolean;
  readonly source: Source | null;
  /** Whether it was no question, but a fact of a story, which is remembered and has no answer. */
  readonly isFact?: boolean;
  /** Each answer, if the question has several parts. */
  readonly parts?: readonly Reply[];
  /** For people: what the answer rests on, in one line or several. */
  readonly why: string;
}

/** How a reply is made. */
export interface ReplyOptions {
  readonly signal?: AbortSignal | undefined;
}

/** A loaded model that replies; there is one for each {@link Kind}. */
export interface Responder {
  readonly kind: Kind;
  /** A line for people: how it could answer better. */
  readonly advice?: string | undefined;
  /**
   * Yields the text of a reply piece by piece, and returns the finished reply.
   *
   * @param question not empty, without control characters
   * @param turns what was said before, the latest last
   */
  respond(
    question: string,
    turns: readonly Turn[],
    options?: ReplyOptions,
  ): AsyncGenerator<string, Reply, void>;
  /** A line for people if what the model was taught from has changed since. */
  changed?(): Promise<string | undefined>;
  /** Frees the model. */
  close(): void;
}
