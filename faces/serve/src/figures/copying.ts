import { beamSearch, meanLoss, teacherForcing, tokenLosses } from "@attend/decoding";
import { createRandom, type Random, tf, yieldTurn } from "@attend/runtime";
import { createSeq2seq, type Seq2seq } from "@attend/seq2seq";
import { sourceBatch, special } from "@attend/translator";
import type { FigureContext } from "./figure.ts";

const letters = [..."abcdefgh"];
/** Sequences up to this length are learned. */
export const learned = 10;
/** Lengths that are measured. */
export const measured = [2, 4, 6, 8, 10, 12, 14, 16];
const vocabularySize = special.end + 1 + letters.length;
/** Sequences in a batch. */
const rows = 16;

/** What a network learned of repeating sequences of letters. */
export interface Copying {
  readonly losses: readonly number[];
  /** The share of letters that it repeats, for each of the measured lengths. */
  readonly accuracies: readonly number[];
  /** A sequence of the longest learned length, what it was repeated as, and the attention, if there is any. */
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly weights: readonly (readonly number[])[];
}

/**
 * Trains an encoder-decoder of GRUs to repeat random sequences (the task of Graves et al. 2014), and measures it on
 * these and longer ones. Two calls with the same seed see the same sequences.
 *
 * @throws AttendError INTERRUPTED
 */
export async function learnToCopy(
  attention: "luong" | "none",
  { updates, seed }: { readonly updates: number; readonly seed: number },
  { signal, onProgress }: FigureContext = {},
): Promise<Copying> {
  const network = createSeq2seq(
    {
      embeddingSize: 16,
      hiddenSize: 32,
      encoder: { cell: "gru", bidirectional: "all" },
      decoder: { cell: "gru" },
      attention: { kind: attention, score: "general" },
      sourceVocabularySize: vocabularySize,
      targetVocabularySize: vocabularySize,
    },
    createRandom(seed),
  );
  const optimizer = tf.train.adam(0.01);
  const random = createRandom(seed).fork();
  try {
    const losses: number[] = [];
    for (let update = 1; update <= updates; update++) {
      await yieldTurn(signal);
      const length = 2 + random.integer(learned - 1);
      const batch = Array.from({ length: rows }, () => sequence(length, random));
      losses.push(step(network, batch, optimizer));
      onProgress?.(update, updates);
    }
    const accuracies = measured.map((length) => {
      const batch = Array.from({ length: rows }, () => sequence(length, random));
      const right = copy(network, batch).map(({ tokens }, row) =>
        sharedWith(batch[row] ?? [], tokens),
      );
      return right.reduce((sum, share) => sum + share, 0) / rows;
    });
    const longest = sequence(learned, random);
    const [copied] = copy(network, [longest]);
    return {
      losses,
      accuracies,
      source: [...longest, special.end].map(nameOf),
      target: (copied?.tokens ?? []).map(nameOf),
      weights: (copied?.attention ?? []).map((row) => [...row]),
    };
  } finally {
    optimizer.dispose();
    network.dispose();
  }
}

function sequence(length: number, random: Random): number[] {
  return Array.from({ length }, () => special.end + 1 + random.integer(letters.length));
}

function nameOf(id: number): string {
  return letters[id - special.end - 1] ?? "<end>";
}

function step(network: Seq2seq, batch: readonly number[][], optimizer: tf.Optimizer): number {
  return tf.tidy(() => {
    const source = sourceBatch(batch.map((ids) => [...ids, special.end]));
    const target = teacherForcing(batch, special);
    const loss = () =>
      meanLoss(tokenLosses(network, target, network.start(network.encode(source))).losses);
    return optimizer.minimize(loss, true, network.parameters())?.dataSync()[0] ?? Number.NaN;
  });
}

/** Greedy decoding, as many letters as there are. */
function copy(network: Seq2seq, batch: readonly number[][]) {
  const source = sourceBatch(batch.map((ids) => [...ids, special.end]));
  const encoding = network.encode(source);
  try {
    const length = batch[0]?.length ?? 0;
    const options = { beamWidth: 1, maxLength: length + 1, attention: true };
    return beamSearch(network, encoding, special, options).flatMap(([best]) => best ?? []);
  } finally {
    tf.dispose([source.tokens, encoding]);
  }
}

/** The share of letters that are at their place. */
function sharedWith(expected: readonly number[], given: readonly number[]): number {
  return expected.filter((id, i) => id === given[i]).length / expected.length;
}
