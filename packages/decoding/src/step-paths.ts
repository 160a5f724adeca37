import { AttendError, softmaxTopK, tf } from "@attend/runtime";
import type { StepRow } from "./beam.ts";
import type { Decoder, DecoderState } from "./decoder.ts";
import type { Path } from "./path.ts";
import { logProbabilitiesOf, rowsIn } from "./state.ts";

interface StepRequest {
  /** Number of allowed tokens per row. */
  readonly count: number;
  /** `[vocabulary]`, added to the logits. */
  readonly suppressed: tf.Tensor1D;
  readonly attention: "none" | "optional" | "required";
}

/**
 * One step of the decoder with the last token of each path. Only the most likely tokens are read back:
 * the requested number, plus as many as are forbidden.
 *
 * @param paths the path of each row of the state
 * @returns the next state, which the caller owns, and the result for each row
 * @throws AttendError `BAD_ARGUMENT` if the coverage penalty requires attention and there is none
 */
export function stepPaths<Encoding, State extends DecoderState>(
  decoder: Decoder<Encoding, State>,
  state: State,
  paths: readonly Path[],
  request: StepRequest,
): { next: State; rows: StepRow[] } {
  const skipped = Math.max(...paths.map(({ next }) => next.forbidden.size));
  const count = Math.min(request.count + skipped, decoder.vocabularySize);
  const anyForced = paths.some(({ next }) => next.forced !== undefined);
  const stepped = tf.tidy(() => {
    const last = tf.tensor1d(
      paths.map(({ token }) => token),
      "int32",
    );
    const { logits, state: next, attention } = decoder.step(last, state);
    if (request.attention === "required" && attention === undefined) throw noAttention();
    const best = softmaxTopK(logits, request.suppressed, count);
    const forced = anyForced ? [forcedLogProbabilities(logits, request.suppressed, paths)] : [];
    const weights = request.attention === "none" || attention === undefined ? [] : [attention];
    return { next, results: { best, forced, weights } };
  });
  const { best, forced, weights } = stepped.results;
  const probabilities = rowsIn(best.probabilities);
  const forcedValues = forced[0]?.dataSync();
  const attention = weights[0] && rowsIn(weights[0]);
  const rows = rowsIn(best.indices).map((tokens, row) => ({
    tokens,
    probabilities: probabilities[row] ?? [],
    forced: forcedValues?.[row] ?? Number.NEGATIVE_INFINITY,
    attention: attention?.[row],
  }));
  tf.dispose(stepped.results);
  return { next: stepped.next, rows };
}

/** The log-probability of each path's forced token, or of an arbitrary token if there is none. */
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
    "coveragePenalty requires a decoder with attention; omit it",
  );
}
