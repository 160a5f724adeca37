import { lengthMask } from "@attend/attention";
import type { SourceBatch } from "@attend/decoding";
import {
  createRecurrent,
  Encoder,
  Hierarchy,
  type LayersState,
  type Stack,
} from "@attend/recurrent";
import { type Random, tf } from "@attend/runtime";
import type { Seq2seqEncoding } from "@attend/seq2seq";
import type { DialogueConfig } from "./config.ts";
import { DialogueNetwork, type Listener } from "./dialogue-network.ts";
import { padded, type Turn, turnsIn } from "./turns.ts";

/** The turns of some conversations, read. */
interface Read {
  /** `[turns, words, units]` of all conversations, one after another. */
  readonly words: tf.Tensor3D;
  /** `[conversations, turns, units]`: the context after each turn. */
  readonly contexts: tf.Tensor3D;
}

/** A turn of a conversation: the reply to it is the row of an encoding. */
interface Place {
  readonly conversation: number;
  readonly turn: number;
}

/** After a turn; a type rather than an interface, so that `tf.tidy` may return it. */
type Heard = {
  readonly state: LayersState;
  /** `[1, units]` */
  readonly context: tf.Tensor2D;
  /** The words of each of the latest turns, `[1, words, units]`. */
  readonly words: tf.Tensor3D[];
};

/**
 * A hierarchical recurrent encoder-decoder (HRED: Sordoni et al. 2015; Serban et al. 2016): one network reads the words of
 * each turn, another the summaries of the turns, and its state, the context, conditions the decoder, which attends to the
 * words of the latest turns.
 */
export class HierarchicalDialogue extends DialogueNetwork {
  /** Over the turns. */
  readonly context: Stack;
  readonly #hierarchy: Hierarchy;

  constructor(dialogue: DialogueConfig, random: Random | undefined) {
    super(dialogue, random);
    const { units } = this.reader;
    const { dropout } = dialogue.network;
    const sizes = { inputSize: units, units, dropout };
    this.context = createRecurrent({ ...dialogue.context, ...sizes }, random);
    this.#hierarchy = new Hierarchy(this.reader.layers, new Encoder(this.context.layers));
  }

  override encode(source: SourceBatch, options?: { random?: Random | undefined }): Seq2seqEncoding {
    return tf.tidy(() => {
      const conversations = turnsIn(source, this.dialogue.end);
      const last = conversations.map((turns, conversation) => ({
        conversation,
        turn: turns.length - 1,
      }));
      return this.#encoding(conversations, last, options?.random);
    });
  }

  encodeHistories(
    conversations: readonly (readonly Turn[])[],
    options?: { random?: Random | undefined },
  ): Seq2seqEncoding {
    const { end } = this.dialogue;
    return tf.tidy(() => {
      // The last turn is only said, not heard.
      const heard = conversations.map((turns) => turns.slice(0, -1).map((turn) => [...turn, end]));
      const places = heard.flatMap((turns, conversation) =>
        turns.map((_, turn) => ({ conversation, turn })),
      );
      return this.#encoding(heard, places, options?.random);
    });
  }

  listen(): Listener {
    let heard: Heard | undefined;
    const replace = (next: Heard | undefined) => {
      if (heard !== undefined) tf.dispose(heard);
      heard = next;
    };
    return {
      hear: (turn) => replace(this.#hear(turn, heard)),
      encoding: () => tf.tidy(() => this.#recall(heard ?? this.#hear([], undefined))),
      dispose: () => replace(undefined),
    };
  }

  /** Reads one more turn; the result has its own tensors. */
  #hear(turn: Turn, before: Heard | undefined): Heard {
    const { turns, end } = this.dialogue;
    return tf.tidy(() => {
      const { tokens, lengths } = padded([[...turn, end]], end);
      const embedded = this.words.ofSource(tokens, undefined);
      const { memory, summary } = this.reader.read(embedded, lengths, undefined);
      const initial = before?.state ?? this.context.initialState(1);
      const { output, state } = this.context.step(summary, initial);
      const kept = turns === 1 ? [] : (before?.words.slice(1 - turns) ?? []);
      const words = [...kept.map((each) => each.clone()), memory];
      // A cell's output may be its state, which is disposed on its own.
      return { state, context: output.clone(), words };
    });
  }

  #recall({ context, words }: Heard): Seq2seqEncoding {
    return { memory: tf.concat(words, 1), summary: context.clone(), layers: [] };
  }

  #encoding(
    conversations: readonly (readonly Turn[])[],
    places: readonly Place[],
    random: Random | undefined,
  ): Seq2seqEncoding {
    const read = this.#read(conversations, random);
    const [, most, units] = read.contexts.shape;
    const rows = places.map(({ conversation, turn }) => conversation * most + turn);
    const contexts: tf.Tensor2D = tf.reshape(read.contexts, [-1, units]);
    const summary = tf.gather(contexts, tf.tensor1d(rows, "int32"));
    return { ...this.#attended(conversations, places, read.words), summary, layers: [] };
  }

  #read(conversations: readonly (readonly Turn[])[], random: Random | undefined): Read {
    const { tokens } = padded(conversations.flat(), this.dialogue.end);
    const lengths = conversations.map((turns) => turns.map(({ length }) => length));
    const embedded = this.words.ofSource(tokens, random);
    const { words, sentences } = this.#hierarchy.forward(embedded, lengths, { random });
    return { words: words.output, contexts: sentences.output };
  }

  /** The words of the latest turns up to each place, without gaps. */
  #attended(
    conversations: readonly (readonly Turn[])[],
    places: readonly Place[],
    words: tf.Tensor3D,
  ): Pick<Seq2seqEncoding, "memory" | "mask"> {
    const [, longest, units] = words.shape;
    const firsts: number[] = [];
    let count = 0;
    for (const { length } of conversations) {
      firsts.push(count);
      count += length;
    }
    const positions = places.map(({ conversation, turn }) => {
      const from = Math.max(0, turn + 1 - this.dialogue.turns);
      const latest = conversations[conversation]?.slice(from, turn + 1) ?? [];
      return latest.flatMap(({ length }, index) => {
        const at = ((firsts[conversation] ?? 0) + from + index) * longest;
        return Array.from({ length }, (_, word) => at + word);
      });
    });
    const { tokens: indices, lengths } = padded(positions, 0);
    const width = indices.shape[1];
    const flat: tf.Tensor2D = tf.reshape(words, [-1, units]);
    const gathered = tf.gather(flat, tf.reshape<tf.Rank.R1>(indices, [-1]));
    const memory: tf.Tensor3D = tf.reshape(gathered, [places.length, width, units]);
    const isFull = lengths.every((length) => length === width);
    return { memory, ...(!isFull && { mask: lengthMask(lengths, width) }) };
  }
}
