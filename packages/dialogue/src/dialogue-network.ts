import type { Random } from "@attend/runtime";
import { Seq2seq, type Seq2seqConfig, type Seq2seqEncoding } from "@attend/seq2seq";
import type { DialogueConfig } from "./config.ts";
import type { Turn } from "./turns.ts";

/** What a network keeps of one conversation, from turn to turn. */
export interface Listener {
  /** Hears a turn, from either side. Only this turn is read if the network is hierarchical. */
  hear(turn: Turn): void;
  /**
   * What was heard, to reply to; an empty turn if nothing was. The caller owns it.
   */
  encoding(): Seq2seqEncoding;
  /** Forgets everything, and can be used again. */
  dispose(): void;
}

/**
 * A network that replies to conversations. As an encoder-decoder, its sources are turns that each end with the token
 * `config.end`, one after another.
 */
export abstract class DialogueNetwork extends Seq2seq {
  readonly dialogue: DialogueConfig;

  constructor(dialogue: DialogueConfig, random: Random | undefined) {
    super(seq2seqConfigOf(dialogue), random);
    this.dialogue = dialogue;
  }

  /**
   * Encodes, for each turn but the first of each conversation, in order, all that was said before it: one row each. The
   * caller, or the surrounding scope, owns the result.
   *
   * @param options.random enables dropout
   */
  abstract encodeHistories(
    conversations: readonly (readonly Turn[])[],
    options?: { random?: Random | undefined },
  ): Seq2seqEncoding;

  /** Begins to listen to a conversation; the caller disposes the listener. */
  abstract listen(): Listener;
}

function seq2seqConfigOf({ network, vocabularySize }: DialogueConfig): Seq2seqConfig {
  const sizes = { sourceVocabularySize: vocabularySize, targetVocabularySize: vocabularySize };
  return { ...network, ...sizes };
}
