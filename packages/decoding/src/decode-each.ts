import { tf } from "@attend/runtime";
import { type ConstraintOptions, constraintsOf, type Next } from "./constraints.ts";
import type { Decoder, DecoderState, Hypothesis, SpecialTokens } from "./decoder.ts";
import { checkCount, limitsOf, type MaxLength } from "./options.ts";
import { type Choose, greedily } from "./sample.ts";
import {
  disposeReplaced,
  expanded,
  logProbabilitiesOf,
  neverChosen,
  reordered,
  rowsIn,
  suppression,
} from "./state.ts";

export interface DecodeOptions extends ConstraintOptions {
  readonly maxLength: MaxLength;
  /** Default {@link greedily}. */
  readonly choose?: Choose;
  /** How often each row is decoded; a row's copies stand beside one another. */
  readonly copies?: number;
  /** Keep for each token where the model looked. */
  readonly attention?: boolean;
}

interface Sequence {
  /** The row of the encoding. */
  readonly row: number;
  readonly limit: number;
  readonly tokens: number[];
  readonly attention: Float32Array[];
  logProbability: number;
  ended: boolean;
}

/**
 * Decodes each row of an encoding one token at a time, by greedy choice or by sampling. Greedy search stops
 * computing rows that are over; sampling does not, so that a draw costs one random number a row. The caller
 * keeps the encoding; nothing else is left behind.
 *
 * @returns one hypothesis a row; its score is its log-probability under the model (temperature 1)
 * @throws AttendError `BAD_ARGUMENT` naming the option that is wrong or does not fit the batch
 */
export function decodeEach<Encoding, State extends DecoderState>(
  decoder: Decoder<Encoding, State>,
  encoding: Encoding,
  special: SpecialTokens,
  options: DecodeOptions,
): Hypothesis[] {
  const { choose = greedily, copies = 1, attention: wantsAttention = false } = options;
  checkCount("copies", copies);
  let state = decoder.start(encoding);
  const suppressed = suppression(decoder.vocabularySize, neverChosen(special));
  try {
    const limits = limitsOf(options.maxLength, state.rows);
    const constraints = constraintsOf(options, special, decoder.vocabularySize, limits);
    state = expanded(decoder, state, copies);
    const sequences = Array.from({ length: limits.length * copies }, (_, copy): Sequence => {
      const row = Math.floor(copy / copies);
      const limit = limits[row] ?? 0;
      return { row, limit, tokens: [], attention: [], logProbability: 0, ended: false };
    });
    /** Those in the decoder's state. */
    let present = sequences;
    while (!present.every(isOver)) {
      const last = present.map(({ tokens }) => tokens.at(-1) ?? special.start);
      const nexts = constraints && present.map(({ row, tokens }) => constraints.next(row, tokens));
      const stepped = tf.tidy(() => {
        const { logits, state: next, attention } = decoder.step(tf.tensor1d(last, "int32"), state);
        const allowed: tf.Tensor2D = tf.add(logits, suppressed);
        const chosen = nexts ? chooseWithin(nexts, allowed, choose) : choose(allowed);
        const tokens: tf.Tensor1D = tf.cast(chosen, "int32");
        const logProbabilities = logProbabilitiesOf(allowed, tokens);
        const looked = wantsAttention && attention !== undefined ? [attention] : [];
        return { next, read: { tokens, logProbabilities, looked } };
      });
      const { tokens, logProbabilities, looked } = stepped.read;
      append(present, special.end, {
        tokens: tokens.dataSync(),
        logProbabilities: logProbabilities.dataSync(),
        attention: looked[0] && rowsIn(looked[0]),
      });
      tf.dispose(stepped.read);
      disposeReplaced(state, stepped.next);
      state = stepped.next;
      const going = present.flatMap((sequence, row) => (isOver(sequence) ? [] : [row]));
      // Copying a state for a row or two costs more than it saves.
      if (choose === greedily && going.length > 0 && going.length <= 0.75 * present.length) {
        state = reordered(decoder, state, going);
        present = present.filter((sequence) => !isOver(sequence));
      }
    }
    return sequences.map(({ tokens, logProbability, ended, attention }) => {
      const looked = wantsAttention ? { attention } : {};
      return { tokens, logProbability, score: logProbability, ended, ...looked };
    });
  } finally {
    disposeReplaced(state, undefined);
    suppressed.dispose();
  }
}

function isOver({ ended, tokens, limit }: Sequence): boolean {
  return ended || tokens.length === limit;
}

/** What a step says of each row. */
interface Chosen {
  readonly tokens: ArrayLike<number>;
  readonly logProbabilities: ArrayLike<number>;
  readonly attention: readonly Float32Array[] | undefined;
}

function append(sequences: readonly Sequence[], end: number, step: Chosen): void {
  sequences.forEach((sequence, row) => {
    if (isOver(sequence)) return;
    const token = step.tokens[row] ?? end;
    sequence.logProbability += step.logProbabilities[row] ?? 0;
    sequence.ended = token === end;
    if (sequence.ended) return;
    sequence.tokens.push(token);
    const looked = step.attention?.[row];
    if (looked !== undefined) sequence.attention.push(looked);
  });
}

/** Chooses among what may follow; where nothing is forced or forbidden, as without constraints. */
function chooseWithin(nexts: readonly Next[], logits: tf.Tensor2D, choose: Choose): tf.Tensor1D {
  const places = nexts.flatMap(({ forbidden }, row) => [...forbidden].map((token) => [row, token]));
  let open = logits;
  if (places.length > 0) {
    const added = tf.fill<tf.Rank.R1>([places.length], -1e9);
    open = tf.add(
      logits,
      tf.scatterND(tf.tensor2d(places, undefined, "int32"), added, logits.shape),
    );
  }
  const chosen: tf.Tensor1D = tf.cast(choose(open), "int32");
  if (nexts.every(({ forced }) => forced === undefined)) return chosen;
  const forced = tf.tensor1d(
    nexts.map((next) => next.forced ?? -1),
    "int32",
  );
  return tf.where(tf.greaterEqual(forced, 0), forced, chosen);
}
