import { tf } from "@attend/runtime";
import { type ConstraintOptions, constraintsOf, type Next } from "./constraints.ts";
import type { Decoder, DecoderState, DecodingTokens, Hypothesis } from "./decoder.ts";
import { checkCount, limitsOf, type MaxLength } from "./options.ts";
import { type Choose, greedily } from "./sample.ts";
import {
  disposeReplaced,
  excludedTokens,
  expanded,
  logProbabilitiesOf,
  reordered,
  rowsIn,
  suppression,
} from "./state.ts";

export interface DecodeOptions extends ConstraintOptions {
  readonly maxLength: MaxLength;
  /** Default {@link greedily}. */
  readonly choose?: Choose;
  /** Number of times to decode each row; the copies of a row are adjacent. Default 1. */
  readonly copies?: number;
  /** Return the attention of each token. */
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
 * Decodes each row of an encoding token by token, by greedy choice or by sampling. Greedy search stops
 * computing finished rows; sampling does not, so that each step uses one random number per row. The
 * caller owns the encoding; all other tensors are freed.
 *
 * @returns one hypothesis per row; its score is its log-probability (temperature 1)
 * @throws AttendError `BAD_ARGUMENT` naming the option that is invalid or does not match the batch
 */
export function decodeEach<Encoding, State extends DecoderState>(
  decoder: Decoder<Encoding, State>,
  encoding: Encoding,
  special: DecodingTokens,
  options: DecodeOptions,
): Hypothesis[] {
  const { choose = greedily, copies = 1, attention: wantsAttention = false } = options;
  checkCount("copies", copies);
  let state = decoder.start(encoding);
  const suppressed = suppression(decoder.vocabularySize, excludedTokens(special));
  try {
    const limits = limitsOf(options.maxLength, state.rows);
    const constraints = constraintsOf(options, special, decoder.vocabularySize, limits);
    state = expanded(decoder, state, copies);
    const sequences = Array.from({ length: limits.length * copies }, (_, copy): Sequence => {
      const row = Math.floor(copy / copies);
      const limit = limits[row] ?? 0;
      return { row, limit, tokens: [], attention: [], logProbability: 0, ended: false };
    });
    /** The sequences in the decoder's state. */
    let active = sequences;
    while (!active.every(isDone)) {
      const last = active.map(({ tokens }) => tokens.at(-1) ?? special.start);
      const nexts = constraints && active.map(({ row, tokens }) => constraints.next(row, tokens));
      const stepped = tf.tidy(() => {
        const { logits, state: next, attention } = decoder.step(tf.tensor1d(last, "int32"), state);
        const allowed: tf.Tensor2D = tf.add(logits, suppressed);
        const chosen = nexts ? chooseAllowed(nexts, allowed, choose) : choose(allowed);
        const tokens: tf.Tensor1D = tf.cast(chosen, "int32");
        const logProbabilities = logProbabilitiesOf(allowed, tokens);
        const weights = wantsAttention && attention !== undefined ? [attention] : [];
        return { next, results: { tokens, logProbabilities, weights } };
      });
      const { tokens, logProbabilities, weights } = stepped.results;
      append(active, special.end, {
        tokens: tokens.dataSync(),
        logProbabilities: logProbabilities.dataSync(),
        attention: weights[0] && rowsIn(weights[0]),
      });
      tf.dispose(stepped.results);
      disposeReplaced(state, stepped.next);
      state = stepped.next;
      const remaining = active.flatMap((sequence, row) => (isDone(sequence) ? [] : [row]));
      // Copying the state to drop a few rows costs more than it saves.
      if (choose === greedily && remaining.length > 0 && remaining.length <= 0.75 * active.length) {
        state = reordered(decoder, state, remaining);
        active = active.filter((sequence) => !isDone(sequence));
      }
    }
    return sequences.map(({ tokens, logProbability, ended, attention }) => {
      const hypothesis = { tokens, logProbability, score: logProbability, ended };
      return wantsAttention ? { ...hypothesis, attention } : hypothesis;
    });
  } finally {
    disposeReplaced(state, undefined);
    suppressed.dispose();
  }
}

function isDone({ ended, tokens, limit }: Sequence): boolean {
  return ended || tokens.length === limit;
}

/** The result of a step for each row. */
interface Chosen {
  readonly tokens: ArrayLike<number>;
  readonly logProbabilities: ArrayLike<number>;
  readonly attention: readonly Float32Array[] | undefined;
}

function append(sequences: readonly Sequence[], end: number, step: Chosen): void {
  sequences.forEach((sequence, row) => {
    if (isDone(sequence)) return;
    const token = step.tokens[row] ?? end;
    sequence.logProbability += step.logProbabilities[row] ?? 0;
    sequence.ended = token === end;
    if (sequence.ended) return;
    sequence.tokens.push(token);
    const weights = step.attention?.[row];
    if (weights !== undefined) sequence.attention.push(weights);
  });
}

/** Chooses among the tokens that may follow. */
function chooseAllowed(nexts: readonly Next[], logits: tf.Tensor2D, choose: Choose): tf.Tensor1D {
  const indices = nexts.flatMap(({ forbidden }, row) =>
    [...forbidden].map((token) => [row, token]),
  );
  let allowed = logits;
  if (indices.length > 0) {
    const bias = tf.fill<tf.Rank.R1>([indices.length], -1e9);
    allowed = tf.add(
      logits,
      tf.scatterND(tf.tensor2d(indices, undefined, "int32"), bias, logits.shape),
    );
  }
  const chosen: tf.Tensor1D = tf.cast(choose(allowed), "int32");
  if (nexts.every(({ forced }) => forced === undefined)) return chosen;
  const forced = tf.tensor1d(
    nexts.map((next) => next.forced ?? -1),
    "int32",
  );
  return tf.where(tf.greaterEqual(forced, 0), forced, chosen);
}
