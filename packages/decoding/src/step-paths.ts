import { AttendError, softmaxTopK, tf } from "@attend/runtime";
import type { StepRow } from "./beam.ts";
import type { Decoder, DecoderState } from "./decoder.ts";
import type { Path } from "./path.ts";
import { logProbabilitiesOf, rowsIn } from "./state.ts";

interface Wanted {
  /** Of each row, besides as many as it must not take. */
  readonly count: number;
  /** `[vocabulary]`, added to the logits. */
  readonly suppressed: tf.Tensor1D;
  readonly attention: "none" | "wanted" | "needed";
}

/**
 * One step of the decoder with each path's last token. Only the likeliest tokens are read back: so many more
 * than wanted that the forbidden ones among them can be passed over.
 *
 * @param paths the path of each row of the state
 * @returns the next state, which the caller owns, and what the step says of each row
 * @throws AttendError `BAD_ARGUMENT` where the coverage penalty needs attention and there is none
 */
export function stepPaths<Encoding, State extends DecoderState>(
  decoder: Decoder<Encoding, State>,
  state: State,
  paths: readonly Path[],
  wanted: Wanted,
): { next: State; rows: StepRow[] } {
  const passedOver = Math.max(...paths.map(({ next }) => next.forbidden.size));
  const count = Math.min(wanted.count + passedOver, decoder.vocabularySize);
  const anyForced = paths.some(({ next }) => next.forced !== undefined);
  const stepped = tf.tidy(() => {
    const last = tf.tensor1d(
      paths.map(({ token }) => token),
      "int32",
    );
    const { logits, state: next, attention } = decoder.step(last, state);
    if (wanted.attention === "needed" && attention === undefined) throw noAttention();
    const best = softmaxTopK(logits, wanted.suppressed, count);
    const forced = anyForced ? [forcedLogProbabilities(logits, wanted.suppressed, paths)] : [];
    const looked = wanted.attention === "none" || attention === undefined ? [] : [attention];
    return { next, read: { best, forced, looked } };
  });
  const { best, forced, looked } = stepped.read;
  const probabilities = rowsIn(best.probabilities);
  const ofForced = forced[0]?.dataSync();
  const attention = looked[0] && rowsIn(looked[0]);
  const rows = rowsIn(best.indices).map((tokens, row) => ({
    tokens,
    probabilities: probabilities[row] ?? [],
    forced: ofForced?.[row] ?? Number.NEGATIVE_INFINITY,
    attention: attention?.[row],
  }));
  tf.dispose(stepped.read);
  return { next: stepped.next, rows };
}

/** Of the token that must follow each path; of any token where none must. */
function forcedLogProbabilities(
  logits: tf.Tensor2D,
  suppressed: tf.Tensor1D,
  paths: readonly Path[],
): tf.Tensor1D {
  const tokens = paths.map(({ next }) => next.forced ?? 0);
  return logProbabilitiesOf(tf.add(logits, suppressed), tf.tensor1d(tokens, "int32"));
}

function noAttention(): AttendError {
  return new AttendError(
    "BAD_ARGUMENT",
    "coveragePenalty is given, but the decoder does not tell where it looks; leave it out",
  );
}
