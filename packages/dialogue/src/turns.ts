import { padTokens } from "@attend/datasets";
import type { SourceBatch } from "@attend/decoding";
import { AttendError, tf } from "@attend/runtime";

/** A turn as tokens, without the one that ends it. */
export type Turn = readonly number[];

/** The turns of each source, each with the token that ends it; the last may lack it. */
export function turnsIn({ tokens, lengths }: SourceBatch, end: number): number[][][] {
  const [rows, positions] = tokens.shape;
  if (lengths.length !== rows) {
    throw new AttendError("BAD_SHAPE", `${lengths.length} lengths for ${rows} sources`);
  }
  const ids = [...tokens.dataSync()];
  return lengths.map((length, row) => {
    const turns: number[][] = [];
    let turn: number[] = [];
    for (const id of ids.slice(row * positions, row * positions + length)) {
      if (turn.length === 0) turns.push(turn);
      turn.push(id);
      if (id === end) turn = [];
    }
    return turns;
  });
}

/** Pads sequences to the longest; the caller disposes the tokens. */
export function padded(sequences: readonly Turn[], pad: number): SourceBatch {
  const { ids, lengths, steps } = padTokens(sequences, { padId: pad });
  return { tokens: tf.tensor2d(ids, [sequences.length, steps], "int32"), lengths };
}

/** All that was said before each turn but the first of each conversation, each turn with the token that ends it. */
export function historiesOf(
  conversations: readonly (readonly Turn[])[],
  end: number,
): number[][][] {
  return conversations.flatMap((turns) => {
    const ended = turns.map((turn) => [...turn, end]);
    return turns.slice(1).map((_, index) => ended.slice(0, index + 1));
  });
}

/** The indices of sequences, in groups of similar length, so that there is little padding. */
export function groupsByLength(sequences: readonly Turn[]): number[][] {
  const lengthOf = (index: number) => sequences[index]?.length ?? 0;
  const sorted = [...sequences.keys()].sort((a, b) => lengthOf(a) - lengthOf(b));
  const groups: number[][] = [];
  for (const index of sorted) {
    const group = groups.at(-1);
    const shortest = lengthOf(group?.[0] ?? index);
    // Larger steps would pad more, smaller ones would need more calls of the kernels.
    if (group !== undefined && (lengthOf(index) <= 2 * shortest || group.length < 8)) {
      group.push(index);
    } else groups.push([index]);
  }
  return groups;
}
