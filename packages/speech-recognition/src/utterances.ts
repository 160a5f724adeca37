import type { Random } from "@attend/runtime";
import type { Augmentation } from "./augment/config.ts";
import type { Example } from "./example.ts";

/** The recordings of an utterance, by their index; none for noise without speech. */
export type Utterance = readonly number[];

/**
 * The batches of an epoch: each recording once, alone or joined with others of its speaker, in batches of similar length.
 */
export function planUtterances(
  examples: readonly Example[],
  {
    augmentation,
    framesPerBatch,
    epoch,
  }: {
    readonly augmentation: Augmentation;
    readonly framesPerBatch: number;
    readonly epoch: number;
  },
  random: Random,
): Utterance[][] {
  const { joined, maxJoined, joinedFrom, wordless } = augmentation;
  const share = joinedFrom === 0 ? joined : joined * Math.min(1, epoch / joinedFrom);
  const utterances: Utterance[] = [];
  for (const group of bySpeaker(examples)) {
    const left = random.shuffle(group);
    while (left.length > 0) {
      const count = random.uniform() < share ? 2 + random.integer(maxJoined - 1) : 1;
      utterances.push(left.splice(-count));
    }
  }
  const spoken = utterances.length;
  for (let i = 0; i < wordless * spoken; i++) utterances.push([]);
  const framesOf = (utterance: Utterance) =>
    utterance.reduce((sum, index) => sum + (examples[index]?.features.frames ?? 0) + 25, 40);
  return random.shuffle(batchesOf(random.shuffle(utterances), { framesOf, framesPerBatch }));
}

function bySpeaker(examples: readonly Example[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const [index, { speaker }] of examples.entries()) {
    const group = groups.get(speaker) ?? [];
    group.push(index);
    groups.set(speaker, group);
  }
  return [...groups.values()];
}

/** Sorts a few hundred utterances at a time by length, so that batches need little padding and still differ. */
function batchesOf(
  utterances: readonly Utterance[],
  {
    framesOf,
    framesPerBatch,
  }: { readonly framesOf: (utterance: Utterance) => number; readonly framesPerBatch: number },
): Utterance[][] {
  const batches: Utterance[][] = [];
  for (let from = 0; from < utterances.length; from += 256) {
    const sorted = utterances.slice(from, from + 256).sort((a, b) => framesOf(a) - framesOf(b));
    let batch: Utterance[] = [];
    for (const utterance of sorted) {
      if (batch.length > 0 && (batch.length + 1) * framesOf(utterance) > framesPerBatch) {
        batches.push(batch);
        batch = [];
      }
      batch.push(utterance);
    }
    if (batch.length > 0) batches.push(batch);
  }
  return batches;
}
