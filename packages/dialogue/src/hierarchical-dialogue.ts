import { lengthMask } from "@attend/attention";
import type { SourceBatch } from "@attend/decoding";
import { createRecurrent, type LayersState, type Stack, unroll } from "@attend/recurrent";
import { type Random, tf } from "@attend/runtime";
import type { Seq2seqEncoding } from "@attend/seq2seq";
import type { DialogueConfig } from "./config.ts";
import { DialogueNetwork, type Listener } from "./dialogue-network.ts";
import { readTurns } from "./read-turns.ts";
import { padded, type Turn, turnsIn } from "./turns.ts";

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

  constructor(dialogue: DialogueConfig, random: Random | undefined) {
    super(dialogue, random);
    const { units } = this.reader;
    const { dropout } = dialogue.network;
    const sizes = { inputSize: units, units, dropout };
    this.context = createRecurrent({ ...dialogue.context, ...sizes }, random);
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
    const { end, turns } = this.dialogue;
    const read = readTurns(conversations.flat(), end, ({ tokens, lengths }) =>
      this.reader.read(this.words.ofSource(tokens, random), lengths, random),
    );
    const lengths = conversations.map(({ length }) => length);
    const contexts = this.#contexts(read.summaries, lengths, random);
    const [, most, units] = contexts.shape;
    const rows = places.map(({ conversation, turn }) => conversation * most + turn);
    const summary = gathered(tf.reshape(contexts, [-1, units]), rows);
    const firsts = firstsOf(lengths);
    const attended = places.map(({ conversation, turn }) => {
      const from = Math.max(0, turn + 1 - turns);
      const latest = conversations[conversation]?.slice(from, turn + 1) ?? [];
      return latest.flatMap(({ length }, index) => {
        const start = read.starts[(firsts[conversation] ?? 0) + from + index] ?? 0;
        return Array.from({ length }, (_, word) => start + word);
      });
    });
    return { ...memoryOf(read.words, attended), summary, layers: [] };
  }

  /**
   * @param summaries of all turns, `[turns, units]`
   * @param lengths the number of turns of each conversation
   * @returns the context after each turn, `[conversations, turns, units]`
   */
  #contexts(
    summaries: tf.Tensor2D,
    lengths: readonly number[],
    random: Random | undefined,
  ): tf.Tensor3D {
    const most = Math.max(...lengths);
    const firsts = firstsOf(lengths);
    const rows = lengths.flatMap((length, conversation) =>
      Array.from(
        { length: most },
        (_, turn) => (firsts[conversation] ?? 0) + Math.min(turn, length - 1),
      ),
    );
    const shape: [number, number, number] = [lengths.length, most, this.context.inputSize];
    const input: tf.Tensor3D = tf.reshape(gathered(summaries, rows), shape);
    const initial = this.context.initialState(lengths.length);
    return unroll(this.context, input, initial, { lengths, random }).output;
  }
}

/** The index of each conversation's first turn among all turns. */
function firstsOf(lengths: readonly number[]): number[] {
  let count = 0;
  return lengths.map((length) => {
    count += length;
    return count - length;
  });
}

/** The words at the positions of each row, without gaps. */
function memoryOf(
  words: tf.Tensor2D,
  positions: readonly (readonly number[])[],
): Pick<Seq2seqEncoding, "memory" | "mask"> {
  const { tokens: rows, lengths } = padded(positions, 0);
  const [count, width] = rows.shape;
  const flat = tf.gather(words, tf.reshape<tf.Rank.R1>(rows, [-1]));
  const memory: tf.Tensor3D = tf.reshape(flat, [count, width, words.shape[1]]);
  const isFull = lengths.every((length) => length === width);
  return { memory, ...(!isFull && { mask: lengthMask(lengths, width) }) };
}

function gathered(matrix: tf.Tensor2D, rows: readonly number[]): tf.Tensor2D {
  return tf.gather(matrix, tf.tensor1d([...rows], "int32"));
}
