import type { Random } from "@attend/runtime";
import type { Turn } from "./turns.ts";

/** Cuts conversations of many turns into pieces that overlap by one turn, so that each turn but the first is replied once. */
export function cutConversations(
  conversations: readonly (readonly Turn[])[],
  maxTurns: number,
): (readonly Turn[])[] {
  return conversations.flatMap((turns) => {
    const pieces: (readonly Turn[])[] = [];
    for (let from = 0; from < turns.length - 1; from += maxTurns - 1) {
      pieces.push(turns.slice(from, from + maxTurns));
    }
    return pieces;
  });
}

/** The indices of all conversations in random order, in batches of about this many tokens, at least one conversation each. */
export function batchesOf(
  conversations: readonly (readonly Turn[])[],
  { tokensPerBatch, random }: { readonly tokensPerBatch: number; readonly random: Random },
): number[][] {
  const batches: number[][] = [];
  let room = 0;
  for (const index of random.shuffle([...conversations.keys()])) {
    const tokens = countTokens(conversations[index] ?? []);
    const last = batches.at(-1);
    if (last !== undefined && tokens <= room) last.push(index);
    else {
      batches.push([index]);
      room = tokensPerBatch;
    }
    room -= tokens;
  }
  return batches;
}

/** With their ends. */
function countTokens(turns: readonly Turn[]): number {
  return turns.reduce((sum, { length }) => sum + length + 1, 0);
}

/** Conversations in which each turn but the first is a reply to an empty turn. */
export function forgetful(turns: readonly Turn[]): (readonly Turn[])[] {
  return turns.slice(1).map((turn) => [[], turn]);
}
